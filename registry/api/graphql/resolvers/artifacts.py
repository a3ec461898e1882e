"""Artifact versions and their files."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ariadne import ObjectType, QueryType, UnionType
from graphql import GraphQLResolveInfo

from registry import policies
from registry.api.addresses import signed_address
from registry.api.graphql.connections import connection, whole
from registry.api.graphql.context import Context, context_of, viewer_of
from registry.core.global_ids import decode_id, encode_id
from registry.queries import sdk_collections, sdk_drafts, sdk_files
from registry.storage.signatures import Grant, Purpose

if TYPE_CHECKING:
    from registry.models import Alias, Artifact, ArtifactCollection, ManifestEntry

query = QueryType()
artifact = ObjectType("Artifact")
creator = UnionType("ArtifactCreator")
BINDABLES = [query, artifact, creator]


@query.field("artifact")
def resolve_artifact(_: Any, info: GraphQLResolveInfo, id: str) -> "Artifact | None":  # noqa: A002
    viewer, number = viewer_of(info), decode_id("Artifact", id)
    if number is None:
        return None
    return sdk_collections.find_artifact(viewer=viewer, pk=number) or sdk_drafts.find_own_draft(
        viewer=viewer, pk=number
    )


@query.field("clientIDMapping")
def resolve_client_id(_: Any, info: GraphQLResolveInfo, clientID: str) -> dict[str, str] | None:  # noqa: N803
    found = sdk_drafts.await_client_id(viewer=viewer_of(info), client_id=clientID)
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
def artifact_digest_algorithm(_row: "Artifact", _: GraphQLResolveInfo) -> str:
    return "MANIFEST_MD5"


@artifact.field("commitHash")
def artifact_commit_hash(row: "Artifact", _: GraphQLResolveInfo) -> str:
    return row.digest


@artifact.field("fileCount")
def artifact_file_count(row: "Artifact", _: GraphQLResolveInfo) -> int:
    return row.file_count


@artifact.field("createdAt")
def artifact_created_at(row: "Artifact", _: GraphQLResolveInfo) -> datetime:
    return row.created_at


@artifact.field("updatedAt")
def artifact_updated_at(row: "Artifact", _: GraphQLResolveInfo) -> datetime:
    return row.updated_at


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
