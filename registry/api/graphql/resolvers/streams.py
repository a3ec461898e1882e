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
_MOST_LIVE = 100_000
_MAX_DEPTH = 8
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
    viewer, most = viewer_of(info), min(samples or _MAX_ROWS, _MAX_ROWS)
    if minStep is None and maxStep is None:
        return _spread(
            list(sdk_runs.sample_lines(viewer=viewer, run=row, stream=sdk_runs.HISTORY, most=_MAX_ROWS)), most
        )
    end = 2**62 if maxStep is None else maxStep
    return list(sdk_runs.list_steps(viewer=viewer, run=row, first=minStep or 0, end=end, most=most))


def _spread(found: list[Any], most: int) -> list[Any]:
    """Return at most that many, evenly taken from all."""
    return found if len(found) <= most else [found[index * len(found) // most] for index in range(most)]


def _sampled_rows(row: "Run", info: GraphQLResolveInfo) -> list[dict[str, Any]]:
    lines = sdk_runs.sample_lines(viewer=viewer_of(info), run=row, stream=sdk_runs.HISTORY, most=_MAX_ROWS)
    return [json_object(line) for line in lines]


@run.field("events")
def run_events(row: "Run", info: GraphQLResolveInfo, samples: int | None = None) -> list[str]:
    lines = sdk_runs.sample_lines(viewer=viewer_of(info), run=row, stream=sdk_runs.EVENTS, most=_MAX_ROWS)
    return _spread(list(lines), samples or _MAX_ROWS)


@run.field("sampledHistory")
def run_sampled_history(row: "Run", info: GraphQLResolveInfo, specs: list[str]) -> list[Any]:
    return [_sample(_rows_of(row, info, spec), spec) for spec in (json_object(text) for text in specs)]


def _rows_of(row: "Run", info: GraphQLResolveInfo, spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of the steps that the spec names, both ends included (`scan_history`), else some of all."""
    first, last = spec.get("minStep"), spec.get("maxStep")
    if first is None and last is None:
        return _sampled_rows(row, info)
    if not all(one is None or isinstance(one, int) for one in (first, last)):
        raise InvalidInput("minStep and maxStep must be whole numbers")
    steps = {"first": first or 0, "end": 2**62 if last is None else last + 1}
    lines = sdk_runs.list_steps(viewer=viewer_of(info), run=row, **steps, most=_MAX_ROWS)
    return [json_object(line) for line in lines]


def _sample(rows: list[dict[str, Any]], spec: dict[str, Any]) -> list[dict[str, Any]]:
    keys, samples = spec.get("keys") or [], spec.get("samples")
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise InvalidInput("keys must be a list of names")
    flat = [one | _flattened(one) for one in rows] if keys else rows
    wanted = [{key: one[key] for key in keys} if keys else one for one in flat if all(key in one for key in keys)]
    return _spread(wanted, samples) if isinstance(samples, int) and samples > 0 else wanted


@run.field("parquetHistory")
def run_parquet_history(row: "Run", info: GraphQLResolveInfo, liveKeys: list[str]) -> dict[str, Any]:  # noqa: N803
    lines = _lines(row, info, sdk_runs.HISTORY, _MOST_LIVE + 1)
    if len(lines) > _MOST_LIVE:
        raise InvalidInput(f"The run has more than {_MOST_LIVE} metric rows: read them with scan_history.")
    return {"parquetUrls": [], "liveData": [json_object(line) for line in lines]}


@run.field("historyKeys")
def run_history_keys(row: "Run", info: GraphQLResolveInfo) -> dict[str, Any] | None:
    """Name the metrics, what lies inside of logged dictionaries by a path with dots, with their last values."""
    rows = _sampled_rows(row, info)
    if not rows:
        return None
    rows.extend(json_object(line) for line in _lines(row, info, sdk_runs.HISTORY, 1, last=True))
    counts: dict[str, int] = {}
    values: dict[str, Any] = {}
    for one in rows:
        for key, value in _flattened(one).items():
            counts[key], values[key] = counts.get(key, 0) + 1, value
    keys = {
        key: {"typeCounts": [{"type": _type_of(values[key]), "count": count}], "monotonic": False}
        | {"previousValue": values[key]}
        for key, count in counts.items()
    }
    last = max((step for one in rows if isinstance(step := one.get("_step"), int)), default=0)
    return {"keys": keys, "sets": [], "lastStep": last}


def _flattened(row: dict[str, Any], before: str = "", depth: int = 0) -> dict[str, Any]:
    """Return the values of a row by path; a picture or a table, which has a `_type`, is one value."""
    flat: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict) and value and "_type" not in value and depth < _MAX_DEPTH:
            flat |= _flattened(value, f"{before}{key}.", depth + 1)
        else:
            flat[f"{before}{key}"] = value
    return flat


def _type_of(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("_type") or "map")
    return "number" if isinstance(value, int | float) else "string" if isinstance(value, str) else "list"
