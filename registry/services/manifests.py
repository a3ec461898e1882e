"""Logging a version, second half: manifests, and the commit that makes the version appear whole."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from django.db import transaction

from registry import policies
from registry.core import clock
from registry.core.digests import artifact_digest
from registry.core.errors import Conflict, InvalidInput, NotFound
from registry.core.global_ids import referenced_artifact
from registry.core.manifests import MAX_ENTRIES, Entry, parse_manifest, refuse_files_as_directories
from registry.core.text import clean_text
from registry.core.viewer import Viewer
from registry.models import (
    Action,
    Artifact,
    ArtifactManifest,
    ArtifactReference,
    Blob,
    ManifestEntry,
)
from registry.queries.sdk_files import find_known_blobs
from registry.services import audit
from registry.services.aliases import LATEST
from registry.services.artifacts import attach
from registry.services.collections import lock_collection, take_version_number
from registry.services.edges import lock_runs
from registry.storage.blobs import blob_store

_FULL, _INCREMENTAL = ArtifactManifest.Kind.FULL, ArtifactManifest.Kind.INCREMENTAL
_BATCH = 1000


class _Place(NamedTuple):
    """Where the bytes of a file are, and which artifact brought them."""

    blob_id: int
    size_bytes: int
    birth_artifact_id: int | None


class _Content(NamedTuple):
    """What a draft becomes a version of: its digest, its entries, their bytes, the versions to which they refer."""

    digest: str
    entries: dict[str, Entry]
    places: dict[str, _Place]
    targets: list[int]


@transaction.atomic
def announce_manifest(
    *, viewer: Viewer, artifact: Artifact, kind: str, name: str, digest: str, base: Artifact | None
) -> ArtifactManifest:
    """Return the draft's manifest to upload. The SDK announces a full one twice, at first without its digest.

    A patch is a new one each time: every participant of a distributed save sends its own.
    """
    policies.require_write(viewer, artifact.collection.project)
    if kind not in ArtifactManifest.Kind.values:
        raise InvalidInput(f"{kind[:40]!r} is not a kind of manifest.")
    if base is not None and base.collection_id != artifact.collection_id:
        raise Conflict("The base of an incremental manifest must be a version of the same artifact.")
    manifest = None
    if kind != ArtifactManifest.Kind.PATCH:
        manifest = ArtifactManifest.objects.filter(artifact=artifact, kind=kind).order_by("pk").first()
    if manifest is None:
        manifest = ArtifactManifest(artifact=artifact, kind=kind, name=clean_text("name", name, 128), base=base)
        manifest.save()
    return _with_digest(manifest, digest)


@transaction.atomic
def update_manifest(
    *, viewer: Viewer, manifest: ArtifactManifest, digest: str | None, base: Artifact | None
) -> ArtifactManifest:
    """Note the manifest's digest and base, when they are given."""
    policies.require_write(viewer, manifest.artifact.collection.project)
    if base is not None and manifest.base_id != base.pk:
        if base.collection_id != manifest.artifact.collection_id:
            raise Conflict("The base of an incremental manifest must be a version of the same artifact.")
        manifest.base = base
        manifest.save(update_fields=["base"])
    return _with_digest(manifest, digest or "")


def _with_digest(manifest: ArtifactManifest, digest: str) -> ArtifactManifest:
    if digest and digest != manifest.digest and manifest.artifact.state == Artifact.State.PENDING:
        manifest.digest, manifest.sha256 = clean_text("digest", digest, 32), ""
        manifest.save(update_fields=["digest", "sha256"])
    return manifest


def commit_artifact(*, viewer: Viewer, artifact: Artifact) -> Artifact:
    """Make the draft a version: check that its files are all here, number it, give it aliases and producers.

    Committing again changes nothing. When a version with the same content was committed meanwhile, that one is
    returned. Raises `InvalidInput` when the manifest is missing, does not have the announced digest, or names a file
    that was not uploaded.
    """
    policies.require_write(viewer, artifact.collection.project)
    if artifact.state == Artifact.State.COMMITTED:
        return artifact
    entries = _merged(artifact)
    digest = artifact_digest((entry.path, entry.digest) for entry in entries.values())
    if digest != artifact.digest and artifact.manifests.filter(kind=_FULL).exists():
        raise InvalidInput("digest mismatch: the manifest's content does not have the artifact's digest")
    content = _Content(digest, entries, _places(viewer, artifact, entries), _targets(viewer, artifact, entries))
    while (version := _publish(viewer, artifact, content)) is None:
        artifact.refresh_from_db(fields=["pending_run_ids"])
    return version


def _merged(artifact: Artifact) -> dict[str, Entry]:
    """Return the artifact's entries by path: a full manifest, or a base overlaid with what changed."""
    manifests = list(artifact.manifests.order_by("pk"))
    missing = [one.name for one in manifests if one.digest and not one.sha256]
    if missing or not any(one.sha256 for one in manifests):
        raise InvalidInput(f"The artifact cannot be committed: its manifest {', '.join(missing)} was not uploaded.")
    entries: dict[str, Entry] = {}
    for manifest in manifests:
        if not manifest.sha256:
            continue
        if manifest.kind == _INCREMENTAL and manifest.base_id is not None:
            entries |= _entries_of(manifest.base_id)
        with blob_store().open(manifest.sha256) as file:
            entries |= parse_manifest(file.read())
    if len(entries) > MAX_ENTRIES:
        raise InvalidInput(f"The artifact has more than {MAX_ENTRIES} entries.")
    if len(manifests) > 1:
        refuse_files_as_directories(entries)
    return entries


