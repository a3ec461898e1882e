"""What the pages of registries show, and the table of versions of any collection."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from registry.core.errors import NotFound
from registry.core.viewer import Viewer
from registry.models import ArtifactCollection, CollectionMembership
from registry.queries.paging import Page
from registry.queries.places import (
    Place,
    ProjectFrame,
    counted,
    get_project,
    get_registry,
    place_of,
    visible_registries,
)
from registry.queries.projects import CollectionRow, collection_rows
from registry.queries.trees import Tree, open_list, open_tree, with_version_count
from registry.queries.versions import VersionWindow, version_window

RECENT = 10
VERSIONS_LISTED = 50


@dataclass(frozen=True, slots=True)
class RegistryCard:
    """A registry on the home page of registries."""

    place: Place
    description: str
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
    """The registries of the viewer's organisations."""

    registries: tuple[RegistryCard, ...]
    recent: tuple[RecentLink, ...]


@dataclass(frozen=True, slots=True)
class RegistryPage:
    """A registry with a page of its collections."""

    project: ProjectFrame
    tree: Tree
    collections: Page[CollectionRow]


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


def get_registry_home(*, viewer: Viewer) -> RegistryHome:
    """Return the registries that the viewer sees, those of the home organisation first, and what was linked lately."""
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
        .order_by("-is_home", "entity__name_key", "name_key")[:200]
    )
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
                accepted_types=tuple(registry.accepted_types or ()),
                collection_count=registry.collection_count,
                version_count=registry.version_count,
            )
            for registry in registries
        ),
        recent=tuple(_recent(link) for link in recent),
    )


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
    *, viewer: Viewer, entity: str, project: str, type_name: str, collection: str, before: int | None = None
) -> CollectionPage:
    """Return versions of a project's collection, those below number `before` when it is given."""
    frame = get_project(viewer=viewer, entity=entity, project=project)
    found = _get_collection(frame, collection, unicodedata.normalize("NFC", type_name))
    return _collection_page(frame, open_tree(frame.place, collection=found, before=before), found, before)


def get_registry_collection_page(
    *, viewer: Viewer, registry: str, collection: str, before: int | None = None
) -> CollectionPage:
    frame = get_registry(viewer=viewer, name=registry)
    found = _get_collection(frame, collection)
    return _collection_page(frame, open_list(frame.place, collection=found), found, before)


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
    frame: ProjectFrame, tree: Tree, collection: ArtifactCollection, before: int | None
) -> CollectionPage:
    total = collection.version_count  # type: ignore[attr-defined]
    return CollectionPage(
        project=frame,
        tree=tree,
        collection=collection.name,
        type_name=collection.type_name,
        description=collection.description,
        created_at=collection.created_at,
        created_by=collection.created_by.get_full_name() if collection.created_by else "",
        versions=version_window(collection, total=total, limit=VERSIONS_LISTED, before=before),
    )
