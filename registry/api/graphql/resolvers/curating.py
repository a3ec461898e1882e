"""Linking, aliases, tags, descriptions, deletion: what is done with versions once they are saved."""

from typing import TYPE_CHECKING, Any

from ariadne import MutationType
from django.db import transaction
from graphql import GraphQLResolveInfo

from registry.api.graphql.context import viewer_of
from registry.core import names
from registry.core.errors import InvalidInput, NotFound
from registry.core.global_ids import decode_id
from registry.core.viewer import Viewer
from registry.queries import sdk_collections, sdk_drafts, sdk_projects
from registry.queries.sdk_collections import Member
from registry.services.aliases import remove_alias, set_alias
from registry.services.curation import (
    change_collection,
    change_collection_tags,
    change_collection_type,
    change_version,
)
from registry.services.links import link_version, unlink_version
from registry.services.projects import ensure_project
from registry.services.registries import delete_collection
from registry.services.versions import delete_version

if TYPE_CHECKING:
    from registry.models import Artifact, ArtifactCollection

mutation = MutationType()
BINDABLES = [mutation]


def _version(viewer: Viewer, text: str) -> "Artifact":
    found = sdk_collections.find_artifact(viewer=viewer, pk=decode_id("Artifact", text) or 0)
    if found is None:
        raise NotFound("This artifact version does not exist.")
    return found


def _collection_by_id(viewer: Viewer, text: str) -> "ArtifactCollection":
    pk = decode_id("ArtifactCollection", text) or 0
    found = sdk_collections.find_collection_by_pk(viewer=viewer, pk=pk)
    if found is None:
        raise NotFound("This collection does not exist.")
    return found


def _collection(viewer: Viewer, given: dict[str, Any]) -> "ArtifactCollection":
    project = sdk_projects.get_project(
        viewer=viewer, entity_name=given.get("entityName"), name=given.get("projectName")
    )
    name = given["artifactCollectionName"]
    found = sdk_collections.find_collection(viewer=viewer, project=project, name=name)
    if found is None:
        raise NotFound(f"collection {name!r} not found in {project.entity.name}/{project.name}")
    return found


@mutation.field("linkArtifact")
@transaction.atomic
def resolve_link(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    artifact = _linked_artifact(viewer, input)
    if input.get("artifactPortfolioID"):
        target = _collection_by_id(viewer, input["artifactPortfolioID"])
        project, name = target.project, target.name
    else:
        entity = sdk_projects.get_named_entity(viewer=viewer, name=input.get("entityName"))
        project_name = input.get("projectName") or sdk_projects.DEFAULT_PROJECT
        if names.is_registry_project(project_name) and entity.kind != "organisation":
            raise InvalidInput(f"{project_name!r} is a registry: name its organisation instead of {entity.name!r}.")
        project = ensure_project(viewer=viewer, entity=entity, name=project_name)
        name = input.get("artifactPortfolioName") or ""
    link = link_version(
        viewer=viewer,
        artifact=artifact,
        project=project,
        collection_name=name,
        aliases=[one["alias"] for one in input.get("aliases") or []],
    )
    linked = _version(viewer, input["artifactID"]) if input.get("artifactID") else artifact
    member = Member(link.collection, linked, link.version, link.created_at)
    return {"versionIndex": link.version, "artifactMembership": member}


def _linked_artifact(viewer: Viewer, given: dict[str, Any]) -> "Artifact":
    if given.get("artifactID"):
        return _version(viewer, given["artifactID"])
    if not given.get("clientID"):
        raise InvalidInput("A link needs an artifact.")
    found = sdk_drafts.find_by_client_id(viewer=viewer, client_id=given["clientID"])
    if found is None:
        raise NotFound("The artifact to link does not exist.")
    return found


@mutation.field("unlinkArtifact")
def resolve_unlink(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    collection = _collection_by_id(viewer, input["artifactPortfolioID"])
    unlink_version(viewer=viewer, artifact=_version(viewer, input["artifactID"]), collection=collection)
    return {"success": True}


@mutation.field("addAliases")
@transaction.atomic
def resolve_add_aliases(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    artifact = _version(viewer, input["artifactID"])
    for one in input["aliases"]:
        set_alias(viewer=viewer, collection=_collection(viewer, one), artifact=artifact, name=one["alias"])
    return {"success": True}


@mutation.field("deleteAliases")
@transaction.atomic
def resolve_delete_aliases(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    artifact = _version(viewer, input["artifactID"])
    for one in input["aliases"]:
        remove_alias(viewer=viewer, collection=_collection(viewer, one), artifact=artifact, name=one["alias"])
    return {"success": True}


@mutation.field("updateArtifact")
def resolve_update(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    change_version(
        viewer=viewer,
        artifact=_version(viewer, input["artifactID"]),
        description=input.get("description"),
        metadata=input.get("metadata"),
        ttl_seconds=input.get("ttlDurationSeconds"),
        tags_to_add=[one["tagName"] for one in input.get("tagsToAdd") or []],
        tags_to_remove=[one["tagName"] for one in input.get("tagsToDelete") or []],
    )
    return {"artifact": _version(viewer, input["artifactID"])}


@mutation.field("deleteArtifact")
def resolve_delete(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    # who repeats the request because the answer was lost gets the same answer
    artifact = sdk_collections.find_artifact(
        viewer=viewer, pk=decode_id("Artifact", input["artifactID"]) or 0, with_deleted=True
    )
    if artifact is None:
        raise NotFound("This artifact version does not exist.")
    delete_version(viewer=viewer, artifact=artifact, with_aliases=bool(input.get("deleteAliases")))
    return {"artifact": artifact}


@mutation.field("updateArtifactSequence")
@mutation.field("updateArtifactPortfolio")
def resolve_change_collection(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    pk = input.get("artifactSequenceID") or input.get("artifactPortfolioID") or ""
    collection = change_collection(
        viewer=viewer,
        collection=_collection_by_id(viewer, pk),
        name=input.get("name"),
        description=input.get("description"),
    )
    return {"artifactCollection": collection}


@mutation.field("moveArtifactSequence")
def resolve_retype(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    collection = _collection_by_id(viewer, input["artifactSequenceID"])
    type_name = input["destinationArtifactTypeName"]
    return {"artifactCollection": change_collection_type(viewer=viewer, collection=collection, type_name=type_name)}


@mutation.field("deleteArtifactSequence")
@mutation.field("deleteArtifactPortfolio")
def resolve_delete_collection(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    text = input.get("artifactSequenceID") or input.get("artifactPortfolioID") or ""
    pk = decode_id("ArtifactCollection", text) or 0
    collection = sdk_collections.find_collection_by_pk(viewer=viewer, pk=pk, with_deleted=True)
    if collection is None:
        raise NotFound("This collection does not exist.")
    delete_collection(viewer=viewer, collection=collection)
    found = sdk_collections.find_collection_by_pk(viewer=viewer, pk=pk, with_deleted=True)
    return {"artifactCollection": found}


@mutation.field("createArtifactCollectionTagAssignments")
def resolve_add_tags(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    collection = _collection(viewer, input)
    tags = [one["tagName"] for one in input["tags"]]
    change_collection_tags(viewer=viewer, collection=collection, add=tags, remove=[])
    return {"tags": sorted(collection.tags.all(), key=lambda one: one.name)}


@mutation.field("deleteArtifactCollectionTagAssignments")
def resolve_remove_tags(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    tags = [one["tagName"] for one in input["tags"]]
    change_collection_tags(viewer=viewer, collection=_collection(viewer, input), add=[], remove=tags)
    return {"success": True}
