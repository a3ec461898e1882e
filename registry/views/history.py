"""Histories from the audit log: of a collection, of a project, of an organisation; as pages, CSV and JSON."""

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from registry.core.tables import csv_lines
from registry.forms.listing import ExportForm, HistoryForm, LogForm, clean
from registry.queries.audit import (
    Scope,
    get_collection_scope,
    get_history,
    get_organization_scope,
    get_project_scope,
    list_history,
)
from registry.views.access import signed_in
from registry.views.request import Request

_COLUMNS = ("id", "at", "action", "actor", "origin", "object", "version", "alias", "before", "after", "request_id")


@signed_in
@require_safe
def collection_history(request: Request, **words: str) -> HttpResponse:
    """Show who linked, unlinked and moved what in a collection, newest first (REG-5)."""
    scope = get_collection_scope(viewer=request.viewer, **words)
    return _page(request, scope, HistoryForm(request.GET), "Action History")


@signed_in
@require_safe
def collection_history_export(request: Request, **words: str) -> StreamingHttpResponse:
    scope = get_collection_scope(viewer=request.viewer, **words)
    return _export(request, scope, HistoryForm(request.GET), scope.collection)


@signed_in
@require_safe
def project_history(request: Request, *, entity: str, project: str) -> HttpResponse:
    """Show a project's admins everything that was changed in it."""
    scope = get_project_scope(viewer=request.viewer, entity=entity, project=project)
    return _page(request, scope, LogForm(request.GET), "Project log")


@signed_in
@require_safe
def project_history_export(request: Request, *, entity: str, project: str) -> StreamingHttpResponse:
    scope = get_project_scope(viewer=request.viewer, entity=entity, project=project)
    return _export(request, scope, LogForm(request.GET), project)


@signed_in
@require_safe
def organization_history(request: Request, *, organization: str) -> HttpResponse:
    """Show an organisation's admins everything that was changed in it."""
    scope = get_organization_scope(viewer=request.viewer, organization=organization)
    return _page(request, scope, LogForm(request.GET), "Organisation log")


@signed_in
@require_safe
def organization_history_export(request: Request, *, organization: str) -> StreamingHttpResponse:
    scope = get_organization_scope(viewer=request.viewer, organization=organization)
    return _export(request, scope, LogForm(request.GET), organization)


def _page(request: Request, scope: Scope, form: HistoryForm, title: str) -> HttpResponse:
    wanted = form.wanted()
    page = get_history(viewer=request.viewer, scope=scope, wanted=wanted, after=form.cleaned_data["after"])
    match = request.resolver_match
    export = reverse(f"{match.url_name if match else ''}_export", kwargs=match.kwargs if match else {})
    context = {
        "title": title,
        "page": page,
        "scope": scope,
        "project": scope.project,
        "tree": scope.tree,
        "entity_name": scope.organization,
        "section": "artifacts" if scope.collection else "log",
        "form": form,
        "wanted": wanted,
        "export": export,
        "filters": _filters(request),
    }
    return render(request, "registry/history.html", context)


def _filters(request: Request) -> str:
    """Return the address's filters without the place in the list, to be carried on."""
    query = request.GET.copy()
    for name in ("after", "latest", "format"):
        query.pop(name, None)
    return query.urlencode()


def _export(request: Request, scope: Scope, form: HistoryForm, name: str) -> StreamingHttpResponse:
    wanted = form.wanted()
    kind = clean(ExportForm(request.GET))["format"]
    rows = list_history(viewer=request.viewer, scope=scope, wanted=wanted)
    if kind == "csv":
        response = StreamingHttpResponse(csv_lines(_COLUMNS, rows), content_type="text/csv; charset=utf-8")
    else:
        response = StreamingHttpResponse(_json_lines(rows), content_type="application/json")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"history {name}.{kind}") or ""
    return response


def _json_lines(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Yield a JSON list, one event a line."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
