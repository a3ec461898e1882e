"""What the tabs Version, Metadata and Usage of a version show, inside its frame."""

import json
from dataclasses import dataclass

from django.db.models import Count, Min

from registry import policies
from registry.core.json_rows import JsonRow, flatten, tree_rows
from registry.core.viewer import Viewer
from registry.models import Artifact, ArtifactTag, CollectionMembership, Edge, User
from registry.models.projects import visible_project
from registry.queries.artifact_pages import ArtifactFrame
from registry.queries.neighbours import Neighbours, derivations
from registry.queries.paging import Order, Page, paginate
from registry.queries.places import Place, place_of
from registry.queries.refs import RunRow, Use, named_places, run_row

PAGE = 50
MOST_GROUPS = 50
METADATA_ROWS = 1000
LONG_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Link:
    """A place in a portfolio or a registry where the version is linked."""

    place: Place
    type_name: str
    collection: str
    label: str


@dataclass(frozen=True, slots=True)
class GlanceSide:
    """The runs on one side of a version, for the strip of cards. With one run, its own name and address."""

    run_count: int = 0
    job_types: tuple[str, ...] = ()
    run_name: str = ""
    run_uid: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class VersionTab:
    """What the Version tab shows beside the frame. `can_describe`: tags and description belong to the source."""

    tags: tuple[str, ...]
    links: tuple[Link, ...]
    producers: GlanceSide
    consumers: GlanceSide
    author: User | None
    logged_by: RunRow | None
    derived_from: Neighbours
    basis_of: Neighbours
    can_describe: bool


@dataclass(frozen=True, slots=True)
class MetadataTab:
    """The metadata as rows of a tree, as the leaves that match `q`, and as its JSON text.

    `next_start` is where the rows go on, None at the end.
    """

    rows: tuple[JsonRow, ...]
    text: str
    start: int
    next_start: int | None
    q: str

    @property
    def is_long(self) -> bool:
        return len(self.text) > LONG_TEXT


@dataclass(frozen=True, slots=True)
class UsageTab:
    """The runs that logged and that used the version, newest first."""

    producers: Page[RunRow]
    consumers: Page[Use]
    producer_count: int
    consumer_count: int


def get_version_tab(*, viewer: Viewer, frame: ArtifactFrame) -> VersionTab:
    artifact = frame.artifact
    links = (
        CollectionMembership.objects.filter(
            visible_project(viewer, "collection__project__"), artifact=artifact, collection__deleted_at=None
        )
        .select_related("collection__project__entity")
        .order_by("collection__name", "pk")[:PAGE]
    )
    sides = _glance(viewer, artifact.pk)
    origins, others = derivations(viewer, artifact.pk)
    made = Artifact.objects.select_related(
        "created_by", "created_by_run__group", "created_by_run__created_by", "created_by_run__project__entity"
    ).get(pk=artifact.pk)
    run = made.created_by_run
    if run is not None and not policies.can_view_project(viewer, run.project):
        run = None
    return VersionTab(
        tags=tuple(ArtifactTag.objects.filter(artifact=artifact).order_by("name").values_list("name", flat=True)),
        links=tuple(
            Link(place_of(link.collection.project), link.collection.type_name, link.collection.name, f"v{link.version}")
            for link in links
        ),
        producers=sides[Edge.Direction.LOGGED],
        consumers=sides[Edge.Direction.USED],
        author=made.created_by,
        logged_by=run_row(run, place_of(run.project)) if run is not None else None,
        derived_from=origins,
        basis_of=others,
        can_describe=not frame.is_deleted and _can_write_source(viewer, frame),
    )


def _can_write_source(viewer: Viewer, frame: ArtifactFrame) -> bool:
    if frame.is_portfolio:
        return policies.can_write_project(viewer, frame.artifact.collection.project)
    return frame.project.can_write


def _glance(viewer: Viewer, artifact_id: int) -> dict[int, GlanceSide]:
    groups = list(
        Edge.objects.filter(visible_project(viewer, "run__project__"), artifact_id=artifact_id)
        .values("direction", "run_group__job_type")
        .annotate(
            count=Count("pk"),
            name=Min("run__name"),
            uid=Min("run__uid"),
            project=Min("run__project_id"),
            project_name=Min("run__project__name"),
            entity_name=Min("run__project__entity__name"),
        )
        .order_by("-count", "run_group__job_type")[:MOST_GROUPS]
    )
    sides = {}
    for direction in Edge.Direction:
        mine = [group for group in groups if group["direction"] == direction]
        total = sum(group["count"] for group in mine)
        one = mine[0] if total == 1 else None
        sides[direction.value] = GlanceSide(
            run_count=total,
            job_types=tuple(group["run_group__job_type"] for group in mine),
            run_name=one["name"] if one else "",
            run_uid=one["uid"] if one else "",
            place=Place(one["project"], one["entity_name"], one["project_name"]) if one else None,
        )
    return sides


def metadata_tab(frame: ArtifactFrame, *, q: str = "", start: int = 0) -> MetadataTab:
    """Return the metadata of the frame's version, or the leaves of it that contain `q`; no query."""
    metadata = frame.artifact.metadata
    most = METADATA_ROWS + 1
    rows = flatten(metadata, most=most, start=start, q=q) if q else tree_rows(metadata, most=most, start=start)
    return MetadataTab(
        rows=rows[:METADATA_ROWS],
        text=json.dumps(metadata, indent=2, ensure_ascii=False),
        start=start,
        next_start=start + METADATA_ROWS if len(rows) > METADATA_ROWS else None,
        q=q,
    )


def get_usage_tab(
    *, viewer: Viewer, frame: ArtifactFrame, producers_after: str = "", consumers_after: str = ""
) -> UsageTab:
    counts = dict(
        Edge.objects.filter(visible_project(viewer, "run__project__"), artifact=frame.artifact)
        .values_list("direction")
        .annotate(Count("pk"))
    )
    producers = _edges(viewer, frame, Edge.Direction.LOGGED, producers_after)
    consumers = _edges(viewer, frame, Edge.Direction.USED, consumers_after)
    named = named_places(viewer, consumers.items)
    uses = [Use(_row(edge), tuple(edge.aliases or ()), named.get(edge.pk, ())) for edge in consumers.items]
    return UsageTab(
        producers=Page([_row(edge) for edge in producers.items], producers.cursors, producers.has_next),
        consumers=Page(uses, consumers.cursors, consumers.has_next),
        producer_count=counts.get(Edge.Direction.LOGGED, 0),
        consumer_count=counts.get(Edge.Direction.USED, 0),
    )


def _edges(viewer: Viewer, frame: ArtifactFrame, direction: Edge.Direction, after: str) -> Page[Edge]:
    edges = Edge.objects.filter(
        visible_project(viewer, "run__project__"), artifact=frame.artifact, direction=direction
    ).select_related("run__group", "run__created_by", "run__project__entity")
    return paginate(edges, kind=f"runs {direction.label}", order=Order("pk", descending=True), first=PAGE, after=after)


def _row(edge: Edge) -> RunRow:
    return run_row(edge.run, place_of(edge.run.project))
