"""What the pages of runs show: the table of a project, and one run."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from registry.core import clock
from registry.core.errors import NotFound
from registry.core.json_rows import JsonRow, flatten
from registry.core.viewer import Viewer
from registry.models import Edge, Run
from registry.queries.paging import Order, Page, paginate
from registry.queries.places import Place, ProjectFrame, get_project
from registry.queries.refs import ArtifactRef, RunRow, artifact_refs, run_row, run_seconds
from registry.queries.trees import Tree, open_tree

PAGE = 50


@dataclass(frozen=True, slots=True)
class RunFrame:
    """What stands around every tab of a run."""

    project: ProjectFrame
    tree: Tree
    run: Run = field(repr=False)
    state: str = ""

    @property
    def place(self) -> Place:
        return self.project.place

    @property
    def run_id(self) -> int:
        return self.run.pk

    @property
    def job_type(self) -> str:
        return self.run.group.job_type

    @property
    def duration_seconds(self) -> float:
        return run_seconds(self.run)


@dataclass(frozen=True, slots=True)
class RefPage:
    """Versions that a run used or logged. `has_others` tells of some that the viewer may not see."""

    refs: list[ArtifactRef]
    has_others: bool
    after: str


@dataclass(frozen=True, slots=True)
class RunPage:
    """What the overview of a run shows beside its frame."""

    inputs: RefPage
    outputs: RefPage
    config: tuple[JsonRow, ...]
    summary: tuple[JsonRow, ...]
    config_text: dict[str, Any]
    summary_text: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunList:
    """The table of a project's runs beside the sidebar."""

    project: ProjectFrame
    tree: Tree
    runs: Page[RunRow]


def get_run_frame(*, viewer: Viewer, entity: str, project: str, uid: str) -> RunFrame:
    """Return the frame of a run; a deleted one still has its page. Raises `NotFound`."""
    frame = get_project(viewer=viewer, entity=entity, project=project)
    run = (
        Run.objects.select_related("group", "created_by", "deleted_by")
        .filter(project_id=frame.place.project_id, uid=unicodedata.normalize("NFC", uid))
        .first()
    )
    if run is None:
        raise NotFound(f"There is no run {uid} in {entity}/{project}, or you may not see it.")
    return RunFrame(project=frame, tree=open_tree(frame.place), run=run, state=run.shown_state(clock.now()))


def get_run_page(*, viewer: Viewer, frame: RunFrame, inputs_after: str = "", outputs_after: str = "") -> RunPage:
    """Return the inputs, outputs, config and summary of a run whose frame the viewer has."""
    config = config_values(frame.run.config)
    summary = {key: value for key, value in _mapping(frame.run.summary).items() if key != "_wandb"}
    return RunPage(
        inputs=_refs(viewer, frame.run, Edge.Direction.USED, inputs_after),
        outputs=_refs(viewer, frame.run, Edge.Direction.LOGGED, outputs_after),
        config=flatten(config),
        summary=flatten(summary),
        config_text=config,
        summary_text=summary,
    )


def config_values(config: Any) -> dict[str, Any]:
    """Return the config without the SDK's wrapping: every key maps to `{"value": …}`, `_wandb` is its own."""
    return {
        key: value["value"] if isinstance(value, dict) and "value" in value else value
        for key, value in _mapping(config).items()
        if key != "_wandb"
    }


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _refs(viewer: Viewer, run: Run, direction: Edge.Direction, after: str) -> RefPage:
    edges = Edge.objects.filter(run=run, direction=direction).select_related("artifact__collection__project__entity")
    page = paginate(edges, kind=f"edges {direction.label}", order=Order("pk"), first=PAGE, after=after)
    refs, has_others = artifact_refs(viewer, page.items)
    return RefPage(refs=refs, has_others=has_others, after=page.end_cursor or "" if page.has_next else "")


def list_runs(
    *, viewer: Viewer, entity: str, project: str, q: str = "", state: str = "", after: str | None = None
) -> RunList:
    """Return the runs of a project, newest first, of one recorded state when it is given."""
    frame = get_project(viewer=viewer, entity=entity, project=project)
    return RunList(frame, open_tree(frame.place), recent_runs(frame, q=q, state=state, after=after))


def recent_runs(
    project: ProjectFrame, *, q: str = "", state: str = "", after: str | None = None, first: int = PAGE
) -> Page[RunRow]:
    """Return runs of a project that the viewer may see, newest first. One query."""
    rows = Run.objects.present().filter(project_id=project.place.project_id).select_related("group", "created_by")
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(uid__icontains=q) | Q(group__job_type__icontains=q))
    if state:
        rows = rows.filter(state=state)
    page = paginate(rows, kind="runs", order=Order("created_at", descending=True), first=first, after=after)
    items = [run_row(run, project.place) for run in page.items]
    return Page(items=items, cursors=page.cursors, has_next=page.has_next)
