"""One search over everything that the viewer may see (NAV-7)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When

from registry.core import names
from registry.core.viewer import Viewer
from registry.models import (
    Alias,
    Artifact,
    ArtifactCollection,
    ArtifactTag,
    CollectionMembership,
    CollectionTag,
    Project,
    Run,
)
from registry.models.projects import visible_project
from registry.queries.places import Place, place_of

FEW = 6
MANY = 100
KINDS = ("projects", "runs", "collections", "versions", "aliases", "tags")
_VERSION_WORDS = re.compile(r"(?:(?P<name>.+):)?(?P<version>v\d{1,9}|latest)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. `label` is the version it leads to, `run` the run; a project when there is neither."""

    place: Place
    text: str
    note: str = ""
    type_name: str = ""
    collection: str = ""
    label: str = ""
    run: str = ""


@dataclass(frozen=True, slots=True)
class HitGroup:
    """What was found of one kind, best first. `is_cut` when there is more than is shown."""

    kind: str
    hits: tuple[Hit, ...]
    is_cut: bool


def get_search(*, viewer: Viewer, q: str, kind: str = "") -> tuple[HitGroup, ...]:
    """Return the groups in which something was found, a few of each kind, or up to 100 of one.

    At most eight queries. Nothing is found for an empty `q`.
    """
    q = q.strip()
    if not q:
        return ()
    limit = MANY if kind else FEW
    groups = []
    for name in [kind] if kind else KINDS:
        found = _FINDERS[name](viewer, q, limit + 1)
        if found:
            groups.append(HitGroup(name, tuple(found[:limit]), len(found) > limit))
    return tuple(groups)


def _projects(viewer: Viewer, q: str, most: int) -> list[Hit]:
    word = names.key(q)
    rows = (
        Project.objects.visible_to(viewer)
        .filter(Q(name_key__contains=word) | Q(entity__name_key__contains=word))
        .select_related("entity")
        .order_by("name_key", "pk")[:most]
    )
    return [Hit(place := place_of(row), place.title, "registry" if place.registry else row.entity.name) for row in rows]


def _runs(viewer: Viewer, q: str, most: int) -> list[Hit]:
    rows = (
        Run.objects.visible_to(viewer)
        .present()
        .filter(Q(name__icontains=q) | Q(uid__icontains=q))
        .select_related("group", "project__entity")
        .order_by("-created_at", "-pk")[:most]
    )
    return [Hit(place_of(row.project), row.name, row.group.job_type, run=row.uid) for row in rows]


def _collections(viewer: Viewer, q: str, most: int) -> list[Hit]:
    rows = (
        ArtifactCollection.objects.visible_to(viewer)
        .present()
        .filter(name__icontains=q)
        .select_related("project__entity")
        .order_by("name", "pk")[:most]
    )
    return [_collection_hit(row, row.name) for row in rows]


def _collection_hit(row: ArtifactCollection, text: str, label: str = "") -> Hit:
    return Hit(place_of(row.project), text, row.type_name, row.type_name, row.name, label)


def _versions(viewer: Viewer, q: str, most: int) -> list[Hit]:
    """Find `name:v3`, `v3` and the beginnings of digests."""
    read = _VERSION_WORDS.fullmatch(q)
    if read is not None and read["version"].lower() == "latest":
        return []
    if read is None:
        if not re.fullmatch(r"[0-9a-f]{6,64}", q):
            return []
        logged = Q(digest__startswith=q)
        linked = Q(artifact__digest__startswith=q)
    else:
        number, name = int(read["version"][1:]), read["name"] or ""
        logged = linked = Q(version=number, collection__name__icontains=name)
    in_place = visible_project(viewer, "collection__project__")
    versions = (
        Artifact.objects.recorded()
        .filter(in_place, logged, collection__deleted_at=None)
        .select_related("collection__project__entity")
        .order_by("collection__name", "pk")[:most]
    )
    links = (
        CollectionMembership.objects.filter(in_place, linked, collection__deleted_at=None)
        .select_related("collection__project__entity")
        .order_by("collection__name", "pk")[:most]
    )
    found: list[Artifact | CollectionMembership] = [*versions, *links]
    return [
        _collection_hit(row.collection, f"{row.collection.name}:v{row.version}", f"v{row.version}") for row in found
    ]


def _aliases(viewer: Viewer, q: str, most: int) -> list[Hit]:
    name, _, alias = q.rpartition(":")
    rows: QuerySet[Alias] = (
        Alias.objects.filter(
            visible_project(viewer, "collection__project__"),
            name__icontains=alias,
            collection__name__icontains=name,
            collection__deleted_at=None,
        )
        .select_related("collection__project__entity")
        .annotate(number=_number_in_collection())
        .order_by("name", "collection__name", "pk")[:most]
    )
    return [
        _collection_hit(row.collection, f"{row.collection.name}:{row.name}", f"v{row.number}")  # type: ignore[attr-defined]
        for row in rows
    ]


def _number_in_collection() -> Case:
    linked = CollectionMembership.objects.filter(collection=OuterRef("collection"), artifact=OuterRef("artifact"))
    return Case(
        When(
            collection__kind=ArtifactCollection.Kind.PORTFOLIO,
            then=Subquery(linked.values("version")[:1], output_field=IntegerField()),
        ),
        default=F("artifact__version"),
        output_field=IntegerField(),
    )


def _tags(viewer: Viewer, q: str, most: int) -> list[Hit]:
    on_versions = (
        ArtifactTag.objects.filter(
            visible_project(viewer, "artifact__collection__project__"),
            name__icontains=q,
            artifact__state__in=[Artifact.State.COMMITTED, Artifact.State.DELETED],
            artifact__collection__deleted_at=None,
        )
        .select_related("artifact__collection__project__entity")
        .order_by("name", "pk")[:most]
    )
    on_collections = (
        CollectionTag.objects.filter(
            visible_project(viewer, "collection__project__"), name__icontains=q, collection__deleted_at=None
        )
        .select_related("collection__project__entity")
        .order_by("name", "pk")[:most]
    )
    hits = [
        _collection_hit(
            row.artifact.collection, f"{row.name} on {row.artifact.collection.name}:{row.artifact}", f"{row.artifact}"
        )
        for row in on_versions
    ]
    hits += [_collection_hit(row.collection, f"{row.name} on {row.collection.name}") for row in on_collections]
    return hits


_FINDERS = {
    "projects": _projects,
    "runs": _runs,
    "collections": _collections,
    "versions": _versions,
    "aliases": _aliases,
    "tags": _tags,
}


def kind_choices() -> Sequence[tuple[str, str]]:
    return [(kind, kind.capitalize()) for kind in KINDS]
