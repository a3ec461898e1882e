"""The registries of an organisation: finding, making, renaming, deleting them, and the roles in them."""

from typing import TYPE_CHECKING, Any

from ariadne import MutationType, ObjectType
from django.db import transaction
from graphql import GraphQLResolveInfo

from registry.api.graphql.connections import connection
from registry.api.graphql.context import viewer_of
from registry.core.errors import InvalidInput, NotFound
from registry.core.global_ids import decode_id, encode_id
from registry.core.viewer import Role, Viewer
from registry.queries import sdk_projects, sdk_registries
from registry.services.members import remove_project_member, set_project_role
from registry.services.registries import delete_registry, rename_registry, save_registry

if TYPE_CHECKING:
    from registry.models import Entity, Project, User
    from registry.queries.sdk_registries import RoleHolder

mutation = MutationType()
entity, project, organization = ObjectType("Entity"), ObjectType("Project"), ObjectType("Organization")
BINDABLES = [mutation, entity, project, organization]
# the SDK's words: PRIVATE is open to the organisation, RESTRICTED to invited members
ACCESS = {"PRIVATE": True, "RESTRICTED": False}
_ROLES = {role.value: role for role in Role}


@entity.field("projects")
def entity_projects(
    row: "Entity",
    info: GraphQLResolveInfo,
    *,
    filters: str | None = None,
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> dict[str, Any]:
    return connection(
        sdk_registries.list_registries(
            viewer=viewer_of(info), organization=row, filters=filters, order=order, first=first, after=after
        )
    )


@entity.field("artifactCollections")
def entity_collections(
    row: "Entity",
    info: GraphQLResolveInfo,
    *,
    projectFilters: str | None = None,  # noqa: N803
    filters: str | None = None,
    collectionTypes: list[str] | None = None,  # noqa: N803
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> dict[str, Any]:
    of: dict[str, Any] = {"viewer": viewer_of(info), "organization": row}
    of |= {"registries": projectFilters, "filters": filters}
    page = sdk_registries.list_collections(**of, order=order, first=first, after=after)
    return connection(page, total=lambda: sdk_registries.count_collections(**of))


@entity.field("artifactMemberships")
def entity_memberships(
    row: "Entity",
    info: GraphQLResolveInfo,
    *,
    projectFilters: str | None = None,  # noqa: N803
    collectionFilters: str | None = None,  # noqa: N803
    filters: str | None = None,
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> dict[str, Any]:
    page, members = sdk_registries.list_links(
        viewer=viewer_of(info),
        organization=row,
        registries=projectFilters,
        collections=collectionFilters,
        filters=filters,
        order=order,
        first=first,
        after=after,
    )
    return connection(page, members)


@organization.field("advancedRegistryFeatures")
def organization_search(_row: "Entity", _: GraphQLResolveInfo) -> dict[str, bool]:
    return {"advancedSearch": False}


# --- changing -----------------------------------------------------------------------------------------------------


def upsert_registry(viewer: Viewer, owner: "Entity", given: dict[str, Any]) -> tuple["Project", bool]:
    """Do what `upsertModel` asks for a registry."""
    access = given.get("access")
    if access is not None and access not in ACCESS:
        raise InvalidInput(f"A registry is {' or '.join(ACCESS)}, not {access[:40]!r}.")
    return save_registry(
        viewer=viewer,
        organization=owner,
        name=given["name"],
        description=given.get("description"),
        is_open=None if access is None else ACCESS[access],
        accepts_all=given.get("allowAllArtifactTypesInRegistry"),
        types=[one["name"] for one in given.get("artifactTypes") or []],
    )


def _registry(viewer: Viewer, text: str) -> "Project":
    pk = decode_id("Project", text) or decode_id("ProjectInternalId", text) or 0
    found = sdk_registries.find_project_by_pk(viewer=viewer, pk=pk)
    if found is None:
        raise NotFound("This registry does not exist.")
    return found


@mutation.field("renameProject")
def resolve_rename(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer, entity_name = viewer_of(info), input.get("entityName")
    old, new = input["oldProjectName"], input["newProjectName"]
    row = sdk_projects.find_project(viewer=viewer, entity_name=entity_name, name=old)
    if row is None:
        row = sdk_registries.find_renamed_registry(viewer=viewer, entity_name=entity_name, old=old, new=new)
    row = row or sdk_projects.get_project(viewer=viewer, entity_name=entity_name, name=old)
    if not row.is_registry:
        raise InvalidInput("Only a registry can be renamed.")
    renamed = rename_registry(viewer=viewer, registry=row, name=new)
    return {"project": renamed, "model": renamed, "inserted": False}


@mutation.field("deleteModel")
def resolve_delete(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    if not sdk_registries.has_deleted_registry(viewer=viewer, pk=decode_id("Project", input["id"]) or 0):
        delete_registry(viewer=viewer, registry=_registry(viewer, input["id"]))
    return {"success": True}


# --- roles --------------------------------------------------------------------------------------------------------


@project.field("members")
def project_members(row: "Project", info: GraphQLResolveInfo) -> list[dict[str, Any]]:
    viewer = viewer_of(info)
    held = sdk_registries.list_user_roles(viewer=viewer, project=row)
    return [{**_person(viewer, one), "role": {"name": one.role.value}} for one in held]


@project.field("teamMembers")
def project_teams(row: "Project", info: GraphQLResolveInfo) -> list[dict[str, Any]]:
    held = sdk_registries.list_team_roles(viewer=viewer_of(info), project=row)
    return [{"team": one.team, "role": {"name": one.role.value}} for one in held]


@entity.field("members")
def entity_members(row: "Entity", info: GraphQLResolveInfo) -> list[dict[str, Any]]:
    viewer = viewer_of(info)
    return [
        {**_person(viewer, one), "role": one.role.value, "admin": one.role is Role.ADMIN, "pending": False}
        for one in sdk_registries.list_entity_members(viewer=viewer, entity=row)
    ]


def _person(viewer: Viewer, holder: "RoleHolder") -> dict[str, Any]:
    user = holder.user
    if user is None:
        raise ValueError("only users are persons")
    email = user.email or None if viewer.is_all_seeing or user.pk == viewer.user_id else None
    return {"id": encode_id("User", user.pk), "name": user.get_full_name(), "username": user.username, "email": email}


@mutation.field("createProjectMembers")
@transaction.atomic
def resolve_add_members(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    registry = _registry(viewer, input["projectId"])
    for user in _users(viewer, input):
        set_project_role(viewer=viewer, project=registry, role=Role.VIEWER, user=user)
    for team in _teams(viewer, input):
        set_project_role(viewer=viewer, project=registry, role=Role.VIEWER, team=team)
    return {"success": True}


@mutation.field("deleteProjectMembers")
@transaction.atomic
def resolve_remove_members(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    registry = _registry(viewer, input["projectId"])
    for user in _users(viewer, input):
        remove_project_member(viewer=viewer, project=registry, user=user)
    for team in _teams(viewer, input):
        remove_project_member(viewer=viewer, project=registry, team=team)
    return {"success": True}


@mutation.field("updateProjectMember")
def resolve_user_role(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    registry, user = _registry(viewer, input["projectId"]), _users(viewer, {"userIds": [input["userId"]]})[0]
    set_project_role(viewer=viewer, project=registry, role=_role(input["userProjectRole"]), user=user)
    return {"success": True}


@mutation.field("updateProjectTeamMember")
def resolve_team_role(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    registry, team = _registry(viewer, input["projectId"]), _teams(viewer, {"teamIds": [input["teamId"]]})[0]
    set_project_role(viewer=viewer, project=registry, role=_role(input["teamProjectRole"]), team=team)
    return {"success": True}


def _users(viewer: Viewer, given: dict[str, Any]) -> "list[User]":
    found = []
    for text in given.get("userIds") or []:
        user = sdk_registries.find_user_by_pk(viewer=viewer, pk=decode_id("User", text) or 0)
        if user is None:
            raise NotFound("This user does not exist.")
        found.append(user)
    return found


def _teams(viewer: Viewer, given: dict[str, Any]) -> "list[Entity]":
    found = []
    for text in given.get("teamIds") or []:
        team = sdk_registries.find_team_by_pk(viewer=viewer, pk=decode_id("Entity", text) or 0)
        if team is None:
            raise NotFound("This team does not exist.")
        found.append(team)
    return found


def _role(text: str) -> Role:
    if text not in _ROLES:
        raise InvalidInput(f"{text[:40]!r} is not a role; use {', '.join(_ROLES)}.")
    return _ROLES[text]
