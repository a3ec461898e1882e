"""What the page of one run shows."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from registry.core import clock
from registry.core.errors import NotFound
from registry.core.json_rows import JsonRow, flatten
from registry.core.viewer import Viewer
from registry.models import Edge, Run, RunAlert, RunStreamLine
from registry.queries.paging import Order, paginate
from registry.queries.places import Place, ProjectFrame, get_project
from registry.queries.refs import ArtifactRef, artifact_refs, run_seconds
from registry.queries.trees import Tree, open_tree

PAGE = 50
CONSOLE_LINES = 200
MOST_ALERTS = 20
LONGEST_LINE = 2000
# colours and cursor movements of a terminal, and other control characters
_CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


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
class Console:
    """The last lines that the run wrote, and how many it wrote in all."""

    lines: tuple[str, ...] = ()
    line_count: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class RunPage:
    """What the overview of a run shows beside its frame."""

    inputs: RefPage
    outputs: RefPage
    config: tuple[JsonRow, ...]
    summary: tuple[JsonRow, ...]
    config_text: dict[str, Any]
    summary_text: dict[str, Any]
    console: Console
    alerts: tuple[RunAlert, ...]
    alert_count: int
    q: str


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


def get_run_page(
    *, viewer: Viewer, frame: RunFrame, inputs_after: str = "", outputs_after: str = "", q: str = ""
) -> RunPage:
    """Return the inputs, outputs, alerts and console of a run whose frame the viewer has, its config and summary.

    With `q` the last two hold only what contains it.
    """
    config = config_values(frame.run.config)
    alerts = RunAlert.objects.filter(run=frame.run).order_by("-pk")
    newest = tuple(alerts[:MOST_ALERTS])
    summary = {key: value for key, value in _mapping(frame.run.summary).items() if key != "_wandb"}
    return RunPage(
        inputs=_refs(viewer, frame.run, Edge.Direction.USED, inputs_after),
        outputs=_refs(viewer, frame.run, Edge.Direction.LOGGED, outputs_after),
        config=flatten(config, q=q),
        summary=flatten(summary, q=q),
        config_text=config,
        summary_text=summary,
        console=_console(frame.run),
        alerts=newest,
        alert_count=len(newest) if len(newest) < MOST_ALERTS else alerts.count(),
        q=q,
    )


def _console(run: Run) -> Console:
    written = RunStreamLine.objects.filter(run=run, stream=RunStreamLine.Stream.OUTPUT).order_by("-number")
    last = list(written.values_list("number", "content")[:CONSOLE_LINES])
    if not last:
        return Console()
    return Console(tuple(_shown_line(content) for _, content in reversed(last)), last[0][0] + 1)


def _shown_line(content: str) -> str:
    """Return a line as a terminal leaves it: what a progress bar wrote last, without colours."""
    return _CONTROLS.sub("", content.rstrip("\r\n").rpartition("\r")[2])[:LONGEST_LINE]


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
