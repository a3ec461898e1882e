"""The Files tab of a version, and its downloads."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.forms.listing import FileForm, FilesForm, clean
from registry.queries.artifact_files import download_of, files_tab
from registry.queries.artifact_pages import ArtifactFrame
from registry.storage.blobs import blob_store
from registry.views.frames import artifact_page, page_context
from registry.views.request import Request


@artifact_page
@require_safe
def artifact_files(request: Request, frame: ArtifactFrame) -> HttpResponse:
    words = clean(FilesForm(request.GET))
    page = files_tab(frame, **words)
    return render(request, "registry/artifact_files.html", {**page_context(frame, "files", request), "page": page})


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
    response.headers["Content-Length"] = str(download.size_bytes)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
