"""Home, the pages of entities, and the overview of a project."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from registry.forms.listing import SearchForm, clean
from registry.queries.projects import get_entity_page, get_project_page, list_projects
from registry.queries.run_lists import recent_runs
from registry.views.access import signed_in
from registry.views.request import Request

RECENT_RUNS = 10


@signed_in
@require_safe
def home(request: Request) -> HttpResponse:
    words = clean(SearchForm(request.GET))
    page = list_projects(viewer=request.viewer, **words)
    return render(request, "registry/home.html", {"page": page, "section": "projects", **words})


@signed_in
@require_safe
def entity_detail(request: Request, *, entity: str) -> HttpResponse:
    words = clean(SearchForm(request.GET))
    found = get_entity_page(viewer=request.viewer, name=entity, **words)
    context = {"entity": found, "entity_name": found.name, "page": found.projects, "section": "projects", **words}
    return render(request, "registry/entity_detail.html", context)


@signed_in
@require_safe
def project_detail(request: Request, *, entity: str, project: str) -> HttpResponse:
    """Show a project's overview; a registry has its own page."""
    page = get_project_page(viewer=request.viewer, entity=entity, project=project)
    if page.project.place.registry:
        return redirect("registry_detail", page.project.place.registry)
    context = {
        "project": page.project,
        "tree": page.tree,
        "runs": recent_runs(page.project, first=RECENT_RUNS),
        "section": "overview",
    }
    return render(request, "registry/project_detail.html", context)
