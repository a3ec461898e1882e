"""The edges of the lineage graph: a run used a version, a run logged a version."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from registry import policies
from registry.core import names
from registry.core.errors import InvalidInput, NotFound
from registry.core.viewer import Viewer
from registry.models import Alias, Artifact, Edge, Project, Run, UsePath

MAX_EDGES_OF_RUN = 10_000


@transaction.atomic
def record_input(
    *, viewer: Viewer, run: Run, artifact: Artifact, entity_name: str | None = None, project_name: str | None = None
) -> Edge:
    """Record that the run used the version, named by the path of a project, which may be a registry.

    Using it again adds at most another path. The edge keeps the aliases that the version held the first time.
    Raises `InvalidInput` for an eleventh thousand of inputs.
    """
    policies.require_write(viewer, run.project)
    if artifact.state != Artifact.State.COMMITTED:
        raise NotFound("Only a version that is saved and not deleted can be used.")
    edge = _ensure_edge(run, artifact, Edge.Direction.USED, held_aliases(artifact))
    if entity_name and project_name:
        entity_name, project_name = names.clean_entity(entity_name), names.clean_project(project_name)
        only_for_new: dict[str, Any] = {"project": lambda: _project(entity_name, project_name)}
        UsePath.objects.get_or_create(
            edge=edge, entity_name=entity_name, project_name=project_name, defaults=only_for_new
        )
    return edge


def _project(entity_name: str, project_name: str) -> Project | None:
    """Return the project of that path, which the viewer need not see: a path tells where it leads only to who does."""
    rows = Project.objects.filter(entity__name_key=names.key(entity_name), name_key=names.key(project_name))
    return rows.first()


@transaction.atomic
def record_output(*, viewer: Viewer, run: Run, artifact: Artifact) -> Edge:
    """Record that the run logged the version; again changes nothing. A run may both use and log a version."""
    policies.require_write(viewer, run.project)
    return _ensure_edge(run, artifact, Edge.Direction.LOGGED, [])


def lock_runs(run_ids: Iterable[int]) -> list[Run]:
    """Return the runs, locked until the transaction ends. The order of locks is run, collection, artifact, always.

    Foreign keys are checked when a transaction ends: one that took its run late could then wait for an artifact whose
    holder waits for the run.
    """
    ids = list(run_ids)
    locked = list(Run.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")) if ids else []
    projects = Project.objects.select_related("entity").in_bulk({run.project_id for run in locked})
    for run in locked:
        run.project = projects[run.project_id]
    return locked


def held_aliases(artifact: Artifact) -> list[str]:
    """Return the aliases that the version has in its own sequence."""
    held = Alias.objects.filter(collection_id=artifact.collection_id, artifact=artifact)
    return sorted(held.values_list("name", flat=True))


def _ensure_edge(run: Run, artifact: Artifact, direction: Edge.Direction, aliases: list[str]) -> Edge:
    # under the lock the job type stands still, which the edge repeats
    locked = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
    edge = Edge.objects.filter(run=locked, direction=direction, artifact=artifact).first()
    if edge is not None:
        return edge
    if Edge.objects.filter(run=locked, direction=direction).count() >= MAX_EDGES_OF_RUN:
        what = "uses" if direction == Edge.Direction.USED else "has logged"
        raise InvalidInput(
            f"The run {run.uid!r} already {what} {MAX_EDGES_OF_RUN} artifact versions, which is the limit."
        )
    return Edge.objects.create(
        run=locked,
        artifact=artifact,
        direction=direction,
        run_group_id=locked.group_id,
        collection_id=artifact.collection_id,
        aliases=aliases,
    )
