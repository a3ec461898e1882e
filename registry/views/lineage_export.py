"""What is on screen on a Lineage tab, as a file. Only the browser knows where cards were dragged to, and posts it."""

import re
from urllib.parse import parse_qs

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from registry.core import clock
from registry.core.errors import InvalidInput, NotFound
from registry.forms.lineage import parse_lineage, parse_positions
from registry.lineage.export import FORMATS, THEMES, Export
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.moved import with_places
from registry.queries.artifact_pages import ArtifactFrame
from registry.queries.lineage import get_lineage
from registry.queries.run_pages import RunFrame
from registry.queries.saved_views import get_long_view, get_view
from registry.views.frames import artifact_page, run_page
from registry.views.request import Request

LONGEST_STEM = 120


@artifact_page
@require_http_methods(["GET", "HEAD", "POST"])
def artifact_lineage_export(request: Request, frame: ArtifactFrame, form: str) -> HttpResponse:
    base = NodeRef(Kind.ARTIFACT, frame.artifact_id)
    return _export(request, base, f"{frame.collection}:{frame.label}", form)


@run_page
@require_http_methods(["GET", "HEAD", "POST"])
def run_lineage_export(request: Request, frame: RunFrame, form: str) -> HttpResponse:
    return _export(request, NodeRef(Kind.RUN, frame.run_id), frame.run.name, form)


def view_fields(request: Request) -> dict[str, list[str]]:
    """Return the parameters of the address, those of a long view (`v=<token>`) among them.

    What the address itself says comes before what is kept. Raises `NotFound` for an unknown token.
    """
    asked = {name: request.GET.getlist(name) for name in request.GET}
    token = (asked.pop("v", None) or [""])[-1]
    kept = get_long_view(viewer=request.viewer, token=token) if token else ""
    return {**parse_qs(kept, keep_blank_values=True), **asked}


def saved_places(request: Request, base: NodeRef, saved: int | None) -> dict[str, list[float]]:
    """Return where the cards were dragged to in the saved view that is shown."""
    if not saved:
        return {}
    try:
        view = get_view(viewer=request.viewer, view_id=saved)
    except NotFound:  # deleted since, or another person's: the view itself is in the address
        return {}
    return view.positions if view.base == base.key else {}


def file_stem(name: str) -> str:
    """Return what a file with the lineage of `name` is called: "lineage-split_zoo_dataset-v0-2026-11-20"."""
    words = re.sub(r"[^\w.-]+", "-", name)[:LONGEST_STEM].strip("-.") or "graph"
    return f"lineage-{words}-{clock.now():%Y-%m-%d}"


def _export(request: Request, base: NodeRef, name: str, form: str) -> HttpResponse:
    found = FORMATS.get(form)
    if found is None:
        raise NotFound(f"Lineage is not exported as {form[:20]!r}, only as {', '.join(FORMATS)}.")
    theme = THEMES.get(request.POST.get("theme") or request.GET.get("theme", "light"))
    if theme is None:
        raise InvalidInput(f"theme: expected one of {', '.join(THEMES)}")
    asked = parse_lineage(view_fields(request))
    view = asked.view
    positions = (
        parse_positions(request.POST["positions"])
        if "positions" in request.POST
        else saved_places(request, base, asked.saved)
    )
    lineage = with_places(get_lineage(viewer=request.viewer, base=base, view=view), positions)
    text = found.write(Export(lineage, f"Lineage of {name}", view.to_query(), theme))
    response = HttpResponse(text, content_type=f"{found.content_type}; charset=utf-8")
    disposition = content_disposition_header(as_attachment=True, filename=file_stem(name) + found.suffix)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
