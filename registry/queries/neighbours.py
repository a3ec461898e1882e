"""Runs and versions at the other end of an edge or of a reference, as lines with a link."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

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

    The newest references first. One query, a second one where there are any; two more for a version with hundreds.
    """
    references = ArtifactReference.objects.filter(Q(source=artifact_id) | Q(target=artifact_id)).order_by("-pk")
    ends = list(references.values_list("source_id", "target_id")[:_MOST_REFERENCES])
    if not ends:
        return Neighbours(), Neighbours()
    seen = _seen(viewer)
    known = seen.select_related("collection__project__entity").in_bulk({key for pair in ends for key in pair})
    origins = [_version(viewer, known[to]) for start, to in ends if start == artifact_id and to in known]
    others = [_version(viewer, known[start]) for start, to in ends if to == artifact_id and start in known]
    if len(ends) < _MOST_REFERENCES:
        totals = (len(origins), len(others))
    else:
        totals = (
            ArtifactReference.objects.filter(source=artifact_id, target__in=seen).count(),
            ArtifactReference.objects.filter(target=artifact_id, source__in=seen).count(),
        )
    return Neighbours(tuple(origins[:MOST_NEIGHBOURS]), totals[0]), Neighbours(
        tuple(others[:MOST_NEIGHBOURS]), totals[1]
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
