"""The tabs Version, Metadata and Usage of a version, in a project and in a registry alike."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.forms.listing import MetadataForm, UsageForm, clean
from registry.queries.artifact_pages import ArtifactFrame
from registry.queries.artifact_tabs import get_usage_tab, get_version_tab, metadata_tab
from registry.views.frames import artifact_page, page_context
from registry.views.request import Request


@artifact_page
@require_safe
def artifact_version(request: Request, frame: ArtifactFrame) -> HttpResponse:
    page = get_version_tab(viewer=request.viewer, frame=frame)
    return render(request, "registry/artifact_version.html", {**page_context(frame, "version", request), "page": page})


@artifact_page
@require_safe
def artifact_metadata(request: Request, frame: ArtifactFrame) -> HttpResponse:
    words = clean(MetadataForm(request.GET))
    page = metadata_tab(frame, q=words["q"], start=words["start"] or 0)
    context = {**page_context(frame, "metadata", request), "page": page}
    return render(request, "registry/artifact_metadata.html", context)


@artifact_page
@require_safe
def artifact_usage(request: Request, frame: ArtifactFrame) -> HttpResponse:
    words = clean(UsageForm(request.GET))
    page = get_usage_tab(viewer=request.viewer, frame=frame, **words)
    return render(request, "registry/artifact_usage.html", {**page_context(frame, "usage", request), "page": page})
