"""Projects, the artifact types in them, and what they contain."""

from typing import TYPE_CHECKING, Any

from ariadne import MutationType, ObjectType, QueryType
from django.db import transaction
from graphql import GraphQLResolveInfo

from registry import policies
from registry.api.graphql.connections import connection, whole
from registry.api.graphql.context import viewer_of
from registry.api.graphql.resolvers.registries import ACCESS, upsert_registry
from registry.core import names
from registry.core.errors import InvalidInput
from registry.core.global_ids import encode_id
from registry.queries import sdk_collections, sdk_projects, sdk_runs
from registry.services.projects import describe_project, ensure_project

if TYPE_CHECKING:
    from registry.models import Project, User

# what the web page decides, not the SDK
_NOT_SERVED = ("id", "access", "allowAllArtifactTypesInRegistry", "artifactTypes")
query, mutation = QueryType(), MutationType()
project, artifact_type = ObjectType("Project"), ObjectType("ArtifactType")
BINDABLES = [query, mutation, project, artifact_type]


@query.field("project")
@query.field("model")
def resolve_project(
    _: Any,
    info: GraphQLResolveInfo,
    *,
    name: str | None = None,
    entityName: str | None = None,  # noqa: N803
) -> "Project | None":
    return sdk_projects.find_project(viewer=viewer_of(info), entity_name=entityName, name=name)


@query.field("models")
def resolve_projects(
    _: Any,
    info: GraphQLResolveInfo,
    *,
    entityName: str | None = None,  # noqa: N803
    first: int | None = None,
    after: str | None = None,
    order: str | None = None,
) -> dict[str, Any]:
    page = sdk_projects.list_projects(viewer=viewer_of(info), entity_name=entityName, first=first, after=after)
    return connection(page)


@mutation.field("upsertModel")
@transaction.atomic
def resolve_upsert_project(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    if not input.get("name"):
        raise InvalidInput("A project needs a name.")
    owner = sdk_projects.get_named_entity(viewer=viewer, name=input.get("entityName"))
    if names.is_registry_project(input["name"]) and owner.kind == "organisation":
        registry, is_new = upsert_registry(viewer, owner, input)
        return {"project": registry, "model": registry, "inserted": is_new}
    asked = [name for name in _NOT_SERVED if input.get(name) is not None]
    if asked:
        raise InvalidInput(f"This server does not take {', '.join(asked)} for a project: set it on the web page.")
    known = sdk_projects.find_project(viewer=viewer, entity_name=owner.name, name=input["name"])
    row = ensure_project(viewer=viewer, entity=owner, name=input["name"])
    if input.get("description") is not None:
        describe_project(viewer=viewer, project=row, description=input["description"])
    return {"project": row, "model": row, "inserted": known is None}


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
@project.field("updatedAt")
def project_created_at(row: "Project", _: GraphQLResolveInfo) -> Any:
    return row.created_at


@project.field("isBenchmark")
def project_is_benchmark(_row: "Project", _: GraphQLResolveInfo) -> bool:
    return False


@project.field("allowAllArtifactTypesInRegistry")
def project_accepts_all(row: "Project", _: GraphQLResolveInfo) -> bool:
    return not row.accepted_types


@project.field("access")
def project_access(row: "Project", _: GraphQLResolveInfo) -> str:
    if row.is_registry:
        return next(word for word, is_open in ACCESS.items() if is_open == (row.visibility == "organisation"))
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
    *,
    first: int | None = None,
    after: str | None = None,
    includeAll: bool | None = None,  # noqa: N803
) -> dict[str, Any]:
    present = sdk_collections.list_types(viewer=viewer_of(info), project=row)
    found = sorted({*present, *(row.accepted_types or ())}) if includeAll else present
    return whole({"name": name, "project": row} for name in found)


@project.field("artifactType")
def project_type(row: "Project", info: GraphQLResolveInfo, name: str) -> dict[str, Any] | None:
    found = name in sdk_collections.list_types(viewer=viewer_of(info), project=row)
    return {"name": name, "project": row} if found else None


@project.field("artifactCollections")
def project_collections(
    row: "Project",
    info: GraphQLResolveInfo,
    *,
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
    *,
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
    *,
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
