"""The one search over everything."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.forms.listing import SiteSearchForm, clean
from registry.queries.search import get_search
from registry.views.access import signed_in
from registry.views.request import Request


@signed_in
@require_safe
def search(request: Request) -> HttpResponse:
    words = clean(SiteSearchForm(request.GET))
    groups = get_search(viewer=request.viewer, **words)
    context = {"groups": groups, "q": words["q"], "search_words": words["q"], "kind": words["kind"]}
    return render(request, "registry/search.html", context)
