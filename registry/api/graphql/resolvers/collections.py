"""Artifact collections, the versions as they stand in them, aliases and tags."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ariadne import InterfaceType, ObjectType, QueryType
from graphql import GraphQLResolveInfo

from registry import policies
from registry.api.graphql.connections import connection, whole
from registry.api.graphql.context import viewer_of
from registry.api.graphql.resolvers.artifacts import artifact_files
from registry.core.global_ids import decode_id, encode_id
from registry.queries import sdk_collections
from registry.queries.sdk_collections import Member

if TYPE_CHECKING:
    from registry.models import Alias, Artifact, ArtifactCollection, Project

query, collection = QueryType(), InterfaceType("ArtifactCollection")
sequence, portfolio = ObjectType("ArtifactSequence"), ObjectType("ArtifactPortfolio")
member, alias, tag = ObjectType("ArtifactCollectionMembership"), ObjectType("ArtifactAlias"), ObjectType("Tag")
BINDABLES = [query, collection, sequence, portfolio, member, alias, tag]


@query.field("artifactCollection")
def resolve_collection(_: Any, info: GraphQLResolveInfo, id: str) -> "ArtifactCollection | None":  # noqa: A002
    number = decode_id("ArtifactCollection", id)
    return None if number is None else sdk_collections.find_collection_by_pk(viewer=viewer_of(info), pk=number)


@sequence.field("createdAt")
@portfolio.field("createdAt")
@member.field("createdAt")
def created_at(row: "ArtifactCollection | Member", _: GraphQLResolveInfo) -> datetime:
    return row.created_at


@sequence.field("updatedAt")
@portfolio.field("updatedAt")
def updated_at(row: "ArtifactCollection", _: GraphQLResolveInfo) -> datetime:
    return row.updated_at


@sequence.field("digestAlgorithm")
def sequence_digest_algorithm(_row: "ArtifactCollection", _: GraphQLResolveInfo) -> str:
    return "MANIFEST_MD5"


@collection.type_resolver
def collection_kind(row: "ArtifactCollection", *_: Any) -> str:
    return "ArtifactPortfolio" if row.is_portfolio else "ArtifactSequence"


@sequence.field("id")
@portfolio.field("id")
def collection_id(row: "ArtifactCollection", _: GraphQLResolveInfo) -> str:
    return encode_id("ArtifactCollection", row.pk)


@sequence.field("description")
@portfolio.field("description")
def collection_description(row: "ArtifactCollection", _: GraphQLResolveInfo) -> str | None:
    return row.description or None


@sequence.field("state")
@portfolio.field("state")
def collection_state(row: "ArtifactCollection", _: GraphQLResolveInfo) -> str:
    return "DELETED" if row.deleted_at else "READY"


@sequence.field("project")
@portfolio.field("project")
def collection_project(row: "ArtifactCollection", info: GraphQLResolveInfo) -> "Project | None":
    # a version read through a registry may come from a project that is closed to the reader
    return row.project if policies.can_view_project(viewer_of(info), row.project) else None


@sequence.field("defaultArtifactType")
@portfolio.field("defaultArtifactType")
def collection_type(row: "ArtifactCollection", _: GraphQLResolveInfo) -> dict[str, Any]:
    return {"name": row.type_name, "project": row.project}


@sequence.field("tags")
@portfolio.field("tags")
def collection_tags(row: "ArtifactCollection", _: GraphQLResolveInfo) -> dict[str, Any]:
    return whole(sorted(row.tags.all(), key=lambda one: one.name))


@sequence.field("aliases")
@portfolio.field("aliases")
def collection_aliases(
    row: "ArtifactCollection", info: GraphQLResolveInfo, first: int | None = None, after: str | None = None
) -> dict[str, Any]:
    return connection(sdk_collections.list_aliases(viewer=viewer_of(info), collection=row, first=first, after=after))


@sequence.field("artifactMembership")
@portfolio.field("artifactMembership")
def collection_member(row: "ArtifactCollection", info: GraphQLResolveInfo, aliasName: str) -> Member | None:  # noqa: N803
    return sdk_collections.find_member_in(viewer=viewer_of(info), collection=row, alias=aliasName)


@sequence.field("artifacts")
@portfolio.field("artifacts")
def collection_versions(
    row: "ArtifactCollection",
    info: GraphQLResolveInfo,
    *,
    first: int | None = None,
    after: str | None = None,
    order: str | None = None,
    filters: str | None = None,
) -> dict[str, Any]:
    viewer = viewer_of(info)
    page, members = sdk_collections.list_versions(
        viewer=viewer, collection=row, order=order, filters=filters, first=first, after=after
    )
    found = connection(
        page,
        [one.artifact for one in members],
        lambda: sdk_collections.count_versions(viewer=viewer, collection=row, filters=filters),
    )
    for edge, one in zip(found["edges"], members, strict=True):
        edge["version"] = f"v{one.version}"
    return found


@sequence.field("latestArtifact")
def sequence_latest(row: "ArtifactCollection", info: GraphQLResolveInfo) -> "Artifact | None":
    return sdk_collections.find_newest(viewer=viewer_of(info), collection=row)


# --- a version in a collection ------------------------------------------------------------------------------------


@member.field("id")
def member_id(row: Member, _: GraphQLResolveInfo) -> str:
    # a pair in one number: the SDK only hands it back
    return encode_id("ArtifactCollectionMembership", (row.collection.pk << 31) + row.version)


@member.field("versionIndex")
def member_version(row: Member, _: GraphQLResolveInfo) -> int:
    return row.version


@member.field("aliases")
def member_aliases(row: Member, _: GraphQLResolveInfo) -> "list[Alias]":
    held = [one for one in row.artifact.aliases.all() if one.collection_id == row.collection.pk]
    return sorted(held, key=lambda one: one.name)


@member.field("artifactCollection")
def member_collection(row: Member, _: GraphQLResolveInfo) -> "ArtifactCollection":
    return row.collection


@member.field("files")
def member_files(
    row: Member,
    info: GraphQLResolveInfo,
    *,
    names: list[str] | None = None,
    first: int | None = None,
    after: str | None = None,
) -> dict[str, Any]:
    found: dict[str, Any] = artifact_files(row.artifact, info, names=names, first=first, after=after)
    return found


@alias.field("id")
def alias_id(row: "Alias", _: GraphQLResolveInfo) -> str:
    return encode_id("ArtifactAlias", row.pk)


@alias.field("alias")
def alias_name(row: "Alias", _: GraphQLResolveInfo) -> str:
    return row.name


@alias.field("artifactCollection")
def alias_collection(row: "Alias", _: GraphQLResolveInfo) -> "ArtifactCollection":
    return row.collection


@tag.field("id")
def tag_id(row: Any, _: GraphQLResolveInfo) -> str:
    return encode_id("Tag", row.pk)
