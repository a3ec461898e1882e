"""Changes to runs. Not audited: a run's own stream is its history, and telemetry would drown the log."""

import hashlib
import secrets
import string
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from registry import policies
from registry.core import clock, names
from registry.core.errors import Conflict, InvalidInput
from registry.core.text import clean_json, clean_text, storable_text
from registry.core.viewer import Viewer
from registry.models import Edge, Entity, Project, Run, RunGroup
from registry.services.projects import ensure_project
from registry.services.run_branches import inherit_history

_ADJECTIVES = (  # noqa: SIM905 - words are read, not punctuation
    "amber brave bright calm clear crisp dawn eager fancy gentle glad golden happy jolly kind lively lucky mellow "
    "misty noble polar proud quick quiet rapid rosy serene silver sleek smooth snowy sunny swift vivid warm young"
).split()
_NOUNS = (  # noqa: SIM905 - as above
    "brook cedar cloud comet coral creek dew dune elm falcon fern field finch forest glade grove harbor hill island "
    "lake leaf maple meadow moon mountain ocean owl pine planet pond rain reef ridge river sky snow spring star "
    "stone stream sun thunder tree valley water wave wind wood"
).split()
_STATES = {state.value: state for state in Run.State} | {"pending": Run.State.RUNNING}
_MAX_TAGS = 1000


@dataclass(frozen=True, slots=True)
class RunChange:
    """What an upsert says about a run; None leaves a field as it is."""

    job_type: str | None = None
    name: str | None = None
    group_name: str | None = None
    notes: str | None = None
    description: str | None = None
    tags: list[str] | None = None
    config: str | None = None
    summary: str | None = None
    state: str | None = None
    program: str | None = None
    host: str | None = None
    commit: str | None = None
    repo: str | None = None
    sweep_name: str | None = None

    @property
    def starts_a_process(self) -> bool:
        """Only the first upsert of a process carries where it runs; later ones, and edits by others, do not."""
        return self.host is not None or self.program is not None


@transaction.atomic
def upsert_run(*, viewer: Viewer, entity: Entity, project_name: str, uid: str, change: RunChange) -> tuple[Run, bool]:
    """Return the run of that id and whether it is new, after applying the change; its project is made if missing.

    A run that had ended is going again when a new process starts on it. A new one that was forked begins with the
    history of its origin.
    """
    uid = names.clean_run_uid(uid)
    _refuse_misplaced_registry(entity, project_name)
    project = ensure_project(viewer=viewer, entity=entity, name=project_name)
    policies.require_write(viewer, project)
    fields = _cleaned(change)
    group = _group(project, change.job_type or "")
    run, created = Run.objects.get_or_create(
        project=project,
        uid=uid,
        defaults={
            "group": group,
            "name": fields.pop("name", None) or display_name(project, uid),
            "created_by_id": viewer.user_id,
            **fields,
        },
    )
    if created:
        run.project = project
        inherit_history(run=run)
        return run, True
    return _changed(run, project, change), False


@transaction.atomic
def mark_failed(*, viewer: Viewer, run: Run) -> bool:
    """End a run that was lost; False when it has already failed. Raises `Conflict` for one that ended otherwise."""
    policies.require_write(viewer, run.project)
    run = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.state == Run.State.FAILED:
        return False
    if run.state != Run.State.RUNNING:
        raise Conflict(f"The run {run.uid!r} is {run.state}: only a run that has not ended can be marked as failed.")
    run.state, run.finished_at = Run.State.FAILED, clock.now()
    run.save(update_fields=["state", "finished_at"])
    return True


@transaction.atomic
def change_run(*, viewer: Viewer, run: Run, change: RunChange) -> Run:
    """Apply the change to a run that exists."""
    policies.require_write(viewer, run.project)
    return _changed(run, run.project, change)


