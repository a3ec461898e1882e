"""Reads of runs for the SDK: by name, in lists, their streams and files."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, OrderBy, Q, QuerySet

from registry.core import clock
from registry.core.errors import InvalidInput, NotFound
from registry.core.text import json_object
from registry.core.viewer import Viewer
from registry.models import Artifact, Edge, Project, Run, RunFile, RunStreamLine
from registry.models.runs import SILENCE
from registry.queries import mongo
from registry.queries.paging import Order, Page, paginate, paginate_by_value
from registry.queries.sdk_projects import find_project, get_project, is_storable, normal

_MAX_WILDCARDS = 4
_MOST_LOOKED_AT = 10_000
HISTORY = RunStreamLine.Stream.HISTORY
EVENTS = RunStreamLine.Stream.EVENTS
OUTPUT = RunStreamLine.Stream.OUTPUT
_ORDERS = {"created_at": "created_at", "createdAt": "created_at", "heartbeat_at": "heartbeat_at", "name": "uid"}
_ORDERS |= {"display_name": "name", "displayName": "name", "heartbeatAt": "heartbeat_at", "state": "state"}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is needed to hand out stored bytes."""

    name: str
    sha256: str
    size_bytes: int


def _runs(viewer: Viewer, *, with_deleted: bool = False) -> QuerySet[Run]:
    rows = Run.objects.visible_to(viewer)
    rows = rows if with_deleted else rows.present()
    return rows.select_related("project__entity__organization", "project__created_by", "group", "created_by")


def find_run(*, viewer: Viewer, project: Project, name: str) -> Run | None:
    """Return the project's run with that id, as the SDK names it."""
    if not is_storable(name):
        return None
    return _runs(viewer).filter(project=project, uid=normal(name)).first()


def find_run_by_pk(*, viewer: Viewer, pk: int, with_deleted: bool = False) -> Run | None:
    return _runs(viewer, with_deleted=with_deleted).filter(pk=pk).first()


def get_run(*, viewer: Viewer, entity_name: str | None, project_name: str | None, name: str) -> Run:
    """Return the run or raise `NotFound` naming what is missing."""
    project = get_project(viewer=viewer, entity_name=entity_name, name=project_name)
    run = find_run(viewer=viewer, project=project, name=name)
    if run is None:
        raise NotFound(f"run {name!r} not found in {project.entity.name}/{project.name}")
    return run


def find_run_by_names(*, viewer: Viewer, entity_name: str | None, project_name: str | None, name: str) -> Run | None:
    project = find_project(viewer=viewer, entity_name=entity_name, name=project_name)
    return None if project is None else find_run(viewer=viewer, project=project, name=name)


