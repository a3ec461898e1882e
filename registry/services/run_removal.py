"""Taking runs, and files of theirs, away; asking a run to stop."""

from collections.abc import Sequence

from django.db import transaction

from registry import policies
from registry.core import clock
from registry.core.viewer import Viewer
from registry.models import Action, Artifact, Edge, Run, RunFile
from registry.services import audit
from registry.services.versions import delete_version


@transaction.atomic
def delete_run(*, viewer: Viewer, run: Run, with_artifacts: bool = False) -> bool:
    """Turn the run into a tombstone; False when it already is one. Its lineage stays whole.

    With `with_artifacts` the versions that it logged go too, as `delete_version` does it, aliases and all.
    """
    policies.require_write(viewer, run.project)
    project = run.project
    run = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.deleted_at is not None:
        return False
    if with_artifacts:
        logged = Edge.objects.filter(run=run, direction=Edge.Direction.LOGGED).values("artifact")
        versions = Artifact.objects.committed().filter(pk__in=logged).select_related("collection__project__entity")
        for artifact in versions.order_by("collection_id", "pk"):
            delete_version(viewer=viewer, artifact=artifact, with_aliases=True)
    run.deleted_at, run.deleted_by_id = clock.now(), viewer.user_id
    run.save(update_fields=["deleted_at", "deleted_by"])
    audit.record(
        viewer=viewer,
        action=Action.RUN_DELETED,
        on=run,
        project=project,
        before={"uid": run.uid, "name": run.name, "with_artifacts": with_artifacts},
    )
    return True


@transaction.atomic
def delete_run_files(*, viewer: Viewer, files: Sequence[RunFile]) -> None:
    """Take the content of the run files away; a later upload brings it back. Not audited, as no run file is."""
    for file in files:
        policies.require_write(viewer, file.run.project)
    RunFile.objects.filter(pk__in=[file.pk for file in files]).update(blob=None, updated_at=clock.now())


@transaction.atomic
def request_stop(*, viewer: Viewer, run: Run) -> bool:
    """Ask the run to end: its SDK hears of it with the next answer to its stream. False when it was asked before."""
    policies.require_write(viewer, run.project)
    return Run.objects.filter(pk=run.pk, stop_requested=False).update(stop_requested=True) == 1
