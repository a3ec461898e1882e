"""The parts of the Lineage tab that come on demand: Custom panel, search in the graph, saved views, what changed."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from registry.forms.lineage import LineageRequest, parse_positions, parse_search
from registry.lineage.found import Where
from registry.queries.lineage import get_lineage
from registry.queries.lineage_search import find_in_lineage
from registry.services.saved_views import delete_view, save_view
from registry.views.lineage import read_request
from registry.views.lineage_bar import custom_context
from registry.views.lineage_export import view_fields
from registry.views.lineage_tab import Tab, address_query, on_tab, with_mark
from registry.views.request import Request, wants_fragment

WHERE = {
    Where.DRAWN: "in the graph",
    Where.CLUSTER: "in a cluster",
    Where.HIDDEN: "hidden",
    Where.FILTERED: "filtered out",
}


def _custom(request: Request, tab: Tab) -> HttpResponse:
    asked = replace(read_request(request, tab), is_custom=True)
    if not wants_fragment(request):
        return HttpResponseRedirect(tab.url + with_mark(address_query(request, asked)))
    lineage = get_lineage(viewer=request.viewer, base=tab.base, view=asked.view)
    context = {**tab.context(request, asked), **custom_context(request, tab, asked, lineage), "lineage": lineage}
    return render(request, "registry/lineage_custom.html", context)


def _find(request: Request, tab: Tab) -> HttpResponse:
    fields = view_fields(request)
    asked = read_request(request, tab)
    found = find_in_lineage(viewer=request.viewer, base=tab.base, view=asked.view, text=parse_search(fields))
    hits: list[dict[str, Any]] = [
        {
            "hit": hit,
            "where": WHERE.get(hit.where) or f"beyond the hops, {hit.hops} away",
            "url": tab.link(request, asked, hit.show),
        }
        for hit in found.hits
    ]
    more = [{"more": more, "query": _member_query(request, asked, more.cluster, found.text)} for more in found.more]
    context = {**tab.context(request, asked), "found": found, "hits": hits, "more_inside": more}
    template = "registry/lineage_find.html"
    return render(request, f"{template}#found" if wants_fragment(request) else template, context)


def _member_query(request: Request, asked: LineageRequest, cluster: str, text: str) -> str:
    """The address of a search among a cluster's members, in the view that is shown."""
    view = address_query(request, replace(asked, view=replace(asked.view, selected="")))
    search = urlencode({"cluster": cluster, "q": text})
    return f"?{view}&{search}" if view else f"?{search}"


def _live(request: Request, tab: Tab) -> HttpResponse:
    """Answer 204 as long as nothing has changed since the `version` of the page, else 200."""
    asked = read_request(request, tab)
    version = get_lineage(viewer=request.viewer, base=tab.base, view=asked.view).data_version
    is_same = version == request.GET.get("version", "")
    response = HttpResponse(status=204 if is_same else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def _save(request: Request, tab: Tab) -> HttpResponse:
    positions = parse_positions(request.POST.get("positions", ""))
    asked = read_request(request, tab)
    kept = save_view(
        viewer=request.viewer,
        project_id=tab.frame.place.project_id,
        base=tab.base.key,
        name=request.POST.get("name", ""),
        query=replace(asked.view, selected="").to_query(),
        positions=positions,
        is_shared=request.POST.get("shared") == "1",
    )
    messages.success(request, f"View “{kept.name}” saved.")
    saved = replace(asked, saved=kept.pk, is_custom=False)
    return HttpResponseRedirect(tab.url + with_mark(address_query(request, saved)))


@require_POST
def _delete(request: Request, tab: Tab, pk: int) -> HttpResponse:
    delete_view(viewer=request.viewer, view_id=pk)
    messages.success(request, "View deleted.")
    asked = replace(read_request(request, tab), saved=None)
    return HttpResponseRedirect(tab.url + with_mark(address_query(request, asked)))


artifact_lineage_custom, run_lineage_custom = on_tab(_custom)
artifact_lineage_find, run_lineage_find = on_tab(_find)
artifact_lineage_live, run_lineage_live = on_tab(_live)
artifact_lineage_save, run_lineage_save = on_tab(_save)
artifact_lineage_delete, run_lineage_delete = on_tab(_delete)
