"""Artifact versions, the collections in which they stand, their files."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ariadne import InterfaceType, ObjectType, QueryType, UnionType
from graphql import GraphQLResolveInfo

from registry import policies
from registry.api.addresses import signed_address
from registry.api.graphql.connections import connection, whole
from registry.api.graphql.context import Context, context_of, viewer_of
from registry.core.global_ids import decode_id, encode_id
from registry.queries import sdk_collections, sdk_drafts, sdk_files
from registry.queries.sdk_collections import Member
from registry.storage.signatures import Grant, Purpose

if TYPE_CHECKING:
    from registry.models import Alias, Artifact, ArtifactCollection, ManifestEntry, Project

query = QueryType()
artifact, member, alias, tag = (
    ObjectType("Artifact"),
    ObjectType("ArtifactCollectionMembership"),
    ObjectType("ArtifactAlias"),
    ObjectType("Tag"),
)
collection = InterfaceType("ArtifactCollection")
sequence, portfolio = ObjectType("ArtifactSequence"), ObjectType("ArtifactPortfolio")
creator = UnionType("ArtifactCreator")
BINDABLES = [query, artifact, member, alias, tag, collection, sequence, portfolio, creator]


@query.field("artifact")
def resolve_artifact(_: Any, info: GraphQLResolveInfo, id: str) -> "Artifact | None":  # noqa: A002
    number = decode_id("Artifact", id)
    return None if number is None else sdk_collections.find_artifact(viewer=viewer_of(info), pk=number)


@query.field("artifactCollection")
def resolve_collection(_: Any, info: GraphQLResolveInfo, id: str) -> "ArtifactCollection | None":  # noqa: A002
    number = decode_id("ArtifactCollection", id)
    return None if number is None else sdk_collections.find_collection_by_pk(viewer=viewer_of(info), pk=number)


@query.field("clientIDMapping")
def resolve_client_id(_: Any, info: GraphQLResolveInfo, clientID: str) -> dict[str, str] | None:  # noqa: N803
    found = sdk_drafts.find_by_client_id(viewer=viewer_of(info), client_id=clientID)
    return None if found is None else {"serverID": encode_id("Artifact", found.pk)}


# --- versions -----------------------------------------------------------------------------------------------------


@artifact.field("id")
def artifact_id(row: "Artifact", _: GraphQLResolveInfo) -> str:
    return encode_id("Artifact", row.pk)


@artifact.field("artifactSequence")
def artifact_sequence(row: "Artifact", _: GraphQLResolveInfo) -> "ArtifactCollection":
    return row.collection


@artifact.field("versionIndex")
def artifact_version(row: "Artifact", _: GraphQLResolveInfo) -> int | None:
    return row.version


@artifact.field("artifactType")
def artifact_type(row: "Artifact", _: GraphQLResolveInfo) -> dict[str, Any]:
    return {"name": row.collection.type_name, "project": row.collection.project}


@artifact.field("description")
def artifact_description(row: "Artifact", _: GraphQLResolveInfo) -> str | None:
    return row.description or None


@artifact.field("ttlDurationSeconds")
def artifact_ttl(row: "Artifact", _: GraphQLResolveInfo) -> int:
    return row.ttl_seconds


@artifact.field("ttlIsInherited")
def artifact_ttl_inherited(row: "Artifact", _: GraphQLResolveInfo) -> bool:
    return row.ttl_seconds == 0


@artifact.field("tags")
def artifact_tags(row: "Artifact", _: GraphQLResolveInfo) -> list[Any]:
    return sorted(row.tags.all(), key=lambda one: one.name)


@artifact.field("historyStep")
def artifact_step(row: "Artifact", _: GraphQLResolveInfo) -> int | None:
    return row.history_step


@artifact.field("state")
def artifact_state(row: "Artifact", _: GraphQLResolveInfo) -> str:
    return row.state.upper()


@artifact.field("size")
def artifact_size(row: "Artifact", _: GraphQLResolveInfo) -> int:
    return row.size_bytes


@artifact.field("digestAlgorithm")
@sequence.field("digestAlgorithm")
def artifact_digest_algorithm(_row: Any, _: GraphQLResolveInfo) -> str:
    return "MANIFEST_MD5"


@artifact.field("commitHash")
def artifact_commit_hash(row: "Artifact", _: GraphQLResolveInfo) -> str:
    return row.digest


@artifact.field("fileCount")
def artifact_file_count(row: "Artifact", _: GraphQLResolveInfo) -> int:
    return row.file_count


@artifact.field("createdAt")
@collection.field("createdAt")
@sequence.field("createdAt")
@portfolio.field("createdAt")
@member.field("createdAt")
def created_at(row: Any, _: GraphQLResolveInfo) -> datetime:
    moment: datetime = row.created_at
    return moment


@artifact.field("updatedAt")
@sequence.field("updatedAt")
@portfolio.field("updatedAt")
def updated_at(row: Any, _: GraphQLResolveInfo) -> datetime:
    moment: datetime = row.updated_at
    return moment


@artifact.field("aliases")
def artifact_aliases(row: "Artifact", info: GraphQLResolveInfo) -> "list[Alias]":
    viewer = viewer_of(info)
    return [one for one in row.aliases.all() if policies.can_view_project(viewer, one.collection.project)]


@artifact.field("artifactMemberships")
def artifact_members(
    row: "Artifact", info: GraphQLResolveInfo, first: int | None = None, after: str | None = None
) -> dict[str, Any]:
    return whole(sdk_collections.list_members(viewer=viewer_of(info), artifact=row))


@artifact.field("currentManifest")
def artifact_manifest(row: "Artifact", info: GraphQLResolveInfo) -> dict[str, Any]:
    context = context_of(info)
    grant = Grant(user_id=context.viewer.user_id or 0, row_id=row.pk)
    address = signed_address(context.base, Purpose.DOWNLOAD_MANIFEST, grant, "wandb_manifest.json")
    number = encode_id("ArtifactManifest", row.pk)
    name = "wandb_manifest.json"
    file = {"id": number, "name": name, "directUrl": address, "sizeBytes": 0, "uploadHeaders": []}
    return {"id": number, "file": file}


@artifact.field("usedBy")
def artifact_users(row: "Artifact", info: GraphQLResolveInfo) -> dict[str, Any]:
    return whole(sdk_files.list_users(viewer=viewer_of(info), artifact=row))


@artifact.field("createdBy")
def artifact_creator(row: "Artifact", info: GraphQLResolveInfo) -> Any:
    return sdk_files.find_creator(viewer=viewer_of(info), artifact=row)


@creator.type_resolver
def creator_type(row: Any, *_: Any) -> str:
    return "Run" if hasattr(row, "uid") else "User"


@artifact.field("files")
def artifact_files(
    row: "Artifact",
    info: GraphQLResolveInfo,
    names: list[str] | None = None,
    first: int | None = None,
    after: str | None = None,
) -> dict[str, Any]:
    context = context_of(info)
    page = sdk_files.list_entries(viewer=context.viewer, artifact=row, names=names, first=first, after=after)
    nodes = [entry_file(context, one) for one in page.items]
    count = row.file_count if not names else len(nodes)
    return connection(page, nodes, lambda: count)


def entry_file(context: Context, entry: "ManifestEntry") -> dict[str, Any]:
    """Return a manifest entry as a file with its signed address; a reference keeps its own address."""
    address, path = entry.ref, None
    if entry.blob is not None:
        grant = Grant(user_id=context.viewer.user_id or 0, row_id=entry.pk)
        path = f"wandb_artifacts/{entry.blob.md5}"
        address = signed_address(context.base, Purpose.DOWNLOAD_FILE, grant, path)
    return {
        "id": encode_id("File", entry.pk),
        "name": entry.path,
        "displayName": entry.path,
        "url": address,
        "directUrl": address,
        "storagePath": path,
        "sizeBytes": entry.size_bytes,
        "mimetype": "application/octet-stream",
        "digest": entry.digest,
        "md5": entry.digest,
        "uploadHeaders": [],
    }


# --- collections --------------------------------------------------------------------------------------------------


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
    names: list[str] | None = None,
    first: int | None = None,
    after: str | None = None,
) -> dict[str, Any]:
    return artifact_files(row.artifact, info, names=names, first=first, after=after)


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
