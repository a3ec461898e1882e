"""The table of a project's runs, and the page of one."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.forms.listing import RunListForm, RunPageForm, clean
from registry.queries.run_lists import NEWEST, list_runs
from registry.queries.run_pages import RunFrame, get_run_page
from registry.views.access import signed_in
from registry.views.frames import page_context, run_page
from registry.views.request import Request

_COLUMNS = {"state": "State", "name": "Name", "job_type": "Job type", "author": "Author", "started": "Started"}


@dataclass(frozen=True, slots=True)
class Head:
    """A column that sorts the table. `order` is `ascending` or `descending` for the one that does, else empty."""

    words: str
    query: str
    order: str


@signed_in
@require_safe
def run_list(request: Request, *, entity: str, project: str) -> HttpResponse:
    form = RunListForm(request.GET)
    wanted = form.wanted()
    found = list_runs(
        viewer=request.viewer, entity=entity, project=project, wanted=wanted, after=form.cleaned_data["after"]
    )
    context = {
        "project": found.project,
        "tree": found.tree,
        "runs": found.runs,
        "job_types": found.job_types,
        "section": "runs",
        "form": form,
        "wanted": wanted,
        "heads": _heads(request, wanted.sort or NEWEST),
    }
    return render(request, "registry/run_list.html", context)


def _heads(request: Request, sort: str) -> list[Head]:
    """Return the columns that sort; a click on the one that does turns the order about."""
    heads = []
    for column, words in _COLUMNS.items():
        is_here = sort.removeprefix("-") == column
        query = request.GET.copy()
        query.pop("after", None)
        query["sort"] = f"-{column}" if sort == column else column
        order = ("descending" if sort.startswith("-") else "ascending") if is_here else ""
        heads.append(Head(words, query.urlencode(), order))
    return heads


@run_page
@require_safe
def run_detail(request: Request, frame: RunFrame) -> HttpResponse:
    words = clean(RunPageForm(request.GET))
    page = get_run_page(viewer=request.viewer, frame=frame, **words)
    return render(request, "registry/run_detail.html", {**page_context(frame, "overview", request), "page": page})
