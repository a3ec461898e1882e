"""The addresses of things, for templates and views: the one place that knows which route shows what."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from registry.queries.artifact_pages import ArtifactFrame
from registry.queries.places import Place
from registry.queries.search import Hit

register = template.Library()

TABS = ("version", "metadata", "usage", "files", "lineage")


@register.simple_tag
def version_url(place: Place, type_name: str, collection: str, version: str, tab: str = "version") -> str:
    """Return the address of a tab of a version, under its registry or under its project."""
    if place.registry:
        return reverse(f"registry_{tab}", args=[place.registry, collection, version])
    return reverse(f"artifact_{tab}", args=[place.entity, place.project, type_name, collection, version])


@register.simple_tag
def collection_url(place: Place, type_name: str, collection: str) -> str:
    """Return the address of a collection, which leads to its latest version."""
    if place.registry:
        return reverse("registry_collection", args=[place.registry, collection])
    return reverse("artifact_latest", args=[place.entity, place.project, type_name, collection])


@register.simple_tag
def versions_url(place: Place, type_name: str, collection: str) -> str:
    """Return the address of the table of all versions of a collection."""
    if place.registry:
        return reverse("registry_collection_versions", args=[place.registry, collection])
    return reverse("collection_detail", args=[place.entity, place.project, type_name, collection])


@register.simple_tag
def history_url(place: Place, type_name: str, collection: str) -> str:
    """Return the address of a collection's Action History."""
    if place.registry:
        return reverse("registry_history", args=[place.registry, collection])
    return reverse("collection_history", args=[place.entity, place.project, type_name, collection])


@register.simple_tag
def change_url(name: str, place: Place, type_name: str, collection: str, version: str = "") -> str:
    """Return the address of a form that changes a collection, or one version of it; the same in a registry."""
    words = [place.entity, place.project, type_name, collection]
    return reverse(name, args=[*words, version] if version else words)


@register.simple_tag
def place_url(place: Place) -> str:
    """Return the address of a project's overview or of a registry."""
    if place.registry:
        return reverse("registry_detail", args=[place.registry])
    return reverse("project_detail", args=[place.entity, place.project])


@register.simple_tag
def run_url(place: Place, uid: str) -> str:
    return reverse("run_detail", args=[place.entity, place.project, uid])


@register.simple_tag
def file_url(frame: ArtifactFrame, path: str, name: str = "file") -> str:
    """Return the address that downloads a file, or that shows it as an `image`.

    The path is a parameter, so it may hold anything.
    """
    address = version_url(frame.place, frame.type_name, frame.collection, frame.label, name)
    return f"{address}?{urlencode({'path': path})}"


@register.simple_tag
def hit_url(hit: Hit) -> str:
    """Return the address of something that the search found."""
    if hit.run:
        return run_url(hit.place, hit.run)
    if hit.label:
        return version_url(hit.place, hit.type_name, hit.collection, hit.label)
    if hit.collection:
        return versions_url(hit.place, hit.type_name, hit.collection)
    return place_url(hit.place)
