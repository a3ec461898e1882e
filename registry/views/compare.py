"""Two versions beside each other."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from registry.forms.listing import CompareForm, clean
from registry.queries.compare import ComparedAt, get_comparison
from registry.views.access import signed_in
from registry.views.request import Request


@signed_in
@require_safe
def artifact_compare(request: Request, *, collection: str, version: str, **place: str) -> HttpResponse:
    """Compare a version with the one that `with` names, by default the one before it."""
    words = clean(CompareForm(request.GET))
    found = get_comparison(
        viewer=request.viewer,
        place=place,
        collection=collection,
        version=version,
        other=words["with"],
        after=words["after"],
    )
    if isinstance(found, ComparedAt):
        name = "registry_compare" if "registry" in place else "artifact_compare"
        address = reverse(name, kwargs={**place, "collection": found.collection, "version": found.version})
        return redirect(f"{address}?{urlencode({'with': found.other})}" if found.other else address)
    return render(request, "registry/artifact_compare.html", {"project": found.project, "page": found})
