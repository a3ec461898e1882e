"""Linking: from a version into a registry, and from a collection by choosing a version."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from registry.core.errors import InvalidInput
from registry.forms.changes import LinkStepForm, LinkToRegistryForm, RegistryStepForm
from registry.forms.listing import clean
from registry.queries.changes import VersionChange, get_collection_change, get_version_change
from registry.queries.link_choices import (
    get_registry_to_link,
    get_source_choices,
    get_version_to_link,
    list_alias_moves,
    list_collections_to_link,
    list_registry_choices,
)
from registry.queries.places import place_of
from registry.services import links
from registry.templatetags.addresses import version_url
from registry.views.access import signed_in
from registry.views.changing import done, form_page, is_changed
from registry.views.request import Request

if TYPE_CHECKING:
    from registry.models import Project

_METHODS = require_http_methods(["GET", "HEAD", "POST"])


@signed_in
@_METHODS
def version_link(request: Request, **words: str) -> HttpResponse:
    """Link the version into a registry: choose the registry, then the collection or a name for a new one."""
    change = get_version_change(viewer=request.viewer, **words)
    form = LinkToRegistryForm(request.POST or None)
    chosen = request.POST.get("registry") or clean(RegistryStepForm(request.GET))["registry"]
    registry = get_registry_to_link(viewer=request.viewer, name=chosen) if chosen else None
    address = ""

    def link() -> None:
        nonlocal address
        assert registry is not None  # noqa: S101 - the form requires its name
        membership = links.link_version(
            viewer=request.viewer,
            artifact=change.artifact,
            project=registry,
            collection_name=form.cleaned_data["collection"],
            aliases=form.cleaned_data["aliases"],
        )
        name = membership.collection.name
        address = version_url(place_of(registry), change.type_name, name, f"v{membership.version}")

    moves = _moves(request, form, registry, change)
    is_told = form.is_valid() and form.cleaned_data["told"] == "; ".join(moves)
    if is_told and is_changed(form, link, "collection"):
        return done(request, address, "{} is linked.", f"{change.name}:{change.label}")
    type_name = change.artifact.collection.type_name
    context = {
        "change": change,
        "form": form,
        "moves": moves,
        "chosen": place_of(registry) if registry else None,
        "registries": list_registry_choices(viewer=request.viewer, type_name=type_name),
        "collections": list_collections_to_link(viewer=request.viewer, registry=registry, type_name=type_name)
        if registry
        else [],
    }
    return form_page(request, "registry/version_link.html", context)


def _moves(request: Request, form: LinkToRegistryForm, registry: "Project | None", change: VersionChange) -> list[str]:
    """Return which aliases the posted form would take from other versions."""
    if registry is None or not form.is_valid():
        return []
    return list_alias_moves(
        viewer=request.viewer,
        registry=registry,
        collection=form.cleaned_data["collection"],
        aliases=form.cleaned_data["aliases"],
        artifact=change.artifact,
    )


@signed_in
@_METHODS
def collection_link(request: Request, **words: str) -> HttpResponse:
    """Link a version into the collection: choose a project, an artifact of it, a version; the last step is a POST."""
    change = get_collection_change(viewer=request.viewer, **words)
    if not change.collection.is_portfolio:
        raise InvalidInput("Versions come into this collection when a run logs them; it takes no links.")
    form = LinkStepForm(request.POST if request.method == "POST" else request.GET)
    step = clean(form)
    address = ""

    def link() -> None:
        nonlocal address
        version = get_version_to_link(
            viewer=request.viewer, source=step["source"], artifact=step["artifact"], version=step["version"] or "v0"
        )
        membership = links.link_version(
            viewer=request.viewer,
            artifact=version,
            project=change.collection.project,
            collection_name=change.name,
            aliases=[],
        )
        address = version_url(change.project.place, change.type_name, change.name, f"v{membership.version}")

    if request.method == "POST" and is_changed(form, link):
        return done(request, address, "{} is linked.", f"{step['artifact']}:{step['version']}")
    names = ("source", "artifact", "q", "before")
    choices = get_source_choices(
        viewer=request.viewer, type_name=change.type_name, **{name: step[name] for name in names}
    )
    context = {"change": change, "form": form, "step": step, "choices": choices}
    return form_page(request, "registry/collection_link.html", context)
