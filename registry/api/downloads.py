"""GET of artifact files, manifests and run files. Nothing is ever shown inline: the bytes are a stranger's."""

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from registry.api.authentication import authenticate, viewer_of
from registry.api.errors import error_response, machine_endpoint
from registry.core.errors import NotFound
from registry.core.global_ids import decode_id, encode_id
from registry.core.viewer import ActorKind, Viewer
from registry.queries.sdk_collections import find_artifact, find_collection
from registry.queries.sdk_files import get_artifact_file, get_file_by_digest, iterate_entries
from registry.queries.sdk_projects import get_project
from registry.queries.sdk_runs import StoredFile, get_run_file
from registry.storage.blobs import blob_store, read_range
from registry.storage.signatures import Purpose, read_token

if TYPE_CHECKING:
    from registry.models import ManifestEntry

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_MD5 = re.compile(r"[0-9a-f]{32}")


def send(request: HttpRequest, purpose: Purpose) -> HttpResponseBase:
    """Answer a signed address. Whether its user may still see the thing is asked again."""
    grant = read_token(purpose, request.GET.get("token", ""))
    viewer = viewer_of(request, grant.user_id, ActorKind.SIGNED_URL)
    if purpose is Purpose.DOWNLOAD_MANIFEST:
        return _manifest(viewer, grant.row_id)
    if purpose is Purpose.DOWNLOAD_FILE:
        return file_response(request, get_artifact_file(viewer=viewer, entry_id=grant.row_id))
    return file_response(request, get_run_file(viewer=viewer, pk=grant.row_id))


@machine_endpoint("GET", "HEAD")
def artifacts_v2(request: HttpRequest, tail: str) -> HttpResponseBase:
    """Answer `region/entity/project/collection/[artifact id/]birth id/md5/name`, which takes a key, not a token."""
    viewer = authenticate(request)
    parts = tail.split("/")
    if len(parts) not in (7, 8) or not _MD5.fullmatch(parts[-2]):
        raise NotFound("There is nothing at this address.")
    project = get_project(viewer=viewer, entity_name=parts[1], name=parts[2])
    collection = find_collection(viewer=viewer, project=project, name=parts[3])
    if collection is None:
        raise NotFound(f"artifact {parts[3]!r} not found in {project.entity.name}/{project.name}")
    artifact = None
    if len(parts) == 8:
        artifact = find_artifact(viewer=viewer, pk=decode_id("Artifact", parts[4]) or 0)
        if artifact is None:
            raise NotFound("This artifact version does not exist.")
    found = get_file_by_digest(viewer=viewer, artifact=artifact, collection_id=collection.pk, md5=parts[-2])
    return file_response(request, found)


def file_response(request: HttpRequest, file: StoredFile) -> HttpResponseBase:
    """Return the bytes as an attachment: one range when exactly one is asked for, else the whole."""
    try:
        content = blob_store().open(file.sha256)
    except NotFound as error:
        return error_response(410, error.message)
    span = _span(request.headers.get("Range", ""), file.size_bytes)
    response: FileResponse | StreamingHttpResponse
    if span is None:
        response = FileResponse(content)
        response.headers["Content-Length"] = str(file.size_bytes)
    else:
        start, end = span
        response = StreamingHttpResponse(read_range(content, start, end - start + 1), status=206)
        response.headers["Content-Length"] = str(end - start + 1)
        response.headers["Content-Range"] = f"bytes {start}-{end}/{file.size_bytes}"
    _harden(response, PurePosixPath(file.name).name)
    response.headers["Accept-Ranges"] = "bytes"
    return response


def _span(header: str, size: int) -> tuple[int, int] | None:
    """Return the first and last byte of a single satisfiable range; None means the whole file."""
    found = _RANGE.fullmatch(header.strip())
    if found is None or (not found[1] and not found[2]) or size == 0:
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        return (size - length, size - 1) if length else None
    start, end = int(found[1]), min(int(found[2] or size - 1), size - 1)
    return (start, end) if start <= end else None


def _harden(response: HttpResponseBase, name: str) -> None:
    response.headers["Content-Type"] = "application/octet-stream"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    if disposition:
        response.headers["Content-Disposition"] = disposition
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox"
    response.headers["Cache-Control"] = "private, no-store"


def _manifest(viewer: Viewer, artifact_id: int) -> HttpResponseBase:
    artifact = find_artifact(viewer=viewer, pk=artifact_id)
    if artifact is None:
        raise NotFound("This artifact version does not exist.")
    response = StreamingHttpResponse(_manifest_lines(iterate_entries(viewer=viewer, artifact=artifact)))
    _harden(response, "wandb_manifest.json")
    response.headers["Content-Type"] = "application/json"
    return response


def _manifest_lines(entries: "Iterator[ManifestEntry]") -> Iterator[str]:
    yield '{"version":1,"storagePolicy":"wandb-storage-policy-v1","storagePolicyConfig":{"storageLayout":"V2"},'
    yield '"contents":{'
    separator = ""
    for entry in entries:
        yield f"{separator}{json.dumps(entry.path)}:{json.dumps(manifest_fields(entry))}"
        separator = ","
    yield "}}"


def manifest_fields(entry: "ManifestEntry") -> dict[str, Any]:
    """Return an entry as the SDK reads it: without the paths of the machine that wrote it."""
    fields: dict[str, Any] = {"digest": entry.digest, "size": entry.size_bytes}
    if entry.ref:
        fields["ref"] = entry.ref
    else:
        fields["birthArtifactID"] = encode_id("Artifact", entry.birth_artifact_id or entry.artifact_id)
    if entry.extra:
        fields["extra"] = entry.extra
    return fields
