"""Reads of artifacts while they are being saved, for the one who saves them."""

import re
import threading
import time

from registry import policies
from registry.core.errors import NotFound
from registry.core.viewer import Viewer
from registry.models import Artifact, ArtifactManifest, Blob, ClientId

_FULL = "collection__project__entity__organization"
_RANDOM_ID = re.compile(r"[a-z0-9]{128}")
_PATIENCE_SECONDS = 3
# threads are few: what is asked beyond these is answered at once
_waiting = threading.BoundedSemaphore(2)


def get_draft(*, viewer: Viewer, pk: int | None) -> Artifact:
    """Return an artifact in whatever state but deleted, or, when equal content came first, the version it became."""
    rows = Artifact.objects.visible_to(viewer).select_related(_FULL).exclude(state=Artifact.State.DELETED)
    artifact = rows.filter(pk=pk).first() if pk is not None else None
    if artifact is not None and artifact.superseded_by_id is not None:
        artifact = rows.filter(pk=artifact.superseded_by_id).first()
    if artifact is None:
        raise NotFound("artifact not found: it does not exist, was deleted, or is not yours to see")
    return artifact


def find_own_draft(*, viewer: Viewer, pk: int) -> Artifact | None:
    """Return a draft for who may save it: the participants of a distributed save ask for what they have added to."""
    rows = Artifact.objects.visible_to(viewer).select_related(_FULL).filter(state=Artifact.State.PENDING)
    draft = rows.filter(pk=pk, superseded_by=None).first()
    allowed = draft is not None and policies.can_write_project(viewer, draft.collection.project)
    return draft if allowed else None


def get_manifest(*, viewer: Viewer, pk: int | None) -> ArtifactManifest:
    """Return a manifest of an artifact that the viewer may see."""
    rows = ArtifactManifest.objects.select_related(f"artifact__{_FULL}", "base")
    visible = rows.filter(artifact__in=Artifact.objects.visible_to(viewer))
    manifest = visible.filter(pk=pk).first() if pk is not None else None
    if manifest is None:
        raise NotFound("artifact manifest not found")
    return manifest


def find_by_client_id(*, viewer: Viewer, client_id: str) -> Artifact | None:
    """Return the artifact, draft or saved, to which the SDK gave that random id."""
    known = ClientId.objects.filter(client_id=client_id, artifact__in=Artifact.objects.visible_to(viewer)).first()
    if known is None or known.artifact_id is None:
        return None
    try:
        return get_draft(viewer=viewer, pk=known.artifact_id)
    except NotFound:
        return None


def await_client_id(*, viewer: Viewer, client_id: str) -> Artifact | None:
    """Return the artifact of that random id, waiting a moment for one whose creation is still on its way.

    The SDK saves artifacts in parallel; one that refers to another asks for it, and fails when it comes too early.
    """
    found = find_by_client_id(viewer=viewer, client_id=client_id)
    if found is not None or not _RANDOM_ID.fullmatch(client_id) or not _waiting.acquire(blocking=False):
        return found
    try:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while found is None and time.monotonic() < deadline:
            time.sleep(0.1)
            found = find_by_client_id(viewer=viewer, client_id=client_id)
        return found
    finally:
        _waiting.release()


def find_latest_saved(*, viewer: Viewer, artifact: Artifact) -> Artifact | None:
    """Return the newest committed version of the draft's sequence."""
    return Artifact.objects.committed().filter(collection_id=artifact.collection_id).order_by("-version").first()


def find_known_blob(*, viewer: Viewer, artifact: Artifact, md5: str) -> Blob | None:
    """Return the bytes with that hex MD5 if the artifact's entity has uploaded them."""
    return Blob.objects.filter(entity_id=artifact.collection.project.entity_id, md5=md5).first()
