"""References from one page to another: a version or a run as a line with a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef

from registry import policies
from registry.core import clock
from registry.core.viewer import Viewer
from registry.models import Alias, Artifact, Edge, ProtectedAlias, Run, UsePath
from registry.queries.places import Place, place_of
from registry.queries.versions import AliasMark


@dataclass(frozen=True, slots=True)
class ArtifactRef:
    """A version by name. Without a place its project is not for the viewer, and there is nothing to link to.

    `held` are the aliases that it had when the run used it, `named_in` the places by whose path it was named.
    """

    artifact_id: int
    place: Place | None
    type_name: str
    collection: str
    label: str
    is_deleted: bool
    aliases: tuple[AliasMark, ...] = ()
    held: tuple[str, ...] = ()
    named_in: tuple[Place, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.collection}:{self.label}"


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in a list."""

    run_id: int
    place: Place
    uid: str
    name: str
    state: str
    job_type: str
    author: str
    started_at: datetime
    duration_seconds: float
    tags: tuple[str, ...]
    is_deleted: bool
    alert_count: int = 0


@dataclass(frozen=True, slots=True)
class Use:
    """A run that used a version, the aliases that the version held then, the places by whose path it was named."""

    run: RunRow
    held: tuple[str, ...]
    named_in: tuple[Place, ...]


def run_row(run: Run, place: Place, alert_count: int = 0) -> RunRow:
    """Make the row of a run whose group and creator are loaded."""
    return RunRow(
        run_id=run.pk,
        place=place,
        uid=run.uid,
        name=run.name,
        state=run.shown_state(clock.now()),
        job_type=run.group.job_type,
        author=run.created_by.get_full_name() if run.created_by else "",
        started_at=run.created_at,
        duration_seconds=run_seconds(run),
        tags=tuple(str(tag) for tag in run.tags or ()),
        is_deleted=run.deleted_at is not None,
        alert_count=alert_count,
    )


def run_seconds(run: Run) -> float:
    """Return how long the run took: up to now while it is going, to its last sign of life when it was lost."""
    now = clock.now()
    is_going = run.shown_state(now) == Run.State.RUNNING
    end = now if is_going else run.ended_at or run.heartbeat_at
    return (end - run.created_at).total_seconds()


def artifact_refs(viewer: Viewer, edges: Sequence[Edge]) -> tuple[list[ArtifactRef], bool]:
    """Return the versions at the ends of edges that the viewer may see, and whether there are others.

    The edges come with their artifact, its collection, project and entity. At most three queries.
    """
    open_ids = {
        edge.artifact_id for edge in edges if policies.can_view_project(viewer, edge.artifact.collection.project)
    }
    linked = [edge.artifact_id for edge in edges if edge.artifact_id not in open_ids]
    granted: set[int] = set()
    if linked:
        granted = set(Artifact.objects.visible_to(viewer).filter(pk__in=linked).values_list("pk", flat=True))
    shown = [edge for edge in edges if edge.artifact_id in open_ids | granted]
    marks = _own_aliases([edge.artifact_id for edge in shown])
    named = named_places(viewer, shown)
    refs = [
        ArtifactRef(
            artifact_id=edge.artifact_id,
            place=place_of(edge.artifact.collection.project) if edge.artifact_id in open_ids else None,
            type_name=edge.artifact.collection.type_name,
            collection=edge.artifact.collection.name,
            label=str(edge.artifact),
            is_deleted=edge.artifact.is_deleted,
            aliases=tuple(marks.get(edge.artifact_id, ())),
            held=tuple(edge.aliases or ()) if edge.direction == Edge.Direction.USED else (),
            named_in=named.get(edge.pk, ()),
        )
        for edge in shown
    ]
    return refs, len(shown) < len(edges)


def named_places(viewer: Viewer, edges: Sequence[Edge]) -> dict[int, tuple[Place, ...]]:
    """Return by edge the places by whose path the runs named their inputs, as far as the viewer may see them."""
    used = [edge.pk for edge in edges if edge.direction == Edge.Direction.USED]
    paths = UsePath.objects.filter(edge__in=used, project__isnull=False).select_related("project__entity")
    found: dict[int, tuple[Place, ...]] = {}
    for path in paths.order_by("pk") if used else ():
        if path.project is not None and policies.can_view_project(viewer, path.project):
            found[path.edge_id] = (*found.get(path.edge_id, ()), place_of(path.project))
    return found


def _own_aliases(artifact_ids: list[int]) -> dict[int, list[AliasMark]]:
    """Return the aliases that versions hold in their own sequence."""
    protected = ProtectedAlias.objects.filter(project_id=OuterRef("collection__project_id"), name=OuterRef("name"))
    rows = (
        Alias.objects.filter(artifact_id__in=artifact_ids, collection_id=F("artifact__collection_id"))
        .annotate(is_protected=Exists(protected))
        .order_by("name")
        .values_list("artifact_id", "name", "is_protected")
    )
    marks: dict[int, list[AliasMark]] = {}
    for artifact_id, name, is_protected in rows:
        marks.setdefault(artifact_id, []).append(AliasMark(name, is_protected))
    return marks
