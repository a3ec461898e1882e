"""What runs streamed: metric rows, system events, console lines."""

import json
from typing import TYPE_CHECKING, Any

from ariadne import ObjectType
from graphql import GraphQLResolveInfo

from registry.api.graphql.context import viewer_of
from registry.core.errors import InvalidInput
from registry.core.text import json_object
from registry.queries import sdk_runs

if TYPE_CHECKING:
    from registry.models import Run

_MAX_ROWS = 10_000
run = ObjectType("Run")
BINDABLES = [run]


@run.field("historyLineCount")
def run_history_count(row: "Run", info: GraphQLResolveInfo) -> int:
    return sdk_runs.count_lines(viewer=viewer_of(info), run=row, stream=sdk_runs.HISTORY)


@run.field("eventsLineCount")
def run_events_count(row: "Run", info: GraphQLResolveInfo) -> int:
    return sdk_runs.count_lines(viewer=viewer_of(info), run=row, stream=sdk_runs.EVENTS)


@run.field("logLineCount")
def run_log_count(row: "Run", info: GraphQLResolveInfo) -> int:
    return sdk_runs.count_lines(viewer=viewer_of(info), run=row, stream=sdk_runs.OUTPUT)


def _lines(
    row: "Run", info: GraphQLResolveInfo, stream: str, limit: int = _MAX_ROWS, *, last: bool = False
) -> list[str]:
    found = sdk_runs.list_lines(viewer=viewer_of(info), run=row, stream=stream, limit=limit, newest_first=last)
    return list(found)


@run.field("historyTail")
def run_history_tail(row: "Run", info: GraphQLResolveInfo) -> str:
    return json.dumps(_lines(row, info, sdk_runs.HISTORY, 1, last=True))


@run.field("eventsTail")
def run_events_tail(row: "Run", info: GraphQLResolveInfo) -> str:
    return json.dumps(_lines(row, info, sdk_runs.EVENTS, 1, last=True))


@run.field("systemMetrics")
def run_system_metrics(row: "Run", info: GraphQLResolveInfo) -> str:
    found = _lines(row, info, sdk_runs.EVENTS, 1, last=True)
    return json.dumps(json_object(found[0]) if found else {})


@run.field("history")
def run_history(
    row: "Run",
    info: GraphQLResolveInfo,
    minStep: int | None = None,  # noqa: N803
    maxStep: int | None = None,  # noqa: N803
    samples: int | None = None,
) -> list[str]:
    lines = _lines(row, info, sdk_runs.HISTORY)
    if minStep is not None or maxStep is not None:
        low, high = minStep or 0, maxStep if maxStep is not None else 2**62
        lines = [line for line in lines if low <= _step(line) < high]
    return lines[: samples or None]


def _step(line: str) -> int:
    step = json_object(line).get("_step", 0)
    return step if isinstance(step, int) else 0


@run.field("events")
def run_events(row: "Run", info: GraphQLResolveInfo, samples: int | None = None) -> list[str]:
    return _lines(row, info, sdk_runs.EVENTS)[: samples or None]


@run.field("sampledHistory")
def run_sampled_history(row: "Run", info: GraphQLResolveInfo, specs: list[str]) -> list[Any]:
    rows = [json_object(line) for line in _lines(row, info, sdk_runs.HISTORY)]
    return [_sample(rows, json_object(spec)) for spec in specs]


def _sample(rows: list[dict[str, Any]], spec: dict[str, Any]) -> list[dict[str, Any]]:
    keys, samples = spec.get("keys") or [], spec.get("samples")
    if not isinstance(keys, list):
        raise InvalidInput("keys must be a list of names")
    wanted = [{key: one[key] for key in keys} if keys else one for one in rows if all(key in one for key in keys)]
    if isinstance(samples, int) and 0 < samples < len(wanted):
        return [wanted[index * len(wanted) // samples] for index in range(samples)]
    return wanted


@run.field("parquetHistory")
def run_parquet_history(row: "Run", info: GraphQLResolveInfo, liveKeys: list[str]) -> dict[str, Any]:  # noqa: N803
    return {"parquetUrls": [], "liveData": [json_object(line) for line in _lines(row, info, sdk_runs.HISTORY)]}


@run.field("historyKeys")
def run_history_keys(row: "Run", info: GraphQLResolveInfo) -> dict[str, Any] | None:
    rows = [json_object(line) for line in _lines(row, info, sdk_runs.HISTORY)]
    if not rows:
        return None
    counts: dict[str, int] = {}
    for one in rows:
        for key in one:
            counts[key] = counts.get(key, 0) + 1
    keys = {
        key: {
            "typeCounts": [{"type": "number", "count": count}],
            "monotonic": False,
            "previousValue": rows[-1].get(key),
        }
        for key, count in counts.items()
    }
    return {"keys": keys, "sets": [], "lastStep": max(one.get("_step", 0) or 0 for one in rows)}
