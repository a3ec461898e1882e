"""Users, entities, organisations, projects, and what this server can do."""

from typing import TYPE_CHECKING, Any

from ariadne import MutationType, ObjectType, QueryType
from graphql import GraphQLResolveInfo

from registry import policies
from registry.api.graphql.connections import connection, whole
from registry.api.graphql.context import viewer_of
from registry.core.errors import InvalidInput
from registry.core.global_ids import encode_id
from registry.queries import sdk_collections, sdk_projects, sdk_runs
from registry.services.projects import describe_project, ensure_project

if TYPE_CHECKING:
    from registry.models import Entity, Project, User

# what newer SDKs may ask for because this server has it; everything else counts as off
FEATURES = (
    "ARTIFACT_COLLECTION_MEMBERSHIP_FILES",
    "ARTIFACT_COLLECTION_MEMBERSHIP_FILE_DOWNLOAD_HANDLER",
    "ARTIFACT_MEMBERSHIP_IN_LINK_ARTIFACT_RESPONSE",
    "ARTIFACT_TAGS",
    "ARTIFACT_V2_DOWNLOAD_HANDLER_SUPPORTS_ARTIFACT_ID",
    "CLIENT_IDS",
    "LARGE_FILENAMES",
    "PROJECT_ARTIFACT_COLLECTION_MEMBERSHIP",
    "TOTAL_COUNT_IN_FILE_CONNECTION",
    "USE_ARTIFACT_WITH_ENTITY_AND_PROJECT_INFORMATION",
)
_ENTITY_TYPES = {"organisation": "organization"}

query, mutation = QueryType(), MutationType()
user, entity, organization = ObjectType("User"), ObjectType("Entity"), ObjectType("Organization")
project, artifact_type = ObjectType("Project"), ObjectType("ArtifactType")
BINDABLES = [query, mutation, user, entity, organization, project, artifact_type]


@query.field("viewer")
def resolve_viewer(_: Any, info: GraphQLResolveInfo) -> "User | None":
    return sdk_projects.find_user(viewer=viewer_of(info))


@query.field("serverInfo")
def resolve_server(_: Any, info: GraphQLResolveInfo) -> dict[str, Any]:
    return {
        "cliVersionInfo": {"min_cli_version": "0.10.0", "max_cli_version": "99.0.0"},
        "latestLocalVersionInfo": None,
        "features": [{"name": name, "isEnabled": True} for name in FEATURES],
    }


@query.field("entity")
def resolve_entity(_: Any, info: GraphQLResolveInfo, name: str | None = None) -> "Entity | None":
    return sdk_projects.find_named_entity(viewer=viewer_of(info), name=name)


@query.field("organization")
def resolve_organization(_: Any, info: GraphQLResolveInfo, name: str) -> "Entity | None":
    return sdk_projects.find_organization(viewer=viewer_of(info), name=name)


@query.field("project")
@query.field("model")
def resolve_project(
    _: Any,
    info: GraphQLResolveInfo,
    name: str | None = None,
    entityName: str | None = None,  # noqa: N803
) -> "Project | None":
    return sdk_projects.find_project(viewer=viewer_of(info), entity_name=entityName, name=name)


@query.field("models")
def resolve_projects(
    _: Any,
    info: GraphQLResolveInfo,
    entityName: str | None = None,  # noqa: N803
    first: int | None = None,
    after: str | None = None,
    order: str | None = None,
) -> dict[str, Any]:
    page = sdk_projects.list_projects(viewer=viewer_of(info), entity_name=entityName, first=first, after=after)
    return connection(page)


