"""What two versions have apart in their lineage, one hop to each side: inputs, producers, consumers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from registry import policies
from registry.core.viewer import Viewer
from registry.models import Artifact, Edge, Run
from registry.models.projects import visible_project
from registry.queries.places import Place, place_of

MOST_EDGES = 2000
SHOWN = 20


@dataclass(frozen=True, slots=True)
class LineageRef:
    """A version or a run. Without a place there is nothing that the viewer may open."""

    place: Place | None
    name: str
    kind: str
    type_name: str = ""
    collection: str = ""
    label: str = ""
    uid: str = ""


@dataclass(frozen=True, slots=True)
class Apart:
    """Neighbours of one sort, with counts; the lists hold the first 20 of each."""

    title: str
    only_left: tuple[LineageRef, ...]
    only_right: tuple[LineageRef, ...]
    common: tuple[LineageRef, ...]
    left_count: int
    right_count: int
    common_count: int

    @property
    def is_empty(self) -> bool:
        return not (self.left_count or self.right_count or self.common_count)


@dataclass(frozen=True, slots=True)
class LineageDiff:
    """`has_others` tells of inputs that the viewer may not see. Cut: one side has more neighbours than are compared."""

    sorts: tuple[Apart, ...]
    has_others: bool
    is_cut: bool

    @property
    def left_count(self) -> int:
        return sum(one.left_count for one in self.sorts)

    @property
    def right_count(self) -> int:
        return sum(one.right_count for one in self.sorts)

    @property
    def common_count(self) -> int:
        return sum(one.common_count for one in self.sorts)


def lineage_diff(viewer: Viewer, left: int, right: int) -> LineageDiff:
    """Compare the neighbours of two versions that the viewer may see, in at most three queries."""
    edges = list(
        Edge.objects.filter(visible_project(viewer, "run__project__"), artifact_id__in=[left, right])
        .select_related("run__group", "run__project__entity")
        .order_by("-pk")[: MOST_EDGES + 1]
    )
    runs = {edge.run_id: _run_ref(edge.run) for edge in edges}
    producers = [_ends(edges, side, Edge.Direction.LOGGED) for side in (left, right)]
    consumers = [_ends(edges, side, Edge.Direction.USED) for side in (left, right)]
    uses = list(
        Edge.objects.filter(run_id__in=producers[0] | producers[1], direction=Edge.Direction.USED)
        .select_related("artifact__collection__project__entity")
        .order_by("-pk")[: MOST_EDGES + 1]
    )
    shown = _visible(viewer, uses)
    inputs = {edge.artifact_id: _artifact_ref(viewer, edge.artifact) for edge in uses if edge.artifact_id in shown}
    made_from = [{edge.artifact_id for edge in uses if edge.run_id in side} & shown for side in producers]
    return LineageDiff(
        sorts=(
            _apart("Made from", inputs, made_from),
            _apart("Logged by", runs, producers),
            _apart("Used by", runs, consumers),
        ),
        has_others=any(edge.artifact_id not in shown for edge in uses),
        is_cut=len(edges) > MOST_EDGES or len(uses) > MOST_EDGES,
    )


def _ends(edges: Iterable[Edge], artifact_id: int, direction: Edge.Direction) -> set[int]:
    return {edge.run_id for edge in edges if edge.artifact_id == artifact_id and edge.direction == direction}


def _visible(viewer: Viewer, uses: Sequence[Edge]) -> set[int]:
    """Return the versions that the viewer may see, with a query only for those of projects that are not open."""
    is_open = {edge.artifact_id: policies.can_view_project(viewer, edge.artifact.collection.project) for edge in uses}
    closed = [artifact_id for artifact_id, seen in is_open.items() if not seen]
    granted = (
        set(Artifact.objects.visible_to(viewer).filter(pk__in=closed).values_list("pk", flat=True)) if closed else ()
    )
    return {artifact_id for artifact_id, seen in is_open.items() if seen} | set(granted)


def _apart(title: str, refs: dict[int, LineageRef], sides: Sequence[set[int]]) -> Apart:
    left, right = sides

    def first(keys: set[int]) -> tuple[LineageRef, ...]:
        return tuple(sorted((refs[key] for key in keys), key=lambda ref: (ref.name, ref.uid))[:SHOWN])

    return Apart(
        title=title,
        only_left=first(left - right),
        only_right=first(right - left),
        common=first(left & right),
        left_count=len(left - right),
        right_count=len(right - left),
        common_count=len(left & right),
    )


def _run_ref(run: Run) -> LineageRef:
    return LineageRef(place_of(run.project), run.name, run.group.job_type or "run", uid=run.uid)


def _artifact_ref(viewer: Viewer, artifact: Artifact) -> LineageRef:
    collection = artifact.collection
    place = place_of(collection.project) if policies.can_view_project(viewer, collection.project) else None
    return LineageRef(
        place,
        f"{collection.name}:{artifact}",
        collection.type_name,
        collection.type_name,
        collection.name,
        str(artifact),
    )
