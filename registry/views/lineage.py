"""The Lineage tab of a version, a linked version and a run, with its preview and cluster search."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from registry.core.errors import NotFound
from registry.forms.lineage import (
    SHOW_ALL,
    LineageRequest,
    ViewChange,
    changed_view,
    parse_lineage,
    parse_member_search,
    parse_node,
)
from registry.lineage.elements import cytoscape_payload
from registry.lineage.graph import CLUSTER_KEY, NodeRef
from registry.lineage.hiding import only_through
from registry.lineage.picture import Lineage
from registry.lineage.steps import neighbours_of
from registry.queries.lineage import get_drawn_lineage, get_lineage, list_cluster_members
from registry.queries.previews import get_preview
from registry.views.lineage_bar import bar_context, custom_context
from registry.views.lineage_export import saved_places, view_fields
from registry.views.lineage_outline import outline_of
from registry.views.lineage_tab import Tab, address_query, on_tab, with_mark
from registry.views.request import Request, wants_fragment

DONE = {
    "hide": "hidden",
    "hide-through": "hidden with all that it leads to",
    "show": "shown",
    "extract": "extracted",
    "put-back": "put back",
    "put-all-back": "put back",
    "unfold": "expanded",
    "fold": "collapsed",
}
# what they are about stands in the picture before the change alone
NAMED_BEFORE = {"hide-through", "put-back", "put-all-back"}
MOST_AT_ONCE = 20


def read_request(request: Request, tab: Tab) -> LineageRequest:
    """Read the address of a tab; the base itself is no focus."""
    asked = parse_lineage(view_fields(request))
    is_base = asked.view.focus == tab.base.key
    return replace(asked, view=replace(asked.view, focus="")) if is_base else asked


def _lineage(request: Request, tab: Tab) -> HttpResponse:
    asked = read_request(request, tab)
    asked, lineage, announcement = _follow(request, tab, asked)
    address = tab.url + with_mark(address_query(request, asked))
    if announcement and not wants_fragment(request):
        return HttpResponseRedirect(address)
    context = {
        **tab.context(request, asked),
        **bar_context(request, tab, asked, lineage),
        "lineage": lineage,
        "levels": outline_of(lineage),
        "payload": cytoscape_payload(lineage),
        "places": saved_places(request, tab.base, asked.saved),
        "is_empty": _is_alone(lineage),
        "shown": _shown(lineage),
        "announcement": announcement,
        "data_version": lineage.data_version,
        "is_live": lineage.is_going,
    }
    if wants_fragment(request):
        response = render(request, "registry/lineage_detail.html#lineage", context)
        response.headers["HX-Push-Url"] = address
        return response
    if asked.is_custom:
        context |= custom_context(request, tab, asked, lineage)
    return render(request, "registry/lineage_detail.html", {**context, **_selected(request, tab, asked, lineage)})


def _follow(request: Request, tab: Tab, asked: LineageRequest) -> tuple[LineageRequest, Lineage, str]:
    """Make the change that is asked for; return the view after it, its lineage and the sentence that says so."""
    change = asked.change
    others: tuple[str, ...] = ()
    before: Lineage | None = None
    if change.action in NAMED_BEFORE:
        before = get_lineage(viewer=request.viewer, base=tab.base, view=asked.view)
        if change.action == "put-all-back":
            others = tuple(node.key for node in before.nodes if node.extracted_from == change.key)
        elif change.action == "hide-through":
            others = only_through(before, change.key)
    view = changed_view(asked.view, change, others)
    lineage = get_lineage(viewer=request.viewer, base=tab.base, view=view)
    return replace(asked, view=view, change=ViewChange()), lineage, _announcement(before or lineage, lineage, change)


def _announcement(before: Lineage, lineage: Lineage, change: ViewChange) -> str:
    if not change:
        return ""
    names = dict(lineage.expanded)
    names |= {node.key: node.name for shown in (before, lineage) for node in (*shown.nodes, *shown.hidden)}
    is_all = change.key == SHOW_ALL or change.action == "put-all-back"
    several = f"{len(change.key.split(','))} members" if "," in change.key else "Member"
    what = "All" if is_all else names.get(change.key, several)
    return f"{what} {DONE[change.action]}, {lineage.visible:,} node{'' if lineage.visible == 1 else 's'} visible"


def _is_alone(lineage: Lineage) -> bool:
    """True when no run has used or logged anything here, whatever the view."""
    is_end = not any(node.frontier_up or node.frontier_down for node in lineage.nodes)
    return is_end and not lineage.edges and not lineage.hidden and lineage.total == 1 == lineage.visible


def _shown(lineage: Lineage) -> str:
    bound = "≥ " if lineage.total_is_lower_bound else ""
    return f"{lineage.visible:,} of {bound}{lineage.total:,} shown"


def _selected(request: Request, tab: Tab, asked: LineageRequest, lineage: Lineage) -> dict[str, Any]:
    """The preview that the address asks for; without JavaScript it is how a preview opens."""
    key = asked.view.selected
    if not key or CLUSTER_KEY.fullmatch(key):
        return {}
    try:
        return _preview_context(request, tab, asked, NodeRef.parse(key), lineage)
    except NotFound:  # gone since the address was copied, or another person's: the graph is still worth showing
        return {}


def _preview_context(
    request: Request, tab: Tab, asked: LineageRequest, node: NodeRef, lineage: Lineage
) -> dict[str, Any]:
    drawn = next((found for found in lineage.nodes if found.key == node.key), None)
    return {
        "preview": get_preview(viewer=request.viewer, node=node),
        "preview_is_base": node == tab.base,
        "preview_is_focus": node.key == lineage.focus,
        "preview_is_extracted": node.key in asked.view.extracted,
        "preview_is_hidden": node.key in asked.view.hidden,
        "preview_is_member": bool(request.GET.get("cluster")) or (drawn is None and node.key not in asked.view.hidden),
        "preview_stale": drawn.stale if drawn else (),
        "preview_takes": len(only_through(lineage, node.key)) if drawn else 0,
        "steps": neighbours_of(lineage, node.key),
    }


def _preview(request: Request, tab: Tab) -> HttpResponse:
    asked = read_request(request, tab)
    node = parse_node(view_fields(request))
    if not wants_fragment(request):
        chosen = replace(asked, view=replace(asked.view, selected=node.key))
        return HttpResponseRedirect(tab.url + with_mark(address_query(request, chosen)))
    drawn = request.GET.get("drawn", "")
    lineage = get_drawn_lineage(viewer=request.viewer, base=tab.base, view=asked.view, data_version=drawn)
    context = {**tab.context(request, asked), **_preview_context(request, tab, asked, node, lineage)}
    return render(request, "registry/lineage_preview.html", context)


def _cluster(request: Request, tab: Tab) -> HttpResponse:
    asked = read_request(request, tab)
    search = parse_member_search(view_fields(request))
    page = list_cluster_members(
        viewer=request.viewer,
        base=tab.base,
        view=asked.view,
        cluster=search.cluster,
        search=search.text,
        after=search.after,
        sort=search.sort,
        state=search.state,
        type_name=search.type_name,
        name=search.name,
        counts_all=search.counts_all,
    )
    inside = [member.key for member in page.members if not member.is_extracted]
    context = {
        **tab.context(request, asked),
        "page": page,
        "search": search,
        "has_extracted": bool(asked.view.extracted),
        "several": ",".join(inside) if 1 < len(inside) <= MOST_AT_ONCE else "",
        "several_count": len(inside),
    }
    template = "registry/lineage_cluster.html"
    return render(request, f"{template}#cluster" if wants_fragment(request) else template, context)


artifact_lineage, run_lineage = on_tab(_lineage)
artifact_lineage_preview, run_lineage_preview = on_tab(_preview)
artifact_lineage_cluster, run_lineage_cluster = on_tab(_cluster)
