"""Runs, their streams and files."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ariadne import MutationType, ObjectType
from graphql import GraphQLResolveInfo

from registry import policies
from registry.api.addresses import signed_address
from registry.api.graphql.connections import connection
from registry.api.graphql.context import Context, context_of, viewer_of
from registry.core import clock
from registry.core.digests import md5_base64
from registry.core.errors import InvalidInput, NotFound
from registry.core.global_ids import decode_id, encode_id
from registry.queries import sdk_projects, sdk_runs
from registry.services.run_removal import delete_run, delete_run_files, request_stop
from registry.services.runs import RunChange, change_run, new_run_uid, upsert_run
from registry.services.uploads import ensure_run_files
from registry.storage.signatures import Grant, Purpose

if TYPE_CHECKING:
    from registry.models import Run, RunFile

_MAX_FILES = 2000
mutation, run = MutationType(), ObjectType("Run")
BINDABLES = [mutation, run]

_COLUMNS = {
    "jobType": "job_type",
    "displayName": "name",
    "groupName": "group_name",
    "notes": "notes",
    "description": "description",
    "tags": "tags",
    "config": "config",
    "summaryMetrics": "summary",
    "state": "state",
    "jobProgram": "program",
    "host": "host",
    "commit": "commit",
    "jobRepo": "repo",
    "sweep": "sweep_name",
}


@mutation.field("upsertBucket")
def resolve_upsert(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    change = RunChange(**{column: input.get(name) for name, column in _COLUMNS.items()})
    if input.get("id"):
        found = sdk_runs.find_run_by_pk(viewer=viewer, pk=decode_id("Run", input["id"]) or 0)
        if found is None:
            raise NotFound("The run to change does not exist.")
        return {"bucket": change_run(viewer=viewer, run=found, change=change), "inserted": False}
    row, inserted = upsert_run(
        viewer=viewer,
        entity=sdk_projects.get_named_entity(viewer=viewer, name=input.get("entityName")),
        project_name=input.get("modelName") or sdk_projects.DEFAULT_PROJECT,
        uid=input.get("name") or new_run_uid(),
        change=change,
    )
    return {"bucket": row, "inserted": inserted}


@mutation.field("createRunFiles")
def resolve_create_files(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    context = context_of(info)
    if len(input["files"]) > _MAX_FILES:
        raise InvalidInput(f"At most {_MAX_FILES} files can be announced at once.")
    row = sdk_runs.get_run(
        viewer=context.viewer,
        entity_name=input.get("entityName"),
        project_name=input.get("projectName"),
        name=input["runName"],
    )
    files = ensure_run_files(viewer=context.viewer, run=row, names=input["files"])
    return {"runID": run_id(row, info), "uploadHeaders": [], "files": [_file(context, one) for one in files]}


def _run(info: GraphQLResolveInfo, text: str, *, with_deleted: bool = False) -> "Run":
    pk = decode_id("Run", text) or 0
    found = sdk_runs.find_run_by_pk(viewer=viewer_of(info), pk=pk, with_deleted=with_deleted)
    if found is None:
        raise NotFound("This run does not exist.")
    return found


@mutation.field("deleteRun")
def resolve_delete(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    row = _run(info, input["id"], with_deleted=True)
    delete_run(viewer=viewer_of(info), run=row, with_artifacts=bool(input.get("deleteArtifacts")))
    return {"clientMutationId": None}


@mutation.field("stopRun")
def resolve_stop(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    request_stop(viewer=viewer_of(info), run=_run(info, input["id"]))
    return {"success": True}


@mutation.field("deleteFiles")
def resolve_delete_files(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    if len(input["files"]) > _MAX_FILES:
        raise InvalidInput(f"At most {_MAX_FILES} files can be deleted at once.")
    pks = {decode_id("RunFile", text) or 0 for text in input["files"]}
    found = sdk_runs.find_run_files(viewer=viewer, pks=sorted(pks))
    if len(found) != len(pks):
        raise NotFound("A file to delete does not exist.")
    delete_run_files(viewer=viewer, files=found)
    return {"success": True}


def _file(context: Context, file: "RunFile") -> dict[str, Any]:
    grant = Grant(user_id=context.viewer.user_id or 0, row_id=file.pk)
    upload = signed_address(context.base, Purpose.UPLOAD_RUN_FILE, grant, "file")
    download = signed_address(context.base, Purpose.DOWNLOAD_RUN_FILE, grant, "file")
    return {
        "id": encode_id("RunFile", file.pk),
        "name": file.name,
        "displayName": file.name,
        "url": lambda _, **arguments: upload if arguments.get("upload") else download,
        "directUrl": download,
        "uploadUrl": upload,
        "uploadHeaders": [],
        "sizeBytes": file.blob.size_bytes if file.blob else 0,
        "md5": md5_base64(file.blob.md5) if file.blob else None,
        "digest": md5_base64(file.blob.md5) if file.blob else None,
        "mimetype": "application/octet-stream",
        "updatedAt": file.updated_at,
    }


# --- fields that are columns --------------------------------------------------------------------------------------


@run.field("id")
def run_id(row: "Run", _: GraphQLResolveInfo) -> str:
    return encode_id("Run", row.pk)


@run.field("projectId")
def run_project_id(row: "Run", _: GraphQLResolveInfo) -> int:
    return row.project_id


@run.field("name")
def run_uid(row: "Run", _: GraphQLResolveInfo) -> str:
    return row.uid


@run.field("displayName")
def run_name(row: "Run", _: GraphQLResolveInfo) -> str:
    return row.name


@run.field("state")
def run_state(row: "Run", _: GraphQLResolveInfo) -> str:
    return row.shown_state(clock.now())


@run.field("sweepName")
def run_sweep(row: "Run", _: GraphQLResolveInfo) -> str | None:
    return row.sweep_name or None


@run.field("group")
@run.field("groupName")
def run_group(row: "Run", _: GraphQLResolveInfo) -> str | None:
    return row.group_name or None


@run.field("jobType")
def run_job_type(row: "Run", _: GraphQLResolveInfo) -> str | None:
    return row.group.job_type or None


@run.field("readOnly")
def run_read_only(row: "Run", info: GraphQLResolveInfo) -> bool:
    return not policies.can_write_project(viewer_of(info), row.project)


@run.field("stopped")
def run_stopped(row: "Run", _: GraphQLResolveInfo) -> bool:
    return row.stop_requested


@run.field("createdAt")
def run_created_at(row: "Run", _: GraphQLResolveInfo) -> datetime:
    return row.created_at


@run.field("heartbeatAt")
@run.field("updatedAt")
def run_heartbeat_at(row: "Run", _: GraphQLResolveInfo) -> datetime:
    return row.heartbeat_at


@run.field("summaryMetrics")
def run_summary(row: "Run", _: GraphQLResolveInfo) -> str:
    return json.dumps(row.summary)


@run.field("user")
def run_user(row: "Run", _: GraphQLResolveInfo) -> Any:
    return row.created_by


@run.field("wandbConfig")
def run_sdk_config(row: "Run", _: GraphQLResolveInfo, keys: list[str] | None = None) -> str:
    kept = row.config.get("_wandb")
    values = kept.get("value") if isinstance(kept, dict) else None
    values = values if isinstance(values, dict) else {}
    return json.dumps({key: value for key, value in values.items() if keys is None or key in keys})


# --- files, inputs, outputs ---------------------------------------------------------------------------------------


@run.field("fileCount")
def run_file_count(row: "Run", info: GraphQLResolveInfo) -> int:
    return sdk_runs.count_run_files(viewer=viewer_of(info), run=row)


@run.field("files")
def run_files(
    row: "Run",
    info: GraphQLResolveInfo,
    *,
    names: list[str | None] | None = None,
    first: int | None = None,
    after: str | None = None,
    pattern: str | None = None,
) -> dict[str, Any]:
    context = context_of(info)
    wanted = [name for name in names or [] if name is not None]
    page = sdk_runs.list_run_files(
        viewer=context.viewer, run=row, names=wanted, pattern=pattern, first=first, after=after
    )
    nodes = [_file(context, one) for one in page.items]
    return connection(page, nodes, lambda: sdk_runs.count_run_files(viewer=context.viewer, run=row))


def _artifacts(row: "Run", info: GraphQLResolveInfo, direction: int, first: int | None, after: str | None) -> Any:
    viewer = viewer_of(info)
    page = sdk_runs.list_run_artifacts(viewer=viewer, run=row, direction=direction, first=first, after=after)
    nodes = [edge.artifact for edge in page.items]
    return connection(page, nodes, lambda: sdk_runs.count_run_artifacts(viewer=viewer, run=row, direction=direction))


@run.field("inputArtifacts")
def run_inputs(row: "Run", info: GraphQLResolveInfo, first: int | None = None, after: str | None = None) -> Any:
    return _artifacts(row, info, 0, first, after)


@run.field("outputArtifacts")
def run_outputs(row: "Run", info: GraphQLResolveInfo, first: int | None = None, after: str | None = None) -> Any:
    return _artifacts(row, info, 1, first, after)
