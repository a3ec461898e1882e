"""A version that many runs read, written in bulk."""

from collections.abc import Sequence

from registry.models import Artifact, Edge, Project, Run, RunGroup
from tests.factories import make_version


def make_hub(project: Project, states: Sequence[str]) -> Artifact:
    """Return a version that a run in each of the states has used, the oldest first."""
    version = make_version(project, "hub")
    group, _ = RunGroup.objects.get_or_create(project=project, job_type="train")
    runs = Run.objects.bulk_create(
        Run(project=project, group=group, uid=f"reader{number}", name=f"reader-{number}", state=state)
        for number, state in enumerate(states)
    )
    Edge.objects.bulk_create(
        Edge(run=run, artifact=version, direction=0, run_group=group, collection=version.collection) for run in runs
    )
    return version
