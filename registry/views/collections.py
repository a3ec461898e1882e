"""The Artifacts pages of a project: its collections, one collection's versions. htmx gets the branch of the tree."""

import re
from dataclasses import replace
from urllib.parse import unquote

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from registry.forms.listing import SearchForm, VersionsForm, clean
from registry.queries.artifact_pages import latest_of
from registry.queries.places import Place, get_project
from registry.queries.projects import get_artifact_list
from registry.queries.registry_pages import get_collection_page
from registry.queries.trees import TreeCollection, open_branch
from registry.templatetags.addresses import version_url
from registry.views.access import signed_in
from registry.views.request import Request, wants_fragment


@signed_in
@require_safe
def artifact_list(request: Request, *, entity: str, project: str, type_name: str = "") -> HttpResponse:
    """Show the project's collections, those of one type when the address names it."""
    words = clean(SearchForm(request.GET))
    page = get_artifact_list(viewer=request.viewer, entity=entity, project=project, type_name=type_name, **words)
    context = {"project": page.project, "tree": page.tree, "page": page.collections, "type_name": type_name, **words}
    if wants_fragment(request):
        branch = open_branch(page.tree)
        return render(request, "includes/tree_type.html", {"tree": page.tree, "type": branch, "is_part": True})
    return render(request, "registry/artifact_list.html", context)


@signed_in
@require_safe
def artifact_latest(request: Request, *, entity: str, project: str, type_name: str, collection: str) -> HttpResponse:
    """Lead on to the latest version, or to the collection's own page while it has none."""
    frame = get_project(viewer=request.viewer, entity=entity, project=project)
    latest = latest_of(frame, collection=collection, type_name=type_name)
    if latest is None:
        return redirect("collection_detail", entity, project, type_name, collection)
    if not latest.version:
        return redirect("artifact_latest", entity, project, type_name, latest.collection)
    return redirect(version_url(frame.place, type_name, latest.collection, latest.version))


@signed_in
@require_safe
def collection_detail(request: Request, *, entity: str, project: str, type_name: str, collection: str) -> HttpResponse:
    """Show the versions of a collection."""
    words = clean(VersionsForm(request.GET))
    page = get_collection_page(
        viewer=request.viewer, entity=entity, project=project, type_name=type_name, collection=collection, **words
    )
    context = {"project": page.project, "tree": page.tree, "page": page}
    if wants_fragment(request):
        branch = open_branch(page.tree).collections
        opened = next(one for one in branch if one.is_open)
        tree = replace(page.tree, number=_number_on_page(request, page.tree.place, opened))
        return render(request, "includes/tree_collection.html", {"tree": tree, "collection": opened, "is_part": True})
    return render(request, "registry/collection_detail.html", context)


def _number_on_page(request: Request, place: Place, branch: TreeCollection) -> int | None:
    """Return the version of the collection that the page is about into which htmx puts this part."""
    here = unquote(request.htmx.current_url_abs_path or "")
    first = unquote(version_url(place, branch.type_name, branch.name, "v0"))
    found = re.match(re.escape(first.removesuffix("0")) + r"(\d{1,9})(?:[/?#]|$)", here)
    return int(found[1]) if found else None
