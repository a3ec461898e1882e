"""Logging and using versions: the mutations of `log_artifact` and `use_artifact`."""

from typing import TYPE_CHECKING, Any

from ariadne import MutationType
from django.db import transaction
from graphql import GraphQLResolveInfo

from registry.api.addresses import signed_address
from registry.api.graphql.context import Context, context_of, viewer_of
from registry.core.digests import md5_base64, md5_hex
from registry.core.errors import InvalidInput, NotFound
from registry.core.global_ids import decode_id, encode_id
from registry.core.manifests import clean_path
from registry.queries import sdk_collections, sdk_drafts, sdk_files, sdk_projects, sdk_runs
from registry.services.artifacts import NewArtifact, log_artifact
from registry.services.edges import record_input
from registry.services.manifests import announce_manifest, commit_artifact, update_manifest
from registry.services.projects import ensure_project
from registry.services.uploads import require_upload_right
from registry.storage.signatures import Grant, Purpose

if TYPE_CHECKING:
    from registry.models import Artifact, ArtifactManifest, Blob

_MAX_FILES = 10_000
_REGIONS = {None, "", "default"}
mutation = MutationType()
BINDABLES = [mutation]


@mutation.field("createArtifact")
@transaction.atomic
def resolve_create(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    if input.get("storageRegion") not in _REGIONS:
        raise InvalidInput(f"invalid storageRegion: {input['storageRegion'][:80]!r} is not a region of this server")
    if input.get("digestAlgorithm") == "MANIFEST_XXH128":
        raise InvalidInput("This server takes artifact digests of the kind MANIFEST_MD5 only.")
    entity = sdk_projects.get_named_entity(viewer=viewer, name=input.get("entityName"))
    project = ensure_project(
        viewer=viewer, entity=entity, name=input.get("projectName") or sdk_projects.DEFAULT_PROJECT
    )
    run = None
    if input.get("runName"):
        run = sdk_runs.find_run(viewer=viewer, project=project, name=input["runName"])
        if run is None:
            raise NotFound(f"run {input['runName']!r} not found in {entity.name}/{project.name}")
    return {"artifact": log_artifact(viewer=viewer, project=project, run=run, new=_new_artifact(input))}


def _new_artifact(given: dict[str, Any]) -> NewArtifact:
    names = [given.get("artifactCollectionName"), *(given.get("artifactCollectionNames") or [])]
    name = next((one for one in names if one), None)
    if name is None:
        raise InvalidInput("An artifact needs a name.")
    aliases = given.get("aliases") or []
    return NewArtifact(
        type_name=given["artifactTypeName"],
        collection_name=name,
        digest=given["digest"],
        aliases=[one["alias"] for one in aliases if one.get("artifactCollectionName") in {None, name}],
        tags=[one["tagName"] for one in given.get("tags") or []],
        description=given.get("description") or "",
        metadata=given.get("metadata"),
        ttl_seconds=given.get("ttlDurationSeconds") or 0,
        history_step=given.get("historyStep"),
        client_id=given.get("clientID"),
        sequence_client_id=given.get("sequenceClientID"),
        distributed_id=given.get("distributedID"),
    )


@mutation.field("createArtifactManifest")
def resolve_create_manifest(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    context = context_of(info)
    artifact = sdk_drafts.get_draft(viewer=context.viewer, pk=decode_id("Artifact", input["artifactID"]))
    manifest = announce_manifest(
        viewer=context.viewer,
        artifact=artifact,
        kind=input.get("type") or "FULL",
        name=input.get("name") or "wandb_manifest.json",
        digest=input.get("digest") or "",
        base=_base(context, input),
    )
    return {"artifactManifest": _manifest(context, manifest)}


@mutation.field("updateArtifactManifest")
def resolve_update_manifest(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    context = context_of(info)
    pk = decode_id("ArtifactManifest", input["artifactManifestID"])
    manifest = sdk_drafts.get_manifest(viewer=context.viewer, pk=pk)
    updated = update_manifest(
        viewer=context.viewer, manifest=manifest, digest=input.get("digest"), base=_base(context, input)
    )
    return {"artifactManifest": _manifest(context, updated)}


def _base(context: Context, given: dict[str, Any]) -> "Artifact | None":
    if not given.get("baseArtifactID"):
        return None
    pk = decode_id("Artifact", given["baseArtifactID"]) or 0
    base = sdk_collections.find_artifact(viewer=context.viewer, pk=pk)
    if base is None:
        raise NotFound("The base version of the manifest does not exist.")
    return base


def _manifest(context: Context, manifest: "ArtifactManifest") -> dict[str, Any]:
    md5 = md5_hex(manifest.digest) if manifest.digest else ""
    grant = Grant(user_id=context.viewer.user_id or 0, row_id=manifest.pk, md5=md5)
    headers = ["Content-Type:application/json", *([f"Content-MD5:{manifest.digest}"] if manifest.digest else [])]
    number = encode_id("ArtifactManifest", manifest.pk)
    address = signed_address(context.base, Purpose.UPLOAD_MANIFEST, grant, manifest.name)
    return {
        "id": number,
        "file": {
            "id": number,
            "name": manifest.name,
            "directUrl": address,
            "uploadUrl": address,
            "uploadHeaders": headers,
            "sizeBytes": 0,
            "md5": manifest.digest or None,
        },
    }


@mutation.field("createArtifactFiles")
def resolve_create_files(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    context = context_of(info)
    wanted = input["artifactFiles"]
    if len(wanted) > _MAX_FILES:
        raise InvalidInput(f"At most {_MAX_FILES} files can be announced at once.")
    drafts: dict[str, Artifact] = {}
    for one in wanted:
        if one["artifactID"] not in drafts:
            pk = decode_id("Artifact", one["artifactID"])
            draft = sdk_drafts.get_draft(viewer=context.viewer, pk=pk)
            require_upload_right(viewer=context.viewer, project=draft.collection.project)
            drafts[one["artifactID"]] = draft
    md5s = [md5_hex(one["md5"]) for one in wanted]
    known: dict[int, dict[str, Blob]] = {}
    for draft in drafts.values():
        entity_id = draft.collection.project.entity_id
        if entity_id not in known:
            known[entity_id] = sdk_files.find_known_blobs(viewer=context.viewer, entity_id=entity_id, md5s=md5s)
    nodes = []
    for one, md5 in zip(wanted, md5s, strict=True):
        draft = drafts[one["artifactID"]]
        blob = known[draft.collection.project.entity_id].get(md5)
        nodes.append(_file_to_upload(context, draft, clean_path(one["name"]), md5, blob))
    edges = [{"node": node, "cursor": None} for node in nodes]
    page = {"endCursor": None, "hasNextPage": False}
    return {"files": {"edges": edges, "pageInfo": page, "totalCount": len(edges)}}


def _file_to_upload(context: Context, draft: "Artifact", path: str, md5: str, blob: "Blob | None") -> dict[str, Any]:
    grant = Grant(user_id=context.viewer.user_id or 0, row_id=draft.pk, md5=md5)
    stored = f"wandb_artifacts/{md5}"
    birth = blob.birth_artifact_id if blob is not None else None
    return {
        "id": encode_id("File", draft.pk),
        "name": path,
        "displayName": path,
        "directUrl": "",
        "storagePath": stored,
        # no address: the server has these bytes from this entity already
        "uploadUrl": None if blob else signed_address(context.base, Purpose.UPLOAD_FILE, grant, stored),
        "uploadHeaders": [f"Content-MD5:{md5_base64(md5)}", "Content-Type:application/octet-stream"],
        "uploadMultipartUrls": None,
        "sizeBytes": blob.size_bytes if blob else 0,
        "artifact": draft if birth is None or birth == draft.pk else _ById(birth),
    }


class _ById:
    """An artifact of which only the id is asked."""

    def __init__(self, pk: int) -> None:
        self.pk = pk


@mutation.field("commitArtifact")
def resolve_commit(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    draft = sdk_drafts.get_draft(viewer=viewer, pk=decode_id("Artifact", input["artifactID"]))
    return {"artifact": commit_artifact(viewer=viewer, artifact=draft)}


@mutation.field("useArtifact")
def resolve_use(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    run = sdk_runs.get_run(
        viewer=viewer,
        entity_name=input.get("entityName"),
        project_name=input.get("projectName"),
        name=input["runName"],
    )
    artifact = sdk_drafts.get_draft(viewer=viewer, pk=decode_id("Artifact", input["artifactID"]))
    record_input(
        viewer=viewer,
        run=run,
        artifact=artifact,
        entity_name=input.get("artifactEntityName"),
        project_name=input.get("artifactProjectName"),
    )
    return {"artifact": artifact}