@mutation.field("upsertModel")
def resolve_upsert_project(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    if not input.get("name"):
        raise InvalidInput("A project needs a name.")
    owner = sdk_projects.get_named_entity(viewer=viewer, name=input.get("entityName"))
    known = sdk_projects.find_project(viewer=viewer, entity_name=owner.name, name=input["name"])
    row = ensure_project(viewer=viewer, entity=owner, name=input["name"])
    if input.get("description") is not None:
        describe_project(viewer=viewer, project=row, description=input["description"])
    return {"project": row, "model": row, "inserted": known is None}


# --- users, entities, organisations -------------------------------------------------------------------------------


@user.field("id")
def user_id(row: "User", _: GraphQLResolveInfo) -> str:
    return encode_id("User", row.pk)


@user.field("name")
def user_name(row: "User", _: GraphQLResolveInfo) -> str:
    return row.get_full_name()


@user.field("email")
def user_email(row: "User", info: GraphQLResolveInfo) -> str | None:
    return row.email if viewer_of(info).user_id == row.pk else None


@user.field("admin")
def user_admin(row: "User", _: GraphQLResolveInfo) -> bool:
    return row.is_superuser


@user.field("flags")
def user_flags(_row: "User", _: GraphQLResolveInfo) -> str:
    return "{}"


@user.field("entity")
def user_entity(row: "User", _: GraphQLResolveInfo) -> str:
    return row.default_entity.name if row.default_entity else row.username


@user.field("apiKeys")
def user_keys(_row: "User", _: GraphQLResolveInfo) -> dict[str, Any]:
    return {"edges": []}


@user.field("teams")
def user_teams(row: "User", info: GraphQLResolveInfo) -> dict[str, Any]:
    viewer = viewer_of(info)
    return whole(sdk_projects.list_teams(viewer=viewer) if viewer.user_id == row.pk else [])


@user.field("organizations")
def user_organizations(row: "User", info: GraphQLResolveInfo) -> "list[Entity]":
    viewer = viewer_of(info)
    return sdk_projects.list_organizations(viewer=viewer) if viewer.user_id == row.pk else []


@entity.field("id")
@organization.field("id")
def entity_id(row: "Entity", info: GraphQLResolveInfo) -> str:
    return encode_id(info.parent_type.name, row.pk)


@entity.field("entityType")
def entity_type(row: "Entity", _: GraphQLResolveInfo) -> str:
    return _ENTITY_TYPES.get(row.kind, row.kind)


@entity.field("isTeam")
def entity_is_team(row: "Entity", _: GraphQLResolveInfo) -> bool:
    return row.kind == "team"


@entity.field("available")
@entity.field("readOnly")
def entity_no(_row: "Entity", _: GraphQLResolveInfo) -> bool:
    return False


@entity.field("organization")
def entity_organization(row: "Entity", info: GraphQLResolveInfo) -> "Entity | None":
    return sdk_projects.home_organization(viewer=viewer_of(info), entity=row)


@entity.field("project")
def entity_project(row: "Entity", info: GraphQLResolveInfo, name: str | None = None) -> "Project | None":
    return sdk_projects.find_project(viewer=viewer_of(info), entity_name=row.name, name=name)


@organization.field("orgEntity")
def organization_entity(row: "Entity", _: GraphQLResolveInfo) -> "Entity":
    return row


@organization.field("coreWeaveOrganizationId")
def organization_cloud_id(_row: "Entity", _: GraphQLResolveInfo) -> None:
    return None


@organization.field("featureFlags")
def organization_flags(_row: "Entity", _: GraphQLResolveInfo, rampIDType: str | None = None) -> list[Any]:  # noqa: N803
    return []


# --- projects -----------------------------------------------------------------------------------------------------


@project.field("id")
def project_id(row: "Project", _: GraphQLResolveInfo) -> str:
    return encode_id("Project", row.pk)


@project.field("internalId")
def project_internal_id(row: "Project", _: GraphQLResolveInfo) -> str:
    return encode_id("ProjectInternalId", row.pk)


@project.field("entityName")
def project_entity_name(row: "Project", _: GraphQLResolveInfo) -> str:
    return row.entity.name


@project.field("createdAt")
def project_created_at(row: "Project", _: GraphQLResolveInfo) -> Any:
    return row.created_at


@project.field("isBenchmark")
def project_is_benchmark(_row: "Project", _: GraphQLResolveInfo) -> bool:
    return False


@project.field("access")
def project_access(row: "Project", _: GraphQLResolveInfo) -> str:
    return "ORGANIZATION" if row.visibility == "organisation" else "PRIVATE"


@project.field("readOnly")
def project_read_only(row: "Project", info: GraphQLResolveInfo) -> bool:
    return not policies.can_write_project(viewer_of(info), row)


@project.field("user")
def project_user(row: "Project", _: GraphQLResolveInfo) -> "User | None":
    return row.created_by


@project.field("artifactTypes")
def project_types(
    row: "Project",
    info: GraphQLResolveInfo,
    first: int | None = None,
    after: str | None = None,
    includeAll: bool | None = None,  # noqa: N803, FBT001
) -> dict[str, Any]:
    names = sdk_collections.list_types(viewer=viewer_of(info), project=row)
    return whole({"name": name, "project": row} for name in names)


@project.field("artifactType")
def project_type(row: "Project", info: GraphQLResolveInfo, name: str) -> dict[str, Any] | None:
    found = name in sdk_collections.list_types(viewer=viewer_of(info), project=row)
    return {"name": name, "project": row} if found else None


@project.field("artifactCollections")
def project_collections(
    row: "Project",
    info: GraphQLResolveInfo,
    first: int | None = None,
    after: str | None = None,
    filters: str | None = None,
    order: str | None = None,
) -> dict[str, Any]:
    viewer = viewer_of(info)
    page = sdk_collections.list_collections(
        viewer=viewer, project=row, order=order, filters=filters, first=first, after=after
    )
    return connection(
        page, total=lambda: sdk_collections.count_collections(viewer=viewer, project=row, filters=filters)
    )


@project.field("artifactCollection")
def project_collection(row: "Project", info: GraphQLResolveInfo, name: str) -> Any:
    return sdk_collections.find_collection(viewer=viewer_of(info), project=row, name=name)


@project.field("artifactCollectionMembership")
def project_member(row: "Project", info: GraphQLResolveInfo, name: str) -> Any:
    return sdk_collections.find_member(viewer=viewer_of(info), project=row, name=name)


@project.field("artifact")
def project_artifact(row: "Project", info: GraphQLResolveInfo, name: str) -> Any:
    member = sdk_collections.find_member(viewer=viewer_of(info), project=row, name=name)
    return None if member is None else member.artifact


@project.field("run")
@project.field("bucket")
def project_run(row: "Project", info: GraphQLResolveInfo, name: str, missingOk: bool | None = None) -> Any:  # noqa: N803, FBT001
    return sdk_runs.find_run(viewer=viewer_of(info), project=row, name=name)


@project.field("runs")
def project_runs(
    row: "Project",
    info: GraphQLResolveInfo,
    first: int | None = None,
    after: str | None = None,
    filters: str | None = None,
    order: str | None = None,
) -> dict[str, Any]:
    viewer = viewer_of(info)
    page = sdk_runs.list_runs(viewer=viewer, project=row, order=order, filters=filters, first=first, after=after)
    return connection(page, total=lambda: sdk_runs.count_runs(viewer=viewer, project=row, filters=filters))


@project.field("runCount")
def project_run_count(row: "Project", info: GraphQLResolveInfo, filters: str | None = None) -> int:
    return sdk_runs.count_runs(viewer=viewer_of(info), project=row, filters=filters)


# --- artifact types: names that occur among a project's collections -----------------------------------------------


@artifact_type.field("id")
def type_id(row: dict[str, Any], _: GraphQLResolveInfo) -> str:
    return f"{row['project'].pk}:{row['name']}"


@artifact_type.field("createdAt")
def type_created_at(row: dict[str, Any], _: GraphQLResolveInfo) -> Any:
    return row["project"].created_at


@artifact_type.field("artifactCollections")
def type_collections(
    row: dict[str, Any],
    info: GraphQLResolveInfo,
    first: int | None = None,
    after: str | None = None,
    filters: str | None = None,
    order: str | None = None,
) -> dict[str, Any]:
    viewer = viewer_of(info)
    of = {"viewer": viewer, "project": row["project"], "type_name": row["name"], "filters": filters}
    page = sdk_collections.list_collections(**of, order=order, first=first, after=after)
    return connection(page, total=lambda: sdk_collections.count_collections(**of))


@artifact_type.field("artifactCollection")
def type_collection(row: dict[str, Any], info: GraphQLResolveInfo, name: str) -> Any:
    found = sdk_collections.find_collection(viewer=viewer_of(info), project=row["project"], name=name)
    return found if found is not None and found.type_name == row["name"] else None
