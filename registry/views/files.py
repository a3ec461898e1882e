"""The Files tab of a version, its previews and its downloads."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.core.errors import NotFound
from registry.core.file_looks import image_type
from registry.forms.listing import FileForm, FilesForm, clean
from registry.queries.artifact_files import download_of, files_tab, preview_of
from registry.queries.artifact_pages import ArtifactFrame
from registry.storage.blobs import blob_store
from registry.views.frames import artifact_page, page_context
from registry.views.request import Request


@artifact_page
@require_safe
def artifact_files(request: Request, frame: ArtifactFrame) -> HttpResponse:
    words = clean(FilesForm(request.GET))
    shown = words.pop("preview")
    page = files_tab(frame, **words)
    preview = preview_of(frame, path=shown) if shown else None
    context = {**page_context(frame, "files", request), "page": page, "preview": preview}
    return render(request, "registry/artifact_files.html", context)


@artifact_page
@require_safe
def artifact_file(request: Request, frame: ArtifactFrame) -> FileResponse:
    """Hand out one file as an attachment that no browser will run."""
    words = clean(FileForm(request.GET))
    download = download_of(frame, path=words["path"])
    response = FileResponse(
        blob_store().open(download.sha256),
        as_attachment=True,
        filename=download.name,
        content_type="application/octet-stream",
    )
    return _locked(response, download.size_bytes)


@artifact_page
@require_safe
def artifact_image(request: Request, frame: ArtifactFrame) -> FileResponse:
    """Hand out a picture for the page; its first bytes must say that it is one, whatever its name says."""
    words = clean(FileForm(request.GET))
    download = download_of(frame, path=words["path"])
    content = blob_store().open(download.sha256)
    kind = image_type(content.read(16))
    content.seek(0)
    if not kind:
        content.close()
        raise NotFound(f"The file {words['path']!r} is no picture of a known kind.")
    response = FileResponse(content, filename=download.name, content_type=kind)
    return _locked(response, download.size_bytes)


def _locked(response: FileResponse, size_bytes: int) -> FileResponse:
    """Let nothing that somebody uploaded run or load anything here."""
    response.headers["Content-Length"] = str(size_bytes)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
