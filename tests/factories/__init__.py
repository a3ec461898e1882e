"""Rows for tests, written straight into the tables; what the services do with them is what tests are about."""

from datetime import UTC, datetime
from hashlib import md5
from itertools import count

from registry.models import Alias, Artifact, ArtifactCollection, Edge, Project, Run, RunGroup

_numbers = count(1)
LONG_AGO = datetime(2026, 3, 14, 9, 42, tzinfo=UTC)


def make_run(project: Project, name: str = "", *, job_type: str = "train", **fields: object) -> Run:
    """Return a finished run of the project."""
    number = next(_numbers)
    group, _ = RunGroup.objects.get_or_create(project=project, job_type=job_type)
    defaults: dict[str, object] = {
        "uid": f"run{number:05}",
        "name": name or f"quiet-river-{number}",
        "state": Run.State.FINISHED,
        "created_at": LONG_AGO,
    }
    return Run.objects.create(project=project, group=group, **{**defaults, **fields})


def make_version(project: Project, name: str = "zoo", *, type_name: str = "dataset", **fields: object) -> Artifact:
    """Return the next committed version of the sequence, made when it is missing; `latest` moves to it."""
    collection, _ = ArtifactCollection.objects.get_or_create(
        project=project, name=name, deleted_at=None, defaults={"kind": "sequence", "type_name": type_name}
    )
    version = collection.next_version
    collection.next_version += 1
    collection.save(update_fields=["next_version"])
    digest = md5(f"{collection.pk}:{version}".encode(), usedforsecurity=False).hexdigest()
    defaults: dict[str, object] = {"state": Artifact.State.COMMITTED, "digest": digest, "created_at": LONG_AGO}
    artifact = Artifact.objects.create(collection=collection, version=version, **{**defaults, **fields})
    Alias.objects.update_or_create(collection=collection, name="latest", defaults={"artifact": artifact})
    return artifact


def used(run: Run, *artifacts: Artifact) -> None:
    """Record the versions as inputs of the run."""
    for artifact in artifacts:
        _edge(run, artifact, Edge.Direction.USED)


def logged(run: Run, *artifacts: Artifact) -> None:
    """Record the versions as outputs of the run."""
    for artifact in artifacts:
        _edge(run, artifact, Edge.Direction.LOGGED)


def _edge(run: Run, artifact: Artifact, direction: Edge.Direction) -> None:
    Edge.objects.create(
        run=run, artifact=artifact, direction=direction, run_group=run.group, collection=artifact.collection
    )
