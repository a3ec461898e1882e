"""Forms that change one version: its aliases, tags and description; and its deletion."""

import difflib

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from registry.forms.changes import AliasForm, AliasNameForm, DescriptionForm, TagForm, TypedNameForm
from registry.forms.listing import clean
from registry.queries.changes import (
    AliasHolder,
    VersionChange,
    find_alias_holder,
    get_deletion_reach,
    get_own_version_change,
    get_version_change,
    list_version_tags,
)
from registry.services import aliases, curation, descriptions, links, versions
from registry.templatetags.addresses import collection_url, version_url
from registry.views.access import signed_in
from registry.views.changing import done, form_page, is_changed
from registry.views.request import Request

_METHODS = require_http_methods(["GET", "HEAD", "POST"])
# comparing two texts takes time that grows with the square of their length
_LONGEST_COMPARED = 20_000


def _address(change: VersionChange) -> str:
    return version_url(change.project.place, change.type_name, change.name, change.label)


@signed_in
@_METHODS
def alias_create(request: Request, **words: str) -> HttpResponse:
    """Give the version an alias. When that takes it from another version, the form says so and asks once more."""
    change = get_version_change(viewer=request.viewer, **words)
    form = AliasForm(request.POST or None, initial=clean(AliasNameForm(request.GET)))
    name = _name_in(form)
    holder = find_alias_holder(viewer=request.viewer, change=change, name=name)
    if form.is_valid() and _is_told(form, holder, change):
        moved = is_changed(
            form,
            lambda: aliases.set_alias(
                viewer=request.viewer, collection=change.collection, artifact=change.artifact, name=name
            ),
            "name",
        )
        if moved:
            return done(request, _address(change), *_alias_sentence(holder, change))
    return form_page(request, "registry/alias_create.html", {"change": change, "form": form, "holder": holder})


def _name_in(form: forms.Form) -> str:
    """Return the clean name of a form; what was written, for a form that is not sent yet or comes back."""
    return str(form.cleaned_data["name"] if form.is_valid() else form["name"].value() or "").strip()


def _is_told(form: forms.Form, holder: AliasHolder, change: VersionChange) -> bool:
    """Tell whether the form said which version loses the alias, as it is now."""
    return holder.label in ("", change.label) or form.cleaned_data["moves_from"] == holder.label


def _alias_sentence(holder: AliasHolder, change: VersionChange) -> tuple[str, ...]:
    if holder.label == change.label:
        return "{} already was {}.", change.label, holder.name
    if holder.label:
        return "{} moved from {} to {}.", holder.name, holder.label, change.label
    return "{} is {} now.", change.label, holder.name


@signed_in
@_METHODS
def alias_delete(request: Request, **words: str) -> HttpResponse:
    """Take an alias from the version, after saying what that means."""
    change = get_version_change(viewer=request.viewer, **words)
    form = AliasForm(request.POST or None, initial=clean(AliasNameForm(request.GET)))
    name = _name_in(form)
    removed = is_changed(
        form,
        lambda: aliases.remove_alias(
            viewer=request.viewer, collection=change.collection, artifact=change.artifact, name=name
        ),
        "name",
    )
    if removed:
        return done(request, _address(change), "{} is not {} any more.", change.label, name)
    return form_page(request, "registry/alias_delete.html", {"change": change, "form": form, "name": name})


@signed_in
@_METHODS
def version_tags(request: Request, **words: str) -> HttpResponse:
    """Add a tag to the version or remove one."""
    change = get_own_version_change(viewer=request.viewer, **words)
    form = TagForm(request.POST or None)
    changed = is_changed(
        form,
        lambda: curation.change_version(
            viewer=request.viewer,
            artifact=change.artifact,
            tags_to_add=[form.cleaned_data["add"]] if form.cleaned_data["add"] else [],
            tags_to_remove=[form.cleaned_data["remove"]] if form.cleaned_data["remove"] else [],
        ),
        "add",
    )
    if changed:
        return done(request, _address(change), "The tags are saved.")
    tags = list_version_tags(viewer=request.viewer, change=change)
    return form_page(request, "registry/version_tags.html", {"change": change, "form": form, "tags": tags})


@signed_in
@_METHODS
def version_description(request: Request, **words: str) -> HttpResponse:
    """Write the version's description; somebody else's text is never overwritten unseen."""
    change = get_own_version_change(viewer=request.viewer, **words)
    current = change.artifact.description
    initial = {"description": current, "seen": descriptions.mark_of(current)}
    form = DescriptionForm(request.POST or None, initial=initial)
    saved = is_changed(
        form,
        lambda: descriptions.describe_version(
            viewer=request.viewer,
            artifact=change.artifact,
            description=form.cleaned_data["description"],
            seen=form.cleaned_data["seen"],
        ),
        "description",
    )
    if saved:
        return done(request, _address(change), "The description is saved.")
    context = {"change": change, "form": form, **stale_context(form, current)}
    return form_page(request, "registry/version_description.html", context, 409 if context["difference"] else None)


def stale_context(form: forms.Form, current: str) -> dict[str, object]:
    """Return what a form shows whose text was overtaken: what differs, and the mark of what stands there now."""
    overtaken = descriptions.STALE in form.errors.get("description", [])
    difference = []
    if overtaken:
        mine = str(form.cleaned_data.get("description", form.data.get("description", "")))
        theirs, yours = (text[:_LONGEST_COMPARED].splitlines() for text in (current, mine))
        difference = list(difflib.unified_diff(theirs, yours, lineterm="", n=2))[2:]
    seen = descriptions.mark_of(current) if overtaken else form["seen"].value()
    return {"difference": difference, "seen": seen}


@signed_in
@_METHODS
def version_unlink(request: Request, **words: str) -> HttpResponse:
    """Take a linked version out of its collection, after saying which aliases go with it."""
    change = get_version_change(viewer=request.viewer, **words)
    form = forms.Form(request.POST if request.method == "POST" else None)
    unlinked = is_changed(
        form,
        lambda: links.unlink_version(viewer=request.viewer, artifact=change.artifact, collection=change.collection),
    )
    if unlinked:
        address = collection_url(change.project.place, change.type_name, change.name)
        return done(request, address, "{} is not linked here any more.", change.label)
    return form_page(request, "registry/version_unlink.html", {"change": change, "form": form})


@signed_in
@_METHODS
def version_delete(request: Request, **words: str) -> HttpResponse:
    """Delete a version once its name is typed, after saying what goes with it."""
    change = get_own_version_change(viewer=request.viewer, **words)
    source = change.artifact.collection
    name = f"{source.name}:v{change.artifact.version}"
    form = TypedNameForm(request.POST or None, name=name)
    deleted = is_changed(
        form,
        lambda: versions.delete_version(viewer=request.viewer, artifact=change.artifact, with_aliases=True),
        "typed",
    )
    if deleted:
        address = collection_url(change.project.place, change.type_name, change.name)
        return done(request, address, "{} is deleted. Its lineage is kept.", name)
    reach = get_deletion_reach(viewer=request.viewer, change=change)
    context = {"change": change, "form": form, "name": name, "reach": reach}
    return form_page(request, "registry/version_delete.html", context)