def _changed(run: Run, project: Project, change: RunChange) -> Run:
    run = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
    run.project = project
    fields = _cleaned(change)
    if run.deleted_at is not None:
        raise InvalidInput(f"The run {run.uid!r} was deleted; use another id.")
    if change.starts_a_process and change.state is None and run.state != Run.State.RUNNING:
        fields |= {"state": Run.State.RUNNING, "finished_at": None, "exit_code": None, "stop_requested": False}
    if "config" in fields and run.branch_point is not None:
        _keep_branch_point(run.config, fields["config"])
    fields["heartbeat_at"] = clock.now()
    if change.job_type is not None and run.group.job_type != change.job_type:
        fields["group"] = _group(project, change.job_type)
        Edge.objects.filter(run=run).update(run_group=fields["group"])
    for name, value in fields.items():
        setattr(run, name, value)
    run.save(update_fields=list(fields))
    return run


def _keep_branch_point(old: dict[str, Any], new: dict[str, Any]) -> None:
    """The SDK forgets the moment from which a run went on when the run is resumed."""
    kept = new.setdefault("_wandb", {"value": {}})
    values = kept.get("value") if isinstance(kept, dict) else None
    if isinstance(values, dict):
        values.setdefault("branch_point", old["_wandb"]["value"]["branch_point"])


def _group(project: Project, job_type: str) -> RunGroup:
    job_type = names.clean_label("A job type", job_type) if job_type else ""
    group, _ = RunGroup.objects.get_or_create(project=project, job_type=job_type)
    return group


def _cleaned(change: RunChange) -> dict[str, Any]:
    """Return the given fields in storable form: what the SDK fills in is cut to fit, what people write is checked."""
    fields = _labels(change)
    if change.notes is not None:
        fields["notes"] = clean_text("notes", change.notes)
    if change.description is not None:
        fields["description"] = clean_text("description", change.description)
    for column in ("config", "summary"):
        text = getattr(change, column)
        if text is not None:
            fields[column] = _object(column, text)
    for column, limit in (("program", 512), ("host", 255), ("commit", 128), ("repo", 512), ("sweep_name", 128)):
        text = getattr(change, column)
        if text is not None:
            fields[column] = storable_text(text)[:limit]
    return fields


def _labels(change: RunChange) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if change.name:
        fields["name"] = names.clean_label("A run name", change.name)
    if change.group_name is not None:
        fields["group_name"] = names.clean_label("A group", change.group_name) if change.group_name else ""
    if change.tags is not None:
        fields["tags"] = _tags(change.tags)
    if change.state is not None:
        fields["state"] = _state(change.state)
    return fields


def _tags(tags: list[str]) -> list[str]:
    if len(tags) > _MAX_TAGS:
        raise InvalidInput(f"A run has at most {_MAX_TAGS} tags.")
    return [names.clean_label("A tag", tag) for tag in tags]


def _object(what: str, text: str) -> dict[str, Any]:
    parsed = clean_json(what, text)
    if not isinstance(parsed, dict):
        raise InvalidInput(f"{what} must be a JSON object.")
    return parsed


def _state(text: str) -> Run.State:
    try:
        return _STATES[text]
    except KeyError:
        raise InvalidInput(f"{text[:60]!r} is not the state of a run; use one of {', '.join(_STATES)}.") from None


def _refuse_misplaced_registry(entity: Entity, project_name: str) -> None:
    if names.is_registry_project(project_name) and entity.kind != Entity.Kind.ORGANISATION:
        raise InvalidInput(
            f"{project_name!r} is a registry: registries belong to an organisation, not to {entity.name!r}."
        )


def new_run_uid() -> str:
    """Return a fresh id of the form that the SDK makes itself: eight small letters and digits."""
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(8))


def display_name(project: Project, uid: str) -> str:
    """Return a name like `quiet-river-12`: the words follow from the id, the number counts the project's runs."""
    digest = hashlib.sha256(f"{project.pk} {uid}".encode()).digest()
    adjective, noun = _ADJECTIVES[digest[0] % len(_ADJECTIVES)], _NOUNS[digest[1] % len(_NOUNS)]
    return f"{adjective}-{noun}-{Run.objects.filter(project=project).count() + 1}"
