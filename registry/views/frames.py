"""Finds what stands around a page, for every tab alike, and sends aliases on to their versions."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from registry.queries.artifact_pages import ArtifactFrame, Moved, get_artifact_frame, get_registry_frame
from registry.queries.run_pages import RunFrame, get_run_frame
from registry.views.access import View, signed_in
from registry.views.request import Request


def artifact_page(view: Callable[..., HttpResponseBase]) -> View:
    """Call the view as `view(request, frame, **rest)` for an address of a version, in a project or in a registry.

    The address's words are `entity, project, type_name` or `registry`, then `collection, version`; other words reach
    the view. An alias redirects to its version, on the same tab, and the page says so (`?via=`).
    """

    @wraps(view)
    def framed(request: Request, *, collection: str, version: str, **words: str) -> HttpResponseBase:
        place: dict[str, str] = {
            name: words.pop(name) for name in ("entity", "project", "type_name", "registry") if name in words
        }
        if "registry" in place:
            found = get_registry_frame(viewer=request.viewer, collection=collection, version=version, **place)
        else:
            found = get_artifact_frame(viewer=request.viewer, collection=collection, version=version, **place)
        if isinstance(found, Moved):
            return _go_on(request, found, {**place, **words})
        return view(request, found, **words)

    return signed_in(framed)


def _go_on(request: Request, moved: Moved, words: dict[str, str]) -> HttpResponse:
    match = request.resolver_match
    name = match.url_name if match else None
    address = reverse(str(name), kwargs={**words, "collection": moved.collection, "version": moved.version})
    query = request.GET.copy()
    if moved.via:
        query["via"] = moved.via
    return redirect(f"{address}?{query.urlencode()}" if query else address)


def run_page(view: Callable[..., HttpResponseBase]) -> View:
    """Call the view as `view(request, frame, **rest)` for an address of a run: `entity, project, uid`."""

    @wraps(view)
    def framed(request: Request, *, entity: str, project: str, uid: str, **words: Any) -> HttpResponseBase:
        frame: RunFrame = get_run_frame(viewer=request.viewer, entity=entity, project=project, uid=uid)
        return view(request, frame, **words)

    return signed_in(framed)


def page_context(frame: ArtifactFrame | RunFrame, tab: str, request: Request) -> dict[str, Any]:
    """Return what the base templates of versions and runs need; a view adds its own tab's values."""
    return {
        "frame": frame,
        "project": frame.project,
        "tree": frame.tree,
        "tab": tab,
        "via": request.GET.get("via", "")[:128],
    }
