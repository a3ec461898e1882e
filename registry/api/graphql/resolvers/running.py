"""What runs ask while they go: alerts, going back, confirming files; and marking as failed one that was lost."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ariadne import MutationType, ObjectType
from graphql import GraphQLResolveInfo

from registry.api.graphql.connections import connection
from registry.api.graphql.context import viewer_of
from registry.core.errors import InvalidInput, NotFound
from registry.core.global_ids import decode_id
from registry.queries import sdk_runs
from registry.services.alerts import record_alert
from registry.services.run_branches import rewind_run
from registry.services.runs import mark_failed
from registry.services.uploads import require_run_files

if TYPE_CHECKING:
    from registry.models import Run

mutation, run = MutationType(), ObjectType("Run")
BINDABLES = [mutation, run]


def _named_run(info: GraphQLResolveInfo, given: dict[str, Any]) -> "Run":
    return sdk_runs.get_run(
        viewer=viewer_of(info),
        entity_name=given.get("entityName"),
        project_name=given.get("projectName"),
        name=given["runName"],
    )


@mutation.field("notifyScriptableRunAlert")
def resolve_alert(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    record_alert(
        viewer=viewer_of(info),
        run=_named_run(info, input),
        title=input["title"],
        text=input["text"],
        level=input.get("severity") or "INFO",
        wait=timedelta(milliseconds=input.get("waitDuration") or 0),
    )
    return {"success": True}


@mutation.field("rewindRun")
def resolve_rewind(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    if input["metricName"] != "_step":
        raise InvalidInput("A run is rewound to a _step, not to a value of another metric.")
    row = _named_run(info, input)
    return {"rewoundRun": rewind_run(viewer=viewer_of(info), run=row, step=input["metricValue"])}


@mutation.field("updateRunState")
def resolve_state(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    row = sdk_runs.find_run_by_pk(viewer=viewer_of(info), pk=decode_id("Run", input["id"]) or 0)
    if row is None:
        raise NotFound("This run does not exist.")
    if input["state"] != "failed":
        raise InvalidInput("A run can only be set to 'failed': this server has no queue in which one could be pending.")
    mark_failed(viewer=viewer_of(info), run=row)
    return {"success": True}


@mutation.field("markRunFilesUploaded")
def resolve_files(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    require_run_files(viewer=viewer_of(info), run=_named_run(info, input), names=input["files"])
    return {"success": True}


@run.field("logLines")
def run_log_lines(
    row: "Run", info: GraphQLResolveInfo, first: int | None = None, after: str | None = None, last: int | None = None
) -> dict[str, Any]:
    page = sdk_runs.list_log_lines(viewer=viewer_of(info), run=row, first=first, after=after, last=last)
    return connection(page, [{"number": line.number, **_console_line(line.content)} for line in page.items])


def _console_line(content: str) -> dict[str, Any]:
    """Take a line apart as the SDK writes it: `ERROR ` before what went to stderr, then the time."""
    is_error = content.startswith("ERROR ")
    stamp, separator, text = content.removeprefix("ERROR ").partition(" ")
    has_stamp = bool(separator) and len(stamp) > len("2026-01-01T") and stamp[:4].isdigit() and stamp[10] == "T"
    return {
        "level": "error" if is_error else None,
        "label": None,
        "timestamp": stamp if has_stamp else None,
        "line": text if has_stamp else content.removeprefix("ERROR "),
    }
