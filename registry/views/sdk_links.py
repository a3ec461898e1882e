"""The addresses that the SDK prints for linked versions lead to ours."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from registry.core import names
from registry.forms.listing import SdkLinkForm, clean
from registry.queries.registry_pages import get_collection_type
from registry.queries.versions import LATEST
from registry.views.access import signed_in
from registry.views.request import Request


@signed_in
@require_safe
def linked_version(request: Request, *, registry: str, **_owner: str) -> HttpResponse:
    """Lead `…/registry/<name>?selectionPath=entity/project/collection&version=vN` to the version.

    The SDK prints it below `/orgs/<organisation>` for a registry and below `/<entity>` for a model of a project.
    """
    words = clean(SdkLinkForm(request.GET))
    path = words["selectionPath"].split("/")
    if len(path) != 3:
        return redirect("registry_detail", registry)
    entity, project, collection = path
    version = words["version"] or LATEST
    if names.is_registry_project(project):
        return redirect("registry_version", names.registry_name(project), collection, version)
    type_name = get_collection_type(viewer=request.viewer, entity=entity, project=project, collection=collection)
    return redirect("artifact_version", entity, project, type_name, collection, version)
