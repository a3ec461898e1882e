"""Forms that make, change and delete registries and collections, and that protect aliases."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from registry.forms.changes import (
    CollectionForm,
    NewCollectionForm,
    NewRegistryForm,
    ProtectedAliasForm,
    TagForm,
    TypedNameForm,
)
from registry.queries.changes import (
    get_collection_change,
    get_organization_to_extend,
    get_writable_project,
    list_protected_aliases,
)
from registry.services import aliases, curation, descriptions, registries
from registry.templatetags.addresses import place_url, versions_url
from registry.views.access import signed_in
from registry.views.changing import done, form_page, is_changed
from registry.views.request import Request
from registry.views.version_changes import stale_context

_METHODS = require_http_methods(["GET", "HEAD", "POST"])


@signed_in
@_METHODS
def registry_create(request: Request, *, organization: str) -> HttpResponse:
    entity = get_organization_to_extend(viewer=request.viewer, organization=organization)
    form = NewRegistryForm(request.POST or None)
    made = is_changed(
        form,
        lambda: registries.create_registry(viewer=request.viewer, organization=entity, **form.cleaned_data),
        "name",
    )
    if made:
        name = form.cleaned_data["name"].strip()
        return done(request, reverse("registry_detail", args=[name]), "The registry {} is there.", name)
    return form_page(request, "registry/registry_create.html", {"entity_name": entity.name, "form": form})


@signed_in
@_METHODS
def collection_create(request: Request, *, entity: str, project: str) -> HttpResponse:
    """Make an empty collection that versions can be linked into."""
    frame, row = get_writable_project(viewer=request.viewer, entity=entity, project=project)
    form = NewCollectionForm(request.POST or None)
    made = is_changed(
        form, lambda: registries.create_collection(viewer=request.viewer, project=row, **form.cleaned_data), "name"
    )
    if made:
        words = form.cleaned_data
        address = versions_url(frame.place, words["type_name"].strip(), words["name"].strip())
        return done(request, address, "The collection {} is there.", words["name"].strip())
    return form_page(request, "registry/collection_create.html", {"project": frame, "form": form})


@signed_in
@_METHODS
def collection_update(request: Request, **words: str) -> HttpResponse:
    """Rename and describe a collection; old addresses keep leading to it."""
    change = get_collection_change(viewer=request.viewer, **words)
    current = change.collection.description
    initial = {"name": change.name, "description": current, "seen": descriptions.mark_of(current)}
    form = CollectionForm(request.POST or None, initial=initial)
    saved = is_changed(
        form,
        lambda: descriptions.describe_collection(
            viewer=request.viewer, collection=change.collection, **form.cleaned_data
        ),
        "description",
    )
    if saved:
        address = versions_url(change.project.place, change.type_name, form.cleaned_data["name"].strip())
        return done(request, address, "The collection is saved.")
    context = {"change": change, "form": form, **stale_context(form, current)}
    return form_page(request, "registry/collection_update.html", context, 409 if context["difference"] else None)


@signed_in
@_METHODS
def collection_tags(request: Request, **words: str) -> HttpResponse:
    """Add a tag to the collection or remove one."""
    change = get_collection_change(viewer=request.viewer, **words)
    form = TagForm(request.POST or None)
    changed = is_changed(
        form,
        lambda: curation.change_collection_tags(
            viewer=request.viewer,
            collection=change.collection,
            add=[form.cleaned_data["add"]] if form.cleaned_data["add"] else [],
            remove=[form.cleaned_data["remove"]] if form.cleaned_data["remove"] else [],
        ),
        "add",
    )
    if changed:
        return done(request, versions_url(change.project.place, change.type_name, change.name), "The tags are saved.")
    return form_page(request, "registry/collection_tags.html", {"change": change, "form": form, "tags": change.tags})


@signed_in
@_METHODS
def collection_delete(request: Request, **words: str) -> HttpResponse:
    """Delete a collection once its name is typed."""
    change = get_collection_change(viewer=request.viewer, **words)
    form = TypedNameForm(request.POST or None, name=change.name)
    deleted = is_changed(
        form, lambda: registries.delete_collection(viewer=request.viewer, collection=change.collection), "typed"
    )
    if deleted:
        return done(request, place_url(change.project.place), "The collection {} is deleted.", change.name)
    return form_page(request, "registry/collection_delete.html", {"change": change, "form": form})


@signed_in
@_METHODS
def protected_aliases(request: Request, *, entity: str, project: str) -> HttpResponse:
    """Show the admins which alias names only they may move; add one or give one back."""
    frame, row, held = list_protected_aliases(viewer=request.viewer, entity=entity, project=project)
    form = ProtectedAliasForm(request.POST or None)

    def change() -> None:
        if form.cleaned_data["add"]:
            aliases.protect_alias(viewer=request.viewer, project=row, name=form.cleaned_data["add"])
        if form.cleaned_data["remove"]:
            aliases.unprotect_alias(viewer=request.viewer, project=row, name=form.cleaned_data["remove"])

    if is_changed(form, change, "add"):
        address = reverse("protected_aliases", args=[entity, project])
        return done(request, address, "The protected aliases are saved.")
    context = {"project": frame, "form": form, "held": held}
    return form_page(request, "registry/protected_aliases.html", context)
