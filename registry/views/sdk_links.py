"""The addresses that the SDK prints for linked versions: they lead to ours."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from registry.core import names
from registry.forms.listing import SdkLinkForm, clean
from registry.views.access import signed_in
from registry.views.request import Request


@signed_in
@require_safe
def organization_registry(request: Request, *, organization: str, registry: str) -> HttpResponse:
    """Lead `/orgs/<organisation>/registry/<name>?selectionPath=entity/project/collection&version=vN` to the version."""
    return _to_selection(request, registry)


@signed_in
@require_safe
def entity_registry(request: Request, *, entity: str, registry: str) -> HttpResponse:
    """Lead `/<entity>/registry/model?selectionPath=…`, which the SDK prints for models, to the version."""
    return _to_selection(request, registry)


def _to_selection(request: Request, registry: str) -> HttpResponse:
    words = clean(SdkLinkForm(request.GET))
    path = words["selectionPath"].split("/")
    if len(path) != 3:
        return redirect("registry_detail", registry)
    entity, project, collection = path
    version = words["version"] or "latest"
    if names.is_registry_project(project):
        return redirect("registry_version", names.registry_name(project), collection, version)
    return redirect("artifact_version", entity, project, "model", collection, version)
