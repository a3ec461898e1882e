"""The Lineage tab of a version, a linked version and a run, with its preview and cluster search."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

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
from registry.lineage.graph import CLUSTER_KEY, Kind, NodeRef
from registry.lineage.picture import Lineage
from registry.queries.artifact_pages import ArtifactFrame
from registry.queries.lineage import get_lineage, list_cluster_members
from registry.queries.previews import get_preview
from registry.queries.run_pages import RunFrame
from registry.views.frames import artifact_page, page_context, run_page
from registry.views.lineage_outline import outline_of
from registry.views.request import Request, wants_fragment

DONE = {
    "hide": "hidden",
    "show": "shown",
    "extract": "extracted",
    "put-back": "put back",
    "put-all-back": "put back",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """What the three kinds of Lineage tab differ in."""

    frame: ArtifactFrame | RunFrame
    base: NodeRef
    template: str
    name: str
    url: str
    preview_url: str
    cluster_url: str

    def context(self, request: Request, asked: LineageRequest) -> dict[str, Any]:
        """The values that every template of the tab needs."""
        return {
            **page_context(self.frame, "lineage", request),
            "base_template": self.template,
            "lineage_url": self.url,
            "preview_url": self.preview_url,
            "cluster_url": self.cluster_url,
            "base_name": self.name,
            "view": asked.view,
            "view_fields": parse_qsl(_unselected(asked).query),
            "view_query": _with_mark(_unselected(asked).query),
            "toggle_query": _with_mark(replace(_unselected(asked), is_list=not asked.is_list).query),
            "is_list": asked.is_list,
        }


@artifact_page
@require_safe
def artifact_lineage(request: Request, frame: ArtifactFrame) -> HttpResponse:
    return _lineage(request, _version_tab(frame))


@artifact_page
@require_safe
def artifact_lineage_preview(request: Request, frame: ArtifactFrame) -> HttpResponse:
    return _preview(request, _version_tab(frame))


@artifact_page
@require_safe
def artifact_lineage_cluster(request: Request, frame: ArtifactFrame) -> HttpResponse:
    return _cluster(request, _version_tab(frame))


@run_page
@require_safe
def run_lineage(request: Request, frame: RunFrame) -> HttpResponse:
    return _lineage(request, _run_tab(frame))


@run_page
@require_safe
def run_lineage_preview(request: Request, frame: RunFrame) -> HttpResponse:
    return _preview(request, _run_tab(frame))


@run_page
@require_safe
def run_lineage_cluster(request: Request, frame: RunFrame) -> HttpResponse:
    return _cluster(request, _run_tab(frame))


def _version_tab(frame: ArtifactFrame) -> Tab:
    place = frame.place
    if place.registry:
        name, words = "registry_lineage", [place.registry, frame.collection, frame.label]
    else:
        name = "artifact_lineage"
        words = [place.entity, place.project, frame.type_name, frame.collection, frame.label]
    return Tab(
        frame=frame,
        base=NodeRef(Kind.ARTIFACT, frame.artifact_id),
        template="registry/artifact_base.html",
        name=f"{frame.collection}:{frame.label}",
        url=reverse(name, args=words),
        preview_url=reverse(f"{name}_preview", args=words),
        cluster_url=reverse(f"{name}_cluster", args=words),
    )


def _run_tab(frame: RunFrame) -> Tab:
    words = [frame.place.entity, frame.place.project, frame.run.uid]
    return Tab(
        frame=frame,
        base=NodeRef(Kind.RUN, frame.run_id),
        template="registry/run_base.html",
        name=frame.run.name,
        url=reverse("run_lineage", args=words),
        preview_url=reverse("run_lineage_preview", args=words),
        cluster_url=reverse("run_lineage_cluster", args=words),
    )


def _parameters(request: HttpRequest) -> dict[str, list[str]]:
    return {name: request.GET.getlist(name) for name in request.GET}


def _unselected(asked: LineageRequest) -> LineageRequest:
    """The view without what is selected, which is no part of a change."""
    return replace(asked, view=replace(asked.view, selected=""))


def _with_mark(query: str) -> str:
    return f"?{query}" if query else ""


def _lineage(request: Request, tab: Tab) -> HttpResponse:
    asked = parse_lineage(_parameters(request))
    asked, lineage, announcement = _follow(request, tab, asked)
    address = tab.url + _with_mark(asked.query)
    if announcement and not wants_fragment(request):
        return HttpResponseRedirect(address)
    context = {
        **tab.context(request, asked),
        "lineage": lineage,
        "levels": outline_of(lineage),
        "payload": cytoscape_payload(lineage),
        "is_empty": not lineage.edges and not lineage.hidden and len(lineage.nodes) == 1,
        "shown": _shown(lineage),
        "announcement": announcement,
        "has_clusters": any(node.is_cluster for node in lineage.nodes),
    }
    if wants_fragment(request):
        response = render(request, "registry/lineage_detail.html#lineage", context)
        response.headers["HX-Push-Url"] = address
        return response
    return render(request, "registry/lineage_detail.html", {**context, **_selected(request, tab, asked)})


def _follow(request: Request, tab: Tab, asked: LineageRequest) -> tuple[LineageRequest, Lineage, str]:
    """Make the change that is asked for; return the view after it, its lineage and the sentence that says so."""
    change = asked.change
    members: tuple[str, ...] = ()
    if change.action == "put-all-back":
        before = get_lineage(viewer=request.viewer, base=tab.base, view=asked.view)
        members = tuple(node.key for node in before.nodes if node.extracted_from == change.key)
    view = changed_view(asked.view, change, members)
    lineage = get_lineage(viewer=request.viewer, base=tab.base, view=view)
    return replace(asked, view=view, change=ViewChange()), lineage, _announcement(lineage, change)


def _announcement(lineage: Lineage, change: ViewChange) -> str:
    if not change:
        return ""
    names = {node.key: node.name for node in (*lineage.nodes, *lineage.hidden)}
    is_all = change.key == SHOW_ALL or change.action == "put-all-back"
    what = "All" if is_all else names.get(change.key, "Member")
    return f"{what} {DONE[change.action]}, {lineage.visible:,} node{'' if lineage.visible == 1 else 's'} visible"


def _shown(lineage: Lineage) -> str:
    bound = "≥ " if lineage.total_is_lower_bound else ""
    return f"{lineage.visible:,} of {bound}{lineage.total:,} shown"


def _selected(request: Request, tab: Tab, asked: LineageRequest) -> dict[str, Any]:
    """The preview that the address asks for; without JavaScript it is how a preview opens."""
    key = asked.view.selected
    if not key or CLUSTER_KEY.fullmatch(key):
        return {}
    try:
        return _preview_context(request, tab, asked, NodeRef.parse(key))
    except NotFound:  # gone since the address was copied, or another person's: the graph is still worth showing
        return {}


def _preview_context(request: Request, tab: Tab, asked: LineageRequest, node: NodeRef) -> dict[str, Any]:
    return {
        "preview": get_preview(viewer=request.viewer, node=node),
        "preview_is_base": node == tab.base,
        "preview_is_extracted": node.key in asked.view.extracted,
        "preview_is_hidden": node.key in asked.view.hidden,
        "preview_is_member": bool(request.GET.get("cluster")),
    }


def _preview(request: Request, tab: Tab) -> HttpResponse:
    parameters = _parameters(request)
    asked = parse_lineage(parameters)
    node = parse_node(parameters)
    if not wants_fragment(request):
        chosen = replace(asked, view=replace(asked.view, selected=node.key))
        return HttpResponseRedirect(tab.url + _with_mark(chosen.query))
    context = {**tab.context(request, asked), **_preview_context(request, tab, asked, node)}
    return render(request, "registry/lineage_preview.html", context)


def _cluster(request: Request, tab: Tab) -> HttpResponse:
    parameters = _parameters(request)
    asked = parse_lineage(parameters)
    search = parse_member_search(parameters)
    page = list_cluster_members(
        viewer=request.viewer,
        base=tab.base,
        view=asked.view,
        cluster=search.cluster,
        search=search.text,
        after=search.after,
    )
    context = {
        **tab.context(request, asked),
        "page": page,
        "search": search,
        "has_extracted": bool(asked.view.extracted),
    }
    template = "registry/lineage_cluster.html"
    return render(request, f"{template}#cluster" if wants_fragment(request) else template, context)
