"""Noting bytes that have arrived. The bytes are whole and on disk before a row speaks of them."""

from collections.abc import Sequence

from django.db import transaction

from registry import policies
from registry.core import clock
from registry.core.errors import Conflict
from registry.core.manifests import clean_path
from registry.core.viewer import Viewer
from registry.models import Artifact, ArtifactManifest, Blob, Entity, Project, Run, RunFile
from registry.storage.blobs import StoredBytes


def require_upload_right(*, viewer: Viewer, project: Project) -> None:
    """Raise `Forbidden` before a byte is read when the viewer may not write to the project."""
    policies.require_write(viewer, project)


@transaction.atomic
def keep_artifact_file(*, viewer: Viewer, artifact: Artifact, stored: StoredBytes) -> Blob:
    """Note that the artifact's entity has these bytes; noting it again changes nothing."""
    policies.require_write(viewer, artifact.collection.project)
    return _blob(artifact.collection.project.entity, stored, artifact)


@transaction.atomic
def keep_manifest(*, viewer: Viewer, manifest: ArtifactManifest, stored: StoredBytes) -> None:
    """Note the uploaded manifest; raises `Conflict` when the artifact is committed with another one."""
    policies.require_write(viewer, manifest.artifact.collection.project)
    if manifest.sha256 == stored.sha256:
        return
    pending = Artifact.objects.select_for_update(no_key=True).filter(
        pk=manifest.artifact_id, state=Artifact.State.PENDING
    )
    if not pending.exists():
        raise Conflict("The artifact is already committed; its manifest cannot change.")
    manifest.sha256 = stored.sha256
    manifest.save(update_fields=["sha256"])


@transaction.atomic
def ensure_run_files(*, viewer: Viewer, run: Run, names: Sequence[str]) -> list[RunFile]:
    """Return a row for each file that the run wants to save, in the order given; a repeated name is the same row."""
    policies.require_write(viewer, run.project)
    wanted = [clean_path(name) for name in names]
    known = {file.name: file for file in RunFile.objects.filter(run=run, name__in=wanted)}
    for name in wanted:
        if name not in known:
            known[name] = RunFile.objects.get_or_create(run=run, name=name)[0]
    return [known[name] for name in wanted]


def require_run_files(*, viewer: Viewer, run: Run, names: Sequence[str]) -> None:
    """Raise `Conflict` when one of the files has not arrived. There is nothing to note: an upload notes itself."""
    policies.require_write(viewer, run.project)
    wanted = {clean_path(name) for name in names}
    arrived = RunFile.objects.filter(run=run, name__in=wanted, blob__isnull=False)
    missing = sorted(wanted - set(arrived.values_list("name", flat=True)))
    if missing:
        raise Conflict(f"The file {missing[0]!r} was not uploaded.")


@transaction.atomic
def keep_run_file(*, viewer: Viewer, file: RunFile, stored: StoredBytes) -> None:
    """Make these bytes the content of the run's file; a later upload replaces an earlier one."""
    policies.require_write(viewer, file.run.project)
    file.blob = _blob(file.run.project.entity, stored, None)
    file.updated_at = clock.now()
    file.save(update_fields=["blob", "updated_at"])


def _blob(entity: Entity, stored: StoredBytes, birth: Artifact | None) -> Blob:
    blob, _ = Blob.objects.get_or_create(
        entity=entity,
        md5=stored.md5,
        defaults={"sha256": stored.sha256, "size_bytes": stored.size_bytes, "birth_artifact": birth},
    )
    if blob.sha256 != stored.sha256:
        raise Conflict("Other bytes with the same MD5 are already stored.")
    return blob
