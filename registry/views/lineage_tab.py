"""What the Lineage tabs of versions, linked versions and runs share: where they are, and the addresses of views."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Concatenate, ParamSpec
from urllib.parse import parse_qsl, urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.gzip import gzip_page

from registry.forms.lineage import LineageRequest
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.view import ViewState
from registry.queries.artifact_pages import ArtifactFrame
from registry.queries.run_pages import RunFrame
from registry.services.saved_views import LONGEST_ADDRESS, keep_long_view
from registry.views.access import View
from registry.views.frames import artifact_page, page_context, run_page
from registry.views.request import Request

Rest = ParamSpec("Rest")


@dataclass(frozen=True, slots=True)
class Tab:
    """What the three kinds of Lineage tab differ in."""

    frame: ArtifactFrame | RunFrame
    base: NodeRef
    template: str
    name: str
    url: str

    def context(self, request: Request, asked: LineageRequest) -> dict[str, Any]:
        """The values that every template of the tab needs."""
        plain = replace(asked, view=replace(asked.view, selected=""), saved=None)
        query = address_query(request, plain)
        return {
            **page_context(self.frame, "lineage", request),
            "base_template": self.template,
            "lineage_url": self.url,
            "preview_url": f"{self.url}/preview",
            "cluster_url": f"{self.url}/cluster",
            "base_name": self.name,
            "view": asked.view,
            "view_fields": parse_qsl(query, keep_blank_values=True),
            "view_query": with_mark(query),
            "toggle_query": with_mark(address_query(request, replace(plain, is_list=not asked.is_list))),
            "is_list": asked.is_list,
        }

    def link(self, request: Request, asked: LineageRequest, view: ViewState) -> str:
        """The address of another view of this tab."""
        return self.url + with_mark(address_query(request, replace(asked, view=view, saved=None)))


def on_tab(answer: Callable[Concatenate[Request, Tab, Rest], HttpResponse]) -> tuple[View, View]:
    """Make the views of versions and of runs from one that takes their tab."""

    @artifact_page
    def artifact(request: Request, frame: ArtifactFrame, *args: Rest.args, **words: Rest.kwargs) -> HttpResponse:
        return answer(request, _version_tab(frame), *args, **words)

    @run_page
    def run(request: Request, frame: RunFrame, *args: Rest.args, **words: Rest.kwargs) -> HttpResponse:
        return answer(request, _run_tab(frame), *args, **words)

    # lists of hundreds of nodes are a tenth when compressed; the padding keeps secrets in them from being guessed
    return gzip_page(artifact), gzip_page(run)


def address_query(request: Request, asked: LineageRequest) -> str:
    """The canonical query of a view, without its change: the lists of one that is too long are kept under a token."""
    marks = urlencode(asked.marks)
    query = asked.view.to_query()
    if len(query) > LONGEST_ADDRESS:
        lists = ViewState(hidden=asked.view.hidden, extracted=asked.view.extracted, expanded=asked.view.expanded)
        rest = replace(asked.view, hidden=(), extracted=(), expanded=())
        token = keep_long_view(viewer=request.viewer, query=lists.to_query())
        query = "&".join(part for part in (rest.to_query(), f"v={token}") if part)
    return "&".join(part for part in (query, marks) if part)


def with_mark(query: str) -> str:
    return f"?{query}" if query else ""


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
    )


def _run_tab(frame: RunFrame) -> Tab:
    words = [frame.place.entity, frame.place.project, frame.run.uid]
    return Tab(
        frame=frame,
        base=NodeRef(Kind.RUN, frame.run_id),
        template="registry/run_base.html",
        name=frame.run.name,
        url=reverse("run_lineage", args=words),
    )
