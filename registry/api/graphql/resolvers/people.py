"""Users, entities, organisations, and what this server can do."""

from typing import TYPE_CHECKING, Any

from ariadne import ObjectType, QueryType
from graphql import GraphQLResolveInfo

from registry.api.graphql.connections import whole
from registry.api.graphql.context import viewer_of
from registry.core.global_ids import encode_id
from registry.queries import sdk_projects, sdk_registries
from registry.queries.sdk_keys import list_own_keys

if TYPE_CHECKING:
    from registry.models import Entity, Project, User

# what newer SDKs may ask for because this server has it; everything else counts as off
FEATURES = (
    "ARTIFACT_COLLECTIONS_FILTERING_SORTING",
    "ARTIFACT_COLLECTION_MEMBERSHIP_FILES",
    "ARTIFACT_COLLECTION_MEMBERSHIP_FILE_DOWNLOAD_HANDLER",
    "ARTIFACT_MEMBERSHIP_IN_LINK_ARTIFACT_RESPONSE",
    "ARTIFACT_REGISTRY_SEARCH",
    "ARTIFACT_TAGS",
    "ARTIFACT_V2_DOWNLOAD_HANDLER_SUPPORTS_ARTIFACT_ID",
    "CLIENT_IDS",
    "INCLUDE_ARTIFACT_TYPES_IN_REGISTRY_CREATION",
    "LARGE_FILENAMES",
    "PROJECT_ARTIFACT_COLLECTION_MEMBERSHIP",
    "TOTAL_COUNT_IN_FILE_CONNECTION",
    "USE_ARTIFACT_WITH_ENTITY_AND_PROJECT_INFORMATION",
)
_ENTITY_TYPES = {"organisation": "organization"}

query = QueryType()
user, entity, organization = ObjectType("User"), ObjectType("Entity"), ObjectType("Organization")
BINDABLES = [query, user, entity, organization]


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


@query.field("users")
def resolve_users(_: Any, info: GraphQLResolveInfo, query: str | None = None) -> dict[str, Any]:
    return whole(sdk_registries.search_users(viewer=viewer_of(info), text=query))


@query.field("organization")
def resolve_organization(_: Any, info: GraphQLResolveInfo, name: str) -> "Entity | None":
    return sdk_projects.find_organization(viewer=viewer_of(info), name=name)


# --- users, entities, organisations -------------------------------------------------------------------------------


@user.field("id")
def user_id(row: "User", _: GraphQLResolveInfo) -> str:
    return encode_id("User", row.pk)


@user.field("name")
def user_name(row: "User", _: GraphQLResolveInfo) -> str:
    return row.get_full_name()


@user.field("email")
def user_email(row: "User", info: GraphQLResolveInfo) -> str | None:
    viewer = viewer_of(info)
    return row.email or None if viewer.is_all_seeing or viewer.user_id == row.pk else None


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
def user_keys(row: "User", info: GraphQLResolveInfo) -> dict[str, Any]:
    """Show the viewer's own keys by their first characters; the SDK deletes one by that name."""
    viewer = viewer_of(info)
    keys = list_own_keys(viewer=viewer) if viewer.user_id == row.pk else []
    return whole({"id": encode_id("ApiKey", key.pk), "name": key.public_id, "description": key.name} for key in keys)


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
@entity.field("xxhashDigestsEnabled")
@entity.field("readOnlyAdmin")
@entity.field("isPaid")
def entity_no(_row: "Entity", _: GraphQLResolveInfo) -> bool:
    return False


@entity.field("privateOnly")
@entity.field("codeSavingEnabled")
def entity_yes(_row: "Entity", _: GraphQLResolveInfo) -> bool:
    return True


@entity.field("storageBytes")
def entity_bytes(row: "Entity", info: GraphQLResolveInfo) -> int:
    return sdk_projects.stored_bytes(viewer=viewer_of(info), entity=row)


@entity.field("defaultAccess")
def entity_access(_row: "Entity", _: GraphQLResolveInfo) -> str:
    return "PRIVATE"


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