def _entries_of(artifact_id: int) -> dict[str, Entry]:
    rows = ManifestEntry.objects.filter(artifact_id=artifact_id, artifact__state=Artifact.State.COMMITTED)
    found = {
        row.path: Entry(row.path, row.digest, row.size_bytes, row.ref, row.extra)
        for row in rows.iterator(chunk_size=2000)
    }
    if not found and not Artifact.objects.committed().filter(pk=artifact_id).exists():
        raise NotFound("The base version of the incremental manifest does not exist any more.")
    return found


def _places(viewer: Viewer, artifact: Artifact, entries: dict[str, Entry]) -> dict[str, _Place]:
    """Return by hex MD5 where the files are, each of which was uploaded with the size that the manifest says."""
    places: dict[str, _Place] = {}
    entity_id = artifact.collection.project.entity_id
    for batch in _batches(entries):
        md5s = {entry.path: entry.md5 for entry in batch if not entry.ref}
        blobs = find_known_blobs(viewer=viewer, entity_id=entity_id, md5s=list(md5s.values()))
        for entry in batch:
            if not entry.ref:
                blob = _stored(entry, blobs.get(md5s[entry.path]))
                places[blob.md5] = _Place(blob.pk, blob.size_bytes, blob.birth_artifact_id)
    return places


def _batches(entries: dict[str, Entry]) -> Iterator[list[Entry]]:
    """Yield the entries some at a time: a million rows as objects would take gigabytes."""
    rest = iter(entries.values())
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _row(artifact: Artifact, entry: Entry, place: _Place | None) -> ManifestEntry:
    return ManifestEntry(
        artifact=artifact,
        path=entry.path,
        digest=entry.digest,
        size_bytes=place.size_bytes if place else entry.size or 0,
        ref=entry.ref,
        blob_id=place.blob_id if place else None,
        birth_artifact_id=place.birth_artifact_id if place else None,
        extra=entry.extra,
    )


def _stored(entry: Entry, blob: Blob | None) -> Blob:
    if blob is None or not blob_store().has(blob.sha256):
        raise InvalidInput(f"The artifact cannot be committed: its file {entry.path!r} was not uploaded.")
    if entry.size is not None and entry.size != blob.size_bytes:
        raise InvalidInput(
            f"The file {entry.path!r} has {blob.size_bytes} bytes, not {entry.size} as the manifest says."
        )
    return blob


def _targets(viewer: Viewer, artifact: Artifact, entries: dict[str, Entry]) -> list[int]:
    named = {referenced_artifact(entry.ref) for entry in entries.values() if entry.ref}
    wanted = sorted(number for number in named if number is not None and number != artifact.pk)
    seen = Artifact.objects.visible_to(viewer).filter(pk__in=wanted[:_BATCH])
    return list(seen.values_list("pk", flat=True))


def _write_entries(artifact: Artifact, content: _Content) -> int:
    """Write the rows of a version's files and references; return the bytes of all files together."""
    size_bytes = 0
    for batch in _batches(content.entries):
        rows = [_row(artifact, entry, None if entry.ref else content.places[entry.md5]) for entry in batch]
        ManifestEntry.objects.bulk_create(rows)
        size_bytes += sum(row.size_bytes for row in rows)
    ArtifactReference.objects.bulk_create(
        [ArtifactReference(source=artifact, target_id=target) for target in content.targets], ignore_conflicts=True
    )
    return size_bytes


@transaction.atomic
def _publish(viewer: Viewer, artifact: Artifact, content: _Content) -> Artifact | None:
    """Return the version; None, and nothing is changed, when a run joined meanwhile whose lock is to come first."""
    asked, runs = set(artifact.pending_run_ids), lock_runs(artifact.pending_run_ids)
    collection = lock_collection(artifact.collection)
    artifact = Artifact.objects.select_for_update(no_key=True).get(pk=artifact.pk)
    artifact.collection = collection
    if artifact.state != Artifact.State.PENDING:
        return artifact
    if not asked.issuperset(artifact.pending_run_ids):
        return None
    aliases = artifact.pending_aliases
    winner = Artifact.objects.committed().filter(collection=collection, digest=content.digest).first()
    if winner is not None:
        winner.collection = collection
        artifact.superseded_by = winner
        artifact.save(update_fields=["superseded_by"])
        attach(viewer=viewer, artifact=winner, runs=runs, aliases=aliases)
        return winner
    size_bytes = _write_entries(artifact, content)
    now = clock.now()
    artifact.digest, artifact.version = content.digest, take_version_number(collection)
    artifact.state, artifact.committed_at, artifact.updated_at = Artifact.State.COMMITTED, now, now
    artifact.size_bytes, artifact.file_count = size_bytes, len(content.entries)
    artifact.pending_aliases, artifact.pending_run_ids = [], []
    artifact.save()
    audit.record(
        viewer=viewer,
        action=Action.VERSION_ADDED,
        on=artifact,
        label=f"{collection.name}:v{artifact.version}",
        collection=collection,
        artifact=artifact,
        version=artifact.version,
    )
    attach(viewer=viewer, artifact=artifact, runs=runs, aliases=sorted({*aliases, LATEST}))
    return artifact
