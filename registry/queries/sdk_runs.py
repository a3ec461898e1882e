"""Reads of runs for the SDK: by name, in lists, their streams and files."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet

from registry.core.errors import InvalidInput, NotFound
from registry.core.viewer import Viewer
from registry.models import Artifact, Edge, Project, Run, RunFile, RunStreamLine
from registry.queries.paging import Order, Page, paginate
from registry.queries.sdk_projects import find_project, get_project, is_storable, normal

HISTORY = RunStreamLine.Stream.HISTORY
EVENTS = RunStreamLine.Stream.EVENTS
OUTPUT = RunStreamLine.Stream.OUTPUT
_ORDERS = {"created_at": "created_at", "createdAt": "created_at", "heartbeat_at": "heartbeat_at", "name": "uid"}
_ORDERS |= {"display_name": "name", "displayName": "name"}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is needed to hand out stored bytes."""

    name: str
    sha256: str
    size_bytes: int


def _runs(viewer: Viewer) -> QuerySet[Run]:
    return (
        Run.objects.visible_to(viewer)
        .present()
        .select_related("project__entity__organization", "project__created_by", "group", "created_by")
    )


def find_run(*, viewer: Viewer, project: Project, name: str) -> Run | None:
    """Return the project's run with that id, as the SDK names it."""
    if not is_storable(name):
        return None
    return _runs(viewer).filter(project=project, uid=normal(name)).first()


def find_run_by_pk(*, viewer: Viewer, pk: int) -> Run | None:
    return _runs(viewer).filter(pk=pk).first()


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
    rows = _filtered(_runs(viewer).filter(project=project), filters)
    return paginate(rows, kind="runs", order=_order(order), first=first, after=after)


def count_runs(*, viewer: Viewer, project: Project, filters: str | None = None) -> int:
    return _filtered(Run.objects.visible_to(viewer).present().filter(project=project), filters).count()


def _order(text: str | None) -> Order:
    if not text:
        return Order("created_at")
    column = _ORDERS.get(text.lstrip("+-"))
    if column is None:
        raise InvalidInput(f"Runs cannot be ordered by {text[:60]!r}.")
    return Order(column, descending=text.startswith("-"))


_FILTERS = {"display_name": "name", "displayName": "name", "name": "uid", "state": "state"}
_FILTERS |= {"jobType": "group__job_type", "group": "group_name"}


def _filtered(rows: QuerySet[Run], filters: str | None) -> QuerySet[Run]:
    if not filters:
        return rows
    try:
        wanted: Any = json.loads(filters)
    except (ValueError, RecursionError):
        raise InvalidInput("filters is not valid JSON") from None
    if not isinstance(wanted, dict):
        raise InvalidInput("filters must be a JSON object")
    for key, value in wanted.items():
        rows = _filter_one(rows, key, value)
    return rows


def _filter_one(rows: QuerySet[Run], key: str, value: Any) -> QuerySet[Run]:
    column = _FILTERS.get(key)
    if isinstance(value, dict) and set(value) == {"$in"} and isinstance(value["$in"], list):
        values = value["$in"]
    elif isinstance(value, str):
        values = [value]
    else:
        values = None
    if column is None or values is None or not all(isinstance(one, str) and is_storable(one) for one in values):
        raise InvalidInput(f"Runs can be filtered by {', '.join(sorted(_FILTERS))} with a text or $in of texts.")
    return rows.filter(**{f"{column}__in": values})


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


# --- files --------------------------------------------------------------------------------------------------------


def list_run_files(
    *,
    viewer: Viewer,
    run: Run,
    names: Sequence[str] | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[RunFile]:
    """Return the files that have arrived, by name."""
    rows = RunFile.objects.filter(run=run, blob__isnull=False).select_related("blob")
    if names:
        rows = rows.filter(name__in=[name for name in names if is_storable(name)])
    return paginate(rows, kind="run files", order=Order("name"), first=first, after=after)


def count_run_files(*, viewer: Viewer, run: Run) -> int:
    return RunFile.objects.filter(run=run, blob__isnull=False).count()


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
