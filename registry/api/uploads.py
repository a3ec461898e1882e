"""PUT of files, manifests and run files to signed addresses. Bodies are streamed, never held."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from registry.api.authentication import viewer_of
from registry.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from registry.core.manifests import MAX_MANIFEST_BYTES
from registry.core.viewer import ActorKind, Viewer
from registry.queries.sdk_drafts import find_known_blob, get_draft, get_manifest
from registry.queries.sdk_runs import get_run_file_row
from registry.services.uploads import keep_artifact_file, keep_manifest, keep_run_file, require_upload_right
from registry.storage.blobs import CHUNK_BYTES, StoredBytes, blob_store
from registry.storage.signatures import Purpose, read_token

if TYPE_CHECKING:
    from registry.models import Artifact, ArtifactManifest, RunFile


def receive(request: HttpRequest, purpose: Purpose) -> HttpResponse:
    """Store what is sent. Sending the same again is answered alike; other bytes under a used address are refused."""
    grant = read_token(purpose, request.GET.get("token", ""))
    viewer = viewer_of(request, grant.user_id, ActorKind.SIGNED_URL)
    try:
        if purpose is Purpose.UPLOAD_FILE:
            artifact = get_draft(viewer=viewer, pk=grant.row_id)
            require_upload_right(viewer=viewer, project=artifact.collection.project)
            stored = _artifact_file(request, viewer, artifact, grant.md5)
        elif purpose is Purpose.UPLOAD_MANIFEST:
            manifest = get_manifest(viewer=viewer, pk=grant.row_id)
            require_upload_right(viewer=viewer, project=manifest.artifact.collection.project)
            stored = _manifest(request, viewer, manifest, grant.md5)
        else:
            file = get_run_file_row(viewer=viewer, pk=grant.row_id)
            require_upload_right(viewer=viewer, project=file.run.project)
            stored = _run_file(request, viewer, file)
    except NotFound as error:
        raise Forbidden(error.message) from None
    return HttpResponse(status=200, headers={"ETag": f'"{stored.md5}"'})


def _artifact_file(request: HttpRequest, viewer: Viewer, artifact: "Artifact", md5: str) -> StoredBytes:
    try:
        stored = _store(request, md5, settings.MAX_UPLOAD_BYTES)
    except InvalidInput as error:
        is_mismatch = error.message.startswith("digest mismatch")
        if is_mismatch and find_known_blob(viewer=viewer, artifact=artifact, md5=md5) is not None:
            raise Conflict("Other bytes were already uploaded to this address.") from None
        raise
    keep_artifact_file(viewer=viewer, artifact=artifact, stored=stored)
    return stored


def _manifest(request: HttpRequest, viewer: Viewer, manifest: "ArtifactManifest", md5: str) -> StoredBytes:
    stored = _store(request, md5 or None, MAX_MANIFEST_BYTES)
    keep_manifest(viewer=viewer, manifest=manifest, stored=stored)
    return stored


def _run_file(request: HttpRequest, viewer: Viewer, file: "RunFile") -> StoredBytes:
    stored = _store(request, None, settings.MAX_UPLOAD_BYTES)
    keep_run_file(viewer=viewer, file=file, stored=stored)
    return stored


def _store(request: HttpRequest, md5: str | None, limit: int) -> StoredBytes:
    length = request.META.get("CONTENT_LENGTH", "")
    if not length.isascii() or not length.isdigit() or len(length) > 15:
        raise InvalidInput("An upload must say how long it is (Content-Length).")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise InvalidInput("An upload must not be compressed in transit (Content-Encoding).")
    return blob_store().write(_chunks(request), length=int(length), md5=md5, limit=limit)


def _chunks(request: HttpRequest) -> Iterator[bytes]:
    while chunk := request.read(CHUNK_BYTES):
        yield chunk
