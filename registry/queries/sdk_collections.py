"""Reads of artifact collections, their aliases and versions for the SDK."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet

from registry.core import names
from registry.core.errors import InvalidInput
from registry.core.viewer import Viewer
from registry.models import (
    Alias,
    Artifact,
    ArtifactCollection,
    ArtifactTag,
    CollectionMembership,
    CollectionTag,
    Project,
)
from registry.queries import mongo
from registry.queries.paging import Order, Page, paginate
from registry.queries.sdk_projects import is_storable, normal

SEQUENCE = ArtifactCollection.Kind.SEQUENCE
LATEST = "latest"
_LARGEST_VERSION = 2**31 - 1
COLLECTION_ORDERS = {"name": "name", "created_at": "created_at", "createdAt": "created_at"}
COLLECTION_ORDERS |= {"updated_at": "updated_at", "updatedAt": "updated_at"}
_VERSION_ORDERS = {"version_index": "version", "versionIndex": "version", "created_at": "created_at"}
_VERSION_ORDERS |= {"createdAt": "created_at", "updated_at": "updated_at", "updatedAt": "updated_at"}


def _version_filters(prefix: str) -> dict[str, mongo.Column]:
    """Return what versions can be filtered by; `prefix` leads from the row to its artifact."""
    artifact = prefix.removesuffix("__") or "pk"
    tags = mongo.one_of(artifact, lambda: ArtifactTag.objects.values("artifact"))
    return {
        "state": mongo.text(f"{prefix}state", str.lower),
        "id": mongo.number(artifact),
        "artifact_id": mongo.number(artifact),
        "metadata.*": mongo.json_value(f"{prefix}metadata"),
        "size": mongo.number(f"{prefix}size_bytes"),
        **dict.fromkeys(("tag", "tags"), tags),
        **dict.fromkeys(("version", "version_index", "versionIndex"), mongo.number("version")),
        **dict.fromkeys(("created_at", "createdAt"), mongo.moment(f"{prefix}created_at")),
        **dict.fromkeys(("updated_at", "updatedAt"), mongo.moment(f"{prefix}updated_at")),
    }


def _aliases(artifact: str, collection: str) -> mongo.Column:
    """The aliases that the version has in the collection where it stands, not those that it has elsewhere."""
    return mongo.one_of(
        artifact, lambda: Alias.objects.filter(collection=OuterRef(collection)).values("artifact"), normal
    )


VERSION_FILTERS = _version_filters("") | dict.fromkeys(("alias", "aliases"), _aliases("pk", "collection"))
MEMBERSHIP_FILTERS = _version_filters("artifact__") | dict.fromkeys(
    ("alias", "aliases"), _aliases("artifact", "collection")
)
_TAGGED = mongo.one_of("pk", lambda: CollectionTag.objects.values("collection"))
COLLECTION_FILTERS: dict[str, mongo.Column] = {
    "name": mongo.text("name", normal),
    "description": mongo.text("description"),
    "type": mongo.text("type_name"),
    **dict.fromkeys(("id", "collection_id", "artifact_collection_id"), mongo.number("pk")),
    **dict.fromkeys(("tag", "tags"), _TAGGED),
    **dict.fromkeys(("created_at", "createdAt"), mongo.moment("created_at")),
    **dict.fromkeys(("updated_at", "updatedAt"), mongo.moment("updated_at")),
}


@dataclass(frozen=True, slots=True)
class Member:
    """A version as it stands in a collection, under the collection's number: its own sequence or a portfolio."""

    collection: ArtifactCollection
    artifact: Artifact
    version: int
    created_at: datetime


def _collections(viewer: Viewer, *, with_deleted: bool = False) -> QuerySet[ArtifactCollection]:
    rows = ArtifactCollection.objects.visible_to(viewer)
    rows = rows if with_deleted else rows.present()
    return rows.select_related("project__entity__organization", "project__created_by")


def find_collection(*, viewer: Viewer, project: Project, name: str) -> ArtifactCollection | None:
    if not is_storable(name):
        return None
    return _collections(viewer).filter(project=project, name=normal(name)).first()


def find_collection_by_pk(*, viewer: Viewer, pk: int, with_deleted: bool = False) -> ArtifactCollection | None:
    return _collections(viewer, with_deleted=with_deleted).filter(pk=pk).first()


