"""Reads of an artifact's files and of the bytes behind signed addresses."""

from collections.abc import Iterator, Sequence

from registry.core.digests import md5_hex
from registry.core.errors import InvalidInput, NotFound
from registry.core.viewer import Viewer
from registry.models import Artifact, Blob, Edge, ManifestEntry, Run
from registry.queries.paging import Order, Page, paginate
from registry.queries.sdk_projects import is_storable
from registry.queries.sdk_runs import StoredFile

_MAX_USERS = 10_000


def list_entries(
    *,
    viewer: Viewer,
    artifact: Artifact,
    names: Sequence[str] | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[ManifestEntry]:
    """Return files and references of a version by path."""
    rows = ManifestEntry.objects.filter(artifact=artifact).select_related("blob")
    if names:
        rows = rows.filter(path__in=[name for name in names if is_storable(name)])
    return paginate(rows, kind="entries", order=Order("path"), first=first, after=after)


def iterate_entries(*, viewer: Viewer, artifact: Artifact) -> Iterator[ManifestEntry]:
    """Yield all entries by path, a few thousand at a time."""
    return ManifestEntry.objects.filter(artifact=artifact).order_by("path").iterator(chunk_size=2000)


def get_artifact_file(*, viewer: Viewer, entry_id: int) -> StoredFile:
    """Return the stored bytes of a manifest entry; `NotFound` also when its version may not be seen."""
    entry = (
        ManifestEntry.objects.select_related("blob")
        .filter(pk=entry_id, blob__isnull=False, artifact__in=Artifact.objects.visible_to(viewer).committed())
        .first()
    )
    if entry is None or entry.blob is None:
        raise NotFound("This file does not exist.")
    return StoredFile(name=entry.path, sha256=entry.blob.sha256, size_bytes=entry.blob.size_bytes)


def get_file_by_digest(*, viewer: Viewer, artifact: Artifact | None, collection_id: int | None, md5: str) -> StoredFile:
    """Return the bytes with that hex MD5 among the files of a version, or of any version of a collection."""
    rows = ManifestEntry.objects.select_related("blob").filter(
        blob__md5=md5, artifact__in=Artifact.objects.visible_to(viewer).committed()
    )
    if artifact is not None:
        rows = rows.filter(artifact=artifact)
    else:
        rows = rows.filter(artifact__collection_id=collection_id)
    entry = rows.order_by("pk").first()
    if entry is None or entry.blob is None:
        raise NotFound("This file does not exist.")
    return StoredFile(name=entry.path, sha256=entry.blob.sha256, size_bytes=entry.blob.size_bytes)


def list_users(*, viewer: Viewer, artifact: Artifact) -> list[Run]:
    """Return the visible runs that used the version, oldest use first, at most 10,000."""
    edges = (
        Edge.objects.filter(artifact=artifact, direction=Edge.Direction.USED, run__in=Run.objects.visible_to(viewer))
        .select_related("run__project__entity__organization", "run__group", "run__created_by")
        .order_by("pk")
    )
    return [edge.run for edge in edges[:_MAX_USERS] if edge.run.deleted_at is None]


def find_creator(*, viewer: Viewer, artifact: Artifact) -> Run | None:
    """Return the run that logged the version first, if the viewer may see it."""
    if artifact.created_by_run_id is None:
        return None
    runs = Run.objects.visible_to(viewer).present().select_related("project__entity__organization", "group")
    return runs.filter(pk=artifact.created_by_run_id).first()


def find_known_blobs(*, viewer: Viewer, entity_id: int, md5s: Sequence[str]) -> dict[str, Blob]:
    """Return by hex MD5 the bytes that the entity has uploaded before."""
    known: dict[str, Blob] = {}
    unique = sorted(set(md5s))
    for start in range(0, len(unique), 500):
        for blob in Blob.objects.filter(entity_id=entity_id, md5__in=unique[start : start + 500]):
            known[blob.md5] = blob
    return known


def entry_md5(entry: ManifestEntry) -> str | None:
    """Return the hex MD5 of a file entry, None for a reference whose digest is something else."""
    try:
        return md5_hex(entry.digest)
    except InvalidInput:
        return None
