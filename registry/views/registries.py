"""The pages of registries and their collections."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from registry.forms.listing import SearchForm, VersionsForm, clean
from registry.queries.artifact_pages import latest_of
from registry.queries.places import get_registry
from registry.queries.registry_pages import get_registry_collection_page, get_registry_home, get_registry_page
from registry.templatetags.addresses import version_url
from registry.views.access import signed_in
from registry.views.request import Request


@signed_in
@require_safe
def registry_list(request: Request) -> HttpResponse:
    words = clean(SearchForm(request.GET))
    page = get_registry_home(viewer=request.viewer, q=words["q"])
    return render(request, "registry/registry_list.html", {"page": page, "section": "registry"})


@signed_in
@require_safe
def registry_detail(request: Request, *, registry: str) -> HttpResponse:
    words = clean(SearchForm(request.GET))
    page = get_registry_page(viewer=request.viewer, name=registry, **words)
    context = {"project": page.project, "tree": page.tree, "page": page.collections, "section": "registry", **words}
    return render(request, "registry/registry_detail.html", context)


@signed_in
@require_safe
def registry_collection(request: Request, *, registry: str, collection: str) -> HttpResponse:
    """Lead on to the latest linked version, or to the collection's own page while it has none."""
    frame = get_registry(viewer=request.viewer, name=registry)
    latest = latest_of(frame, collection=collection)
    if latest is None:
        return redirect("registry_collection_versions", registry, collection)
    if not latest.version:
        return redirect("registry_collection", registry, latest.collection)
    return redirect(version_url(frame.place, "", latest.collection, latest.version))


@signed_in
@require_safe
def registry_collection_versions(request: Request, *, registry: str, collection: str) -> HttpResponse:
    words = clean(VersionsForm(request.GET))
    page = get_registry_collection_page(viewer=request.viewer, registry=registry, collection=collection, **words)
    return render(
        request, "registry/collection_detail.html", {"project": page.project, "tree": page.tree, "page": page}
    )