def list_collections(
    *,
    viewer: Viewer,
    project: Project,
    type_name: str | None = None,
    order: str | None = None,
    filters: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[ArtifactCollection]:
    """Return the project's collections, of one type when it is given, by name."""
    rows = _of(viewer, project, type_name, filters).prefetch_related("tags")
    return paginate(
        rows, kind="collections", order=order_by(order, COLLECTION_ORDERS, Order("name")), first=first, after=after
    )


def count_collections(
    *, viewer: Viewer, project: Project, type_name: str | None = None, filters: str | None = None
) -> int:
    return _of(viewer, project, type_name, filters).count()


def _of(viewer: Viewer, project: Project, type_name: str | None, filters: str | None) -> QuerySet[ArtifactCollection]:
    rows = _collections(viewer).filter(project=project)
    rows = rows if type_name is None else rows.filter(type_name=type_name)
    return mongo.filtered(rows, filters, COLLECTION_FILTERS)


def list_types(*, viewer: Viewer, project: Project) -> list[str]:
    """Return the artifact types that occur in the project, by name."""
    found = _collections(viewer).filter(project=project).values_list("type_name", flat=True)
    return sorted(set(found.order_by()))


def list_aliases(
    *, viewer: Viewer, collection: ArtifactCollection, first: int | None = None, after: str | None = None
) -> Page[Alias]:
    rows = Alias.objects.filter(collection=collection).select_related("collection__project__entity")
    return paginate(rows, kind="aliases", order=Order("name"), first=first, after=after)


# --- versions -----------------------------------------------------------------------------------------------------


def full(rows: QuerySet[Artifact]) -> QuerySet[Artifact]:
    return rows.select_related(
        "collection__project__entity__organization", "collection__project__created_by"
    ).prefetch_related("aliases__collection__project__entity", "tags")


def find_artifact(*, viewer: Viewer, pk: int, with_deleted: bool = False) -> Artifact | None:
    """Return a committed version that the viewer may see; a draft that equal content overtook leads to that version."""
    artifact = full(Artifact.objects.visible_to(viewer)).filter(pk=pk).first()
    if artifact is not None and artifact.superseded_by_id is not None:
        artifact = full(Artifact.objects.visible_to(viewer)).filter(pk=artifact.superseded_by_id).first()
    shown = {Artifact.State.COMMITTED, Artifact.State.DELETED} if with_deleted else {Artifact.State.COMMITTED}
    return artifact if artifact is not None and artifact.state in shown else None


def find_member(*, viewer: Viewer, project: Project, name: str) -> Member | None:
    """Return the version that `collection:alias`, `collection:v3` or a bare `collection` (its latest) names."""
    before, separator, after = name.rpartition(":")
    if separator:
        collection = find_collection(viewer=viewer, project=project, name=before)
        if collection is not None:
            return find_member_in(viewer=viewer, collection=collection, alias=after)
    collection = find_collection(viewer=viewer, project=project, name=name)
    return None if collection is None else find_member_in(viewer=viewer, collection=collection, alias=LATEST)


def find_member_in(*, viewer: Viewer, collection: ArtifactCollection, alias: str) -> Member | None:
    """Return the collection's version that has the alias or the number (`v3`)."""
    if not is_storable(alias):
        return None
    pk = Alias.objects.filter(collection=collection, name=normal(alias)).values_list("artifact_id", flat=True).first()
    if pk is not None:
        return _member(viewer, collection, pk=pk)
    if not names.is_version(alias) or len(alias) > 11 or int(alias[1:]) > _LARGEST_VERSION:
        return None
    return _member(viewer, collection, version=int(alias[1:]))


def _member(viewer: Viewer, collection: ArtifactCollection, **wanted: int) -> Member | None:
    if collection.is_portfolio:
        conditions = {"artifact_id" if key == "pk" else key: value for key, value in wanted.items()}
        link = CollectionMembership.objects.filter(collection=collection, **conditions).first()
        if link is None:
            return None
        artifact = full(Artifact.objects.committed()).filter(pk=link.artifact_id).first()
        return None if artifact is None else Member(collection, artifact, link.version, link.created_at)
    artifact = full(Artifact.objects.committed()).filter(collection=collection, **wanted).first()
    return None if artifact is None else own_member(artifact)


def own_member(artifact: Artifact) -> Member:
    """Return a committed version as it stands in its own sequence."""
    if artifact.version is None:
        raise ValueError("a draft stands in no collection")
    return Member(artifact.collection, artifact, artifact.version, artifact.committed_at or artifact.created_at)


def list_members(*, viewer: Viewer, artifact: Artifact) -> list[Member]:
    """Return every place where the version stands and the viewer may look, its own sequence first."""
    links = (
        CollectionMembership.objects.filter(artifact=artifact, collection__in=_collections(viewer))
        .select_related("collection__project__entity")
        .order_by("pk")
    )
    linked = [Member(link.collection, artifact, link.version, link.created_at) for link in links]
    return [own_member(artifact), *linked]


def list_versions(
    *,
    viewer: Viewer,
    collection: ArtifactCollection,
    order: str | None = None,
    filters: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> tuple[Page[Any], Sequence[Member]]:
    """Return one page of the collection's versions, newest first, and each as a member of the collection."""
    by = order_by(order, _VERSION_ORDERS, Order("version", descending=True))
    if not collection.is_portfolio:
        page: Page[Any] = paginate(
            full(_versions(collection, filters)), kind="versions", order=by, first=first, after=after
        )
        return page, [own_member(artifact) for artifact in page.items]
    links = _links(collection, filters).select_related("artifact__collection__project__entity__organization")
    links = links.prefetch_related("artifact__aliases__collection__project__entity", "artifact__tags")
    if by.column == "updated_at":
        by = Order("created_at", descending=by.descending)
    page = paginate(links, kind="links", order=by, first=first, after=after)
    return page, [Member(collection, link.artifact, link.version, link.created_at) for link in page.items]


def count_versions(*, viewer: Viewer, collection: ArtifactCollection, filters: str | None = None) -> int:
    if collection.is_portfolio:
        return _links(collection, filters).count()
    return _versions(collection, filters).count()


def _versions(collection: ArtifactCollection, filters: str | None) -> QuerySet[Artifact]:
    return mongo.filtered(Artifact.objects.committed().filter(collection=collection), filters, VERSION_FILTERS)


def _links(collection: ArtifactCollection, filters: str | None) -> QuerySet[CollectionMembership]:
    rows = CollectionMembership.objects.filter(collection=collection, artifact__state=Artifact.State.COMMITTED)
    return mongo.filtered(rows, filters, MEMBERSHIP_FILTERS)


def order_by(text: str | None, columns: dict[str, str], default: Order) -> Order:
    if not text:
        return default
    column = columns.get(text.lstrip("+-"))
    if column is None:
        raise InvalidInput(f"Ordering by {text[:60]!r} is not served; use one of {', '.join(sorted(columns))}.")
    return Order(column, descending=text.startswith("-"))


def find_newest(*, viewer: Viewer, collection: ArtifactCollection) -> Artifact | None:
    """Return the committed version of a sequence with the highest number."""
    return full(Artifact.objects.committed().filter(collection=collection)).order_by("-version").first()
