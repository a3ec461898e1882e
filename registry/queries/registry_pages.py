"""What the pages of registries show, and the table of versions of any collection."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from registry import policies
from registry.core import names
from registry.core.errors import NotFound
from registry.core.viewer import Viewer
from registry.models import Alias, ArtifactCollection, ArtifactTag, CollectionMembership, CollectionTag, Entity
from registry.queries.metadata_table import MetadataTable, get_metadata_table
from registry.queries.paging import Page
from registry.queries.places import (
    Place,
    ProjectFrame,
    counted,
    counted_number,
    get_project,
    get_registry,
    place_of,
    visible_registries,
)
from registry.queries.projects import CollectionRow, collection_rows
from registry.queries.search import Hit
from registry.queries.trees import Tree, open_list, open_tree, with_version_count
from registry.queries.versions import VersionRow, VersionWindow, version_window

RECENT = 10
MOST_REGISTRIES = 200
MOST_FOUND = 50
VERSIONS_LISTED = 50


@dataclass(frozen=True, slots=True)
class RegistryCard:
    """A registry on the home page of registries."""

    place: Place
    description: str
    visibility: str
    accepted_types: tuple[str, ...]
    collection_count: int
    version_count: int


@dataclass(frozen=True, slots=True)
class RecentLink:
    """A version that was linked lately."""

    place: Place
    type_name: str
    collection: str
    label: str
    source: str
    linked_at: datetime
    linked_by: str


@dataclass(frozen=True, slots=True)
class RegistryHome:
    """The registries of the viewer's organisations, and with `q` what matches it.

    `extends` names the organisations in which the viewer may make a registry.
    """

    registries: tuple[RegistryCard, ...]
    recent: tuple[RecentLink, ...]
    found: tuple[Hit, ...]
    is_cut: bool
    q: str
    extends: tuple[str, ...]

    @property
    def has_several(self) -> bool:
        """Whether the registries are of more than one organisation."""
        return len({card.place.entity for card in self.registries}) > 1


@dataclass(frozen=True, slots=True)
class RegistryPage:
    """A registry with a page of its collections."""

    project: ProjectFrame
    tree: Tree
    collections: Page[CollectionRow]


@dataclass(frozen=True, slots=True)
class CollectionVersion:
    """A version in the table of a collection."""

    version: VersionRow
    tags: tuple[str, ...]
    is_picked: bool


@dataclass(frozen=True, slots=True)
class CollectionPage:
    """A collection with some of its versions, newest first."""

    project: ProjectFrame
    tree: Tree
    collection: str
    type_name: str
    description: str
    created_at: datetime
    created_by: str
    versions: VersionWindow
    rows: tuple[CollectionVersion, ...]
    tags: tuple[str, ...]
    is_portfolio: bool
    metadata: MetadataTable | None


def get_registry_home(*, viewer: Viewer, q: str = "") -> RegistryHome:
    """Return the registries that the viewer sees, those of the home organisation first, and what was linked lately.

    With `q` only the registries that match, and the collections of all that match by name, tag or alias.
    """
    links = (
        CollectionMembership.objects.filter(collection__project=OuterRef("pk"), collection__deleted_at=None)
        .order_by()
        .values("collection__project")
        .annotate(number=Count("pk"))
        .values("number")
    )
    registries = list(
        counted(visible_registries(viewer))
        .annotate(version_count=Coalesce(Subquery(links, output_field=IntegerField()), 0))
        .order_by("-is_home", "entity__name_key", "name_key")[:MOST_REGISTRIES]
    )
    word = names.key(q)
    shown = [row for row in registries if word in names.key(row.title) or word in names.key(row.description)]
    found = _matching_collections(registries, q) if q else []
    recent = (
        CollectionMembership.objects.filter(collection__project__in=registries, collection__deleted_at=None)
        .select_related("collection__project__entity", "artifact__collection__project__entity", "created_by")
        .order_by("-pk")[:RECENT]
    )
    return RegistryHome(
        registries=tuple(
            RegistryCard(
                place=place_of(registry),
                description=registry.description,
                visibility=registry.visibility,
                accepted_types=tuple(registry.accepted_types or ()),
                collection_count=counted_number(registry.collection_count),
                version_count=registry.version_count,
            )
            for registry in shown
        ),
        recent=() if q else tuple(_recent(link) for link in recent),
        found=tuple(found[:MOST_FOUND]),
        is_cut=len(found) > MOST_FOUND,
        q=q,
        extends=_organizations_to_extend(viewer),
    )


def _matching_collections(registries: list[Any], q: str) -> list[Hit]:
    alias = Alias.objects.filter(collection=OuterRef("pk"), name__icontains=q)
    tag = CollectionTag.objects.filter(collection=OuterRef("pk"), name__icontains=q)
    version_tag = ArtifactTag.objects.filter(artifact__memberships__collection=OuterRef("pk"), name__icontains=q)
    rows = (
        ArtifactCollection.objects.present()
        .filter(Q(name__icontains=q) | Exists(alias) | Exists(tag) | Exists(version_tag), project__in=registries)
        .select_related("project__entity")
        .order_by("name", "pk")[: MOST_FOUND + 1]
    )
    return [Hit(place_of(row.project), row.name, row.type_name, row.type_name, row.name) for row in rows]


def _organizations_to_extend(viewer: Viewer) -> tuple[str, ...]:
    rows = Entity.objects.filter(pk__in=viewer.organization_ids).order_by("name_key")
    return tuple(row.name for row in rows if policies.can_create_project(viewer, row))


def _recent(link: CollectionMembership) -> RecentLink:
    return RecentLink(
        place=place_of(link.collection.project),
        type_name=link.collection.type_name,
        collection=link.collection.name,
        label=f"v{link.version}",
        source=f"{link.artifact.collection.name}:{link.artifact}",
        linked_at=link.created_at,
        linked_by=link.created_by.get_full_name() if link.created_by else "",
    )


def get_registry_page(*, viewer: Viewer, name: str, q: str = "", after: str | None = None) -> RegistryPage:
    frame = get_registry(viewer=viewer, name=name)
    rows = ArtifactCollection.objects.present().filter(project_id=frame.place.project_id)
    return RegistryPage(frame, open_list(frame.place, q=q), collection_rows(rows, q, after))


def get_collection_page(
    *,
    viewer: Viewer,
    entity: str,
    project: str,
    type_name: str,
    collection: str,
    before: int | None = None,
    pick: tuple[int, ...] = (),
) -> CollectionPage:
    """Return versions of a project's collection, those below number `before` when it is given.

    The metadata of the versions in `pick` is compared.
    """
    frame = get_project(viewer=viewer, entity=entity, project=project)
    found = _get_collection(frame, collection, unicodedata.normalize("NFC", type_name))
    tree = open_tree(frame.place, collection=found, before=before)
    return _collection_page(viewer, frame, tree, found, before=before, pick=pick)


def get_registry_collection_page(
    *, viewer: Viewer, registry: str, collection: str, before: int | None = None, pick: tuple[int, ...] = ()
) -> CollectionPage:
    frame = get_registry(viewer=viewer, name=registry)
    found = _get_collection(frame, collection)
    return _collection_page(viewer, frame, open_list(frame.place, collection=found), found, before=before, pick=pick)


def get_collection_type(*, viewer: Viewer, entity: str, project: str, collection: str) -> str:
    """Return the artifact type of a collection, which its address needs."""
    return _get_collection(get_project(viewer=viewer, entity=entity, project=project), collection).type_name


def _get_collection(frame: ProjectFrame, name: str, type_name: str = "") -> ArtifactCollection:
    rows = ArtifactCollection.objects.present().filter(
        project_id=frame.place.project_id, name=unicodedata.normalize("NFC", name)
    )
    if type_name:
        rows = rows.filter(type_name=type_name)
    found = with_version_count(rows).select_related("created_by").first()
    if found is None:
        raise NotFound(f"There is no artifact {name!r} of this type here, or you may not see it.")
    return found


def _collection_page(
    viewer: Viewer,
    frame: ProjectFrame,
    tree: Tree,
    collection: ArtifactCollection,
    *,
    before: int | None,
    pick: tuple[int, ...],
) -> CollectionPage:
    total = collection.version_count  # type: ignore[attr-defined]
    versions = version_window(collection, total=total, limit=VERSIONS_LISTED, before=before)
    tags = _tags(collection, [row.artifact_id for row in versions.rows])
    return CollectionPage(
        project=frame,
        tree=tree,
        collection=collection.name,
        type_name=collection.type_name,
        description=collection.description,
        created_at=collection.created_at,
        created_by=collection.created_by.get_full_name() if collection.created_by else "",
        versions=versions,
        rows=tuple(
            CollectionVersion(row, tuple(tags.get(row.artifact_id, ())), row.number in pick) for row in versions.rows
        ),
        tags=tuple(tags.get(None, ())),
        is_portfolio=collection.is_portfolio,
        metadata=get_metadata_table(viewer=viewer, collection=collection, numbers=pick) if pick else None,
    )


def _tags(collection: ArtifactCollection, artifact_ids: list[int]) -> dict[int | None, list[str]]:
    """Return the tags of versions, and under None those of the collection itself, in one query."""
    of_versions = ArtifactTag.objects.filter(artifact_id__in=artifact_ids).values_list("artifact_id", "name")
    nothing = Value(None, output_field=BigIntegerField())
    own = CollectionTag.objects.filter(collection=collection).annotate(version=nothing).values_list("version", "name")
    tags: dict[int | None, list[str]] = {}
    for artifact_id, name in sorted(of_versions.union(own), key=lambda tag: tag[1]):
        tags.setdefault(artifact_id, []).append(name)
    return tags