def list_runs(
    *,
    viewer: Viewer,
    project: Project,
    order: str | None = None,
    filters: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[Run]:
    """Return the project's runs, oldest first unless `order` says otherwise (`-created_at`)."""
    rows = mongo.filtered(_runs(viewer).filter(project=project), filters, _FILTERS)
    by_value = _json_order(order)
    if by_value is not None:
        return paginate_by_value(rows, by_value, kind=f"runs {order}", first=first, after=after)
    return paginate(rows, kind="runs", order=_order(order), first=first, after=after)


def count_runs(*, viewer: Viewer, project: Project, filters: str | None = None) -> int:
    rows = Run.objects.visible_to(viewer).present().filter(project=project)
    return mongo.filtered(rows, filters, _FILTERS).count()


def _json_order(text: str | None) -> OrderBy | None:
    """Return the order by a value of config or summary (`-summary_metrics.loss`); runs without one come last."""
    for prefix, column in (("config.", "config"), ("summary_metrics.", "summary"), ("summaryMetrics.", "summary")):
        name = (text or "").lstrip("+-")
        if name.startswith(prefix) and is_storable(name):
            at = mongo.json_path(column, name, wrapped=column == "config")
            return OrderBy(at, descending=(text or "").startswith("-"), nulls_last=True)
    return None


def _order(text: str | None) -> Order:
    if not text:
        return Order("created_at")
    column = _ORDERS.get(text.lstrip("+-"))
    if column is None:
        known = ", ".join(sorted(_ORDERS))
        raise InvalidInput(f"Runs cannot be ordered by {text[:60]!r}; use {known}, config.… or summary_metrics.….")
    return Order(column, descending=text.startswith("-"))


def _state(reader: mongo.Reader[Run], key: str, operator: str, value: Any) -> Q:
    """The state as it is shown: a run that has gone silent counts as crashed."""
    if operator not in {"$eq", "$in"}:
        return mongo.text("state")(reader, key, operator, value)
    wanted = value if isinstance(value, list) else [value]
    lost = Q(state=Run.State.RUNNING, heartbeat_at__lt=clock.now() - SILENCE)
    condition = Q(pk__in=[])
    for one in wanted:
        if one == Run.State.CRASHED:
            condition |= Q(state=one) | lost
        else:
            condition |= mongo.text("state")(reader, key, "$eq", one) & ~lost
    return condition


_FILTERS: dict[str, mongo.Column] = {
    "state": _state,
    "name": mongo.text("uid"),
    "tags": mongo.listed("tags"),
    "notes": mongo.text("notes"),
    "description": mongo.text("description"),
    "host": mongo.text("host"),
    "commit": mongo.text("commit"),
    "program": mongo.text("program"),
    "sweep": mongo.text("sweep_name"),
    "config.*": mongo.json_value("config", wrapped=True),
    **dict.fromkeys(("display_name", "displayName"), mongo.text("name")),
    **dict.fromkeys(("jobType", "job_type"), mongo.text("group__job_type")),
    **dict.fromkeys(("group", "groupName"), mongo.text("group_name")),
    **dict.fromkeys(("user", "username", "user.username"), mongo.text("created_by__username")),
    **dict.fromkeys(("created_at", "createdAt"), mongo.moment("created_at")),
    **dict.fromkeys(("heartbeat_at", "heartbeatAt", "updated_at", "updatedAt"), mongo.moment("heartbeat_at")),
    **dict.fromkeys(("summary_metrics.*", "summaryMetrics.*", "summary.*"), mongo.json_value("summary")),
}


# --- what a run used and logged -----------------------------------------------------------------------------------


def list_run_artifacts(
    *, viewer: Viewer, run: Run, direction: int, first: int | None = None, after: str | None = None
) -> Page[Edge]:
    """Return the edges to committed versions that the run used (0) or logged (1), oldest first."""
    rows = _artifact_edges(viewer, run, direction).select_related("artifact__collection__project__entity__organization")
    rows = rows.prefetch_related("artifact__aliases__collection__project__entity", "artifact__tags")
    return paginate(rows, kind=f"run artifacts {direction}", order=Order(), first=first, after=after)


def count_run_artifacts(*, viewer: Viewer, run: Run, direction: int) -> int:
    return _artifact_edges(viewer, run, direction).count()


def _artifact_edges(viewer: Viewer, run: Run, direction: int) -> QuerySet[Edge]:
    seen = Artifact.objects.visible_to(viewer).committed()
    return Edge.objects.filter(run=run, direction=direction, artifact__in=seen)


# --- streams ------------------------------------------------------------------------------------------------------


def count_lines(*, viewer: Viewer, run: Run, stream: str) -> int:
    """Return one more than the last line's number: the SDK goes on writing there."""
    last = RunStreamLine.objects.filter(run=run, stream=stream).aggregate(last=Max("number"))["last"]
    return 0 if last is None else last + 1


def list_lines(
    *, viewer: Viewer, run: Run, stream: str, limit: int = 10_000, newest_first: bool = False
) -> Sequence[str]:
    """Return the contents of a stream's lines in order."""
    rows = RunStreamLine.objects.filter(run=run, stream=stream)
    rows = rows.order_by("-number" if newest_first else "number")
    return list(rows.values_list("content", flat=True)[:limit])


def sample_lines(*, viewer: Viewer, run: Run, stream: str, most: int) -> Sequence[str]:
    """Return a stream's lines in order, of more than `most` every n-th one."""
    stride = -(-count_lines(viewer=viewer, run=run, stream=stream) // most)
    rows = RunStreamLine.objects.filter(run=run, stream=stream).order_by("number")
    if stride > 1:
        rows = rows.annotate(rest=F("number") % stride).filter(rest=0)
    return list(rows.values_list("content", flat=True))


def list_steps(*, viewer: Viewer, run: Run, first: int, end: int, most: int) -> Sequence[str]:
    """Return at most that many metric rows of the steps from `first` up to, and without, `end`.

    Steps only grow in a run, so that the first row is found by halving; in a short run every row is looked at.
    """
    rows = RunStreamLine.objects.filter(run=run, stream=HISTORY).order_by("number")
    count = count_lines(viewer=viewer, run=run, stream=HISTORY)
    if count > _MOST_LOOKED_AT:
        rows = rows.filter(number__gte=_first_of_step(rows, count, first))
    found: list[str] = []
    for content in rows.values_list("content", flat=True).iterator(chunk_size=1000):
        step = step_of(content)
        if first <= step < end:
            found.append(content)
        if len(found) >= most or (step >= end and count > _MOST_LOOKED_AT):
            break
    return found


def _first_of_step(rows: QuerySet[RunStreamLine], count: int, step: int) -> int:
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        content = rows.filter(number__gte=middle).values_list("content", flat=True).first()
        low, high = (middle + 1, high) if content is not None and step_of(content) < step else (low, middle)
    return low


def step_of(line: str) -> int:
    """Return the step of a metric row, 0 when it has none."""
    step = json_object(line).get("_step", 0)
    return step if isinstance(step, int) else 0


def list_log_lines(
    *, viewer: Viewer, run: Run, first: int | None = None, after: str | None = None, last: int | None = None
) -> Page[RunStreamLine]:
    """Return lines of the console in order; with `last` that many from its end."""
    rows = RunStreamLine.objects.filter(run=run, stream=OUTPUT)
    if last is None:
        return paginate(rows, kind="log lines", order=Order("number"), first=first, after=after)
    page = paginate(rows, kind="log lines", order=Order("number", descending=True), first=last, after=None)
    return Page(items=page.items[::-1], cursors=page.cursors[::-1], has_next=False)


# --- files --------------------------------------------------------------------------------------------------------


def list_run_files(
    *,
    viewer: Viewer,
    run: Run,
    names: Sequence[str] | None = None,
    pattern: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[RunFile]:
    """Return the files that have arrived, by name. In a pattern `%` stands for any text, `_` for any character."""
    rows = RunFile.objects.filter(run=run, blob__isnull=False).select_related("blob")
    if pattern:
        rows = rows.filter(name__regex=_like(pattern))
    if names:
        rows = rows.filter(name__in=[posixpath.normpath(name) for name in names if is_storable(name)])
    return paginate(rows, kind="run files", order=Order("name"), first=first, after=after)


def _like(pattern: str) -> str:
    if not is_storable(pattern) or pattern.count("%") > _MAX_WILDCARDS:
        raise InvalidInput(f"A pattern has at most {_MAX_WILDCARDS} '%' signs.")
    return "^" + "".join({"%": ".*", "_": "."}.get(one, re.escape(one)) for one in pattern) + "$"


def count_run_files(*, viewer: Viewer, run: Run) -> int:
    return RunFile.objects.filter(run=run, blob__isnull=False).count()


def find_run_files(*, viewer: Viewer, pks: Sequence[int]) -> list[RunFile]:
    """Return those of the files that there are, of runs that the viewer may see."""
    rows = RunFile.objects.select_related("run__project__entity")
    return list(rows.filter(pk__in=pks, run__in=Run.objects.visible_to(viewer)))


def get_run_file_row(*, viewer: Viewer, pk: int) -> RunFile:
    """Return the row of a run's file, whether its bytes have arrived or not."""
    rows = RunFile.objects.select_related("run__project__entity")
    file = rows.filter(pk=pk, run__in=Run.objects.visible_to(viewer)).first()
    if file is None:
        raise NotFound("This file does not exist.")
    return file


def get_run_file(*, viewer: Viewer, pk: int) -> StoredFile:
    """Return the stored bytes of a run's file; `NotFound` also when its run may not be seen."""
    file = RunFile.objects.select_related("blob").filter(pk=pk, run__in=Run.objects.visible_to(viewer)).first()
    if file is None or file.blob is None:
        raise NotFound("This file does not exist.")
    return StoredFile(name=file.name, sha256=file.blob.sha256, size_bytes=file.blob.size_bytes)
