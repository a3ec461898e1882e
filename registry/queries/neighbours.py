"""Runs and versions at the other end of an edge or of a reference, as lines with a link."""

from dataclasses import dataclass

from django.db.models import QuerySet

from registry import policies
from registry.core import clock
from registry.core.viewer import Viewer
from registry.lineage.graph import Kind, NodeRef
from registry.models import Artifact, ArtifactReference, Edge, Run
from registry.queries.places import Place, place_of

MOST_NEIGHBOURS = 12
_MOST_REFERENCES = 200


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A run or version. Without a place its project is not for the viewer, and there is nothing to link to."""

    key: str
    kind: str
    name: str
    type_name: str
    place: Place | None
    state: str = ""
    collection: str = ""
    version: str = ""
    run_uid: str = ""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The first neighbours of a node in one direction, and how many there are that the viewer may see."""

    rows: tuple[Neighbour, ...] = ()
    total: int = 0

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def versions_of(viewer: Viewer, run: Run, direction: Edge.Direction) -> Neighbours:
    """Return what the run used or logged, the newest first."""
    edges = Edge.objects.filter(run=run, direction=direction, artifact__in=_seen(viewer))
    rows = edges.select_related("artifact__collection__project__entity").order_by("-artifact_id")
    return Neighbours(tuple(_version(viewer, edge.artifact) for edge in rows[:MOST_NEIGHBOURS]), edges.count())


def runs_of(viewer: Viewer, artifact: Artifact, direction: Edge.Direction) -> Neighbours:
    """Return the runs that used or logged the version, the newest first."""
    edges = Edge.objects.filter(artifact=artifact, direction=direction, run__in=Run.objects.visible_to(viewer))
    rows = edges.select_related("run__project__entity", "run__group").order_by("-run_id")
    return Neighbours(tuple(_run(edge.run) for edge in rows[:MOST_NEIGHBOURS]), edges.count())


def derivations(viewer: Viewer, artifact_id: int) -> tuple[Neighbours, Neighbours]:
    """Return the versions to whose files the manifest of this one refers, and those that refer to files of this one.

    The newest references first. One query; two more for a version with hundreds of them.
    """
    seen = _seen(viewer)
    outward = ArtifactReference.objects.filter(source=artifact_id, target__in=seen)
    inward = ArtifactReference.objects.filter(target=artifact_id, source__in=seen)
    ends = [f"{end}__collection__project__entity" for end in ("source", "target")]
    rows = list((outward | inward).select_related(*ends).order_by("-pk")[:_MOST_REFERENCES])
    is_whole = len(rows) < _MOST_REFERENCES
    origins = [_version(viewer, row.target) for row in rows if row.source_id == artifact_id]
    others = [_version(viewer, row.source) for row in rows if row.target_id == artifact_id]
    return (
        Neighbours(tuple(origins[:MOST_NEIGHBOURS]), len(origins) if is_whole else outward.count()),
        Neighbours(tuple(others[:MOST_NEIGHBOURS]), len(others) if is_whole else inward.count()),
    )


def _seen(viewer: Viewer) -> QuerySet[Artifact]:
    return Artifact.objects.visible_to(viewer).recorded()


def _version(viewer: Viewer, artifact: Artifact) -> Neighbour:
    version, project = f"v{artifact.version}", artifact.collection.project
    return Neighbour(
        key=NodeRef(Kind.ARTIFACT, artifact.pk).key,
        kind="artifact",
        name=f"{artifact.collection.name}:{version}",
        type_name=artifact.collection.type_name,
        place=place_of(project) if policies.can_view_project(viewer, project) else None,
        state="deleted" if artifact.is_deleted else "",
        collection=artifact.collection.name,
        version=version,
    )


def _run(run: Run) -> Neighbour:
    return Neighbour(
        key=NodeRef(Kind.RUN, run.pk).key,
        kind="run",
        name=run.name,
        type_name=run.group.job_type,
        place=place_of(run.project),
        state=run.shown_state(clock.now()),
        run_uid=run.uid,
    )
