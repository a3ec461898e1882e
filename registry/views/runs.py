"""The table of a project's runs, and the page of one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.forms.listing import RunListForm, RunPageForm, clean
from registry.queries.run_pages import RunFrame, get_run_page, list_runs
from registry.views.access import signed_in
from registry.views.frames import page_context, run_page
from registry.views.request import Request


@signed_in
@require_safe
def run_list(request: Request, *, entity: str, project: str) -> HttpResponse:
    form = RunListForm(request.GET)
    words = clean(form)
    found = list_runs(viewer=request.viewer, entity=entity, project=project, **words)
    context = {"project": found.project, "tree": found.tree, "runs": found.runs, "section": "runs", "form": form}
    return render(request, "registry/run_list.html", {**context, **words})


@run_page
@require_safe
def run_detail(request: Request, frame: RunFrame) -> HttpResponse:
    words = clean(RunPageForm(request.GET))
    page = get_run_page(viewer=request.viewer, frame=frame, **words)
    return render(request, "registry/run_detail.html", {**page_context(frame, "overview", request), "page": page})
