"""Writes a generated graph straight into the tables of the connected database, by the quickest way it has."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from benchmarks.graph import Graph
from registry.models import Artifact, ArtifactCollection, Edge, Entity, Project, Run, RunGroup

START = datetime(2026, 1, 1, tzinfo=UTC)
STATES = ["finished"] * 17 + ["failed", "crashed", "running"]


def write(graph: Graph) -> None:
    """Write the graph into the connected, empty, migrated database and let it gather statistics."""
    with _unchecked(), transaction.atomic():
        _write_projects(graph)
        pairs = sorted({(project, job_type) for project, job_type in graph.runs})
        groups = {pair: number for number, pair in enumerate(pairs, start=1)}
        _write(RunGroup, ("id", "project_id", "job_type"), ((groups[pair], *pair) for pair in pairs))
        _write(
            ArtifactCollection,
            ("id", "project_id", "kind", "type_name", "name", "next_version"),
            (
                (number, project, "sequence", type_name, name, graph.versions[number - 1])
                for number, (project, type_name, name) in enumerate(graph.collections, start=1)
            ),
        )
        _write(
            Run,
            ("id", "uid", "project_id", "group_id", "name", "state", "created_at", "heartbeat_at"),
            (
                (number, f"r{number:08}", pair[0], groups[pair], f"{pair[1]}-{number}", _state(number), at, at)
                for number, pair in enumerate(graph.runs, start=1)
                for at in [START + timedelta(seconds=number)]
            ),
        )
        _write(
            Artifact,
            ("id", "collection_id", "version", "digest", "state", "size_bytes", "created_at"),
            (
                (number, collection, version, f"{number:032x}", "committed", 1 << 20, START + timedelta(seconds=number))
                for number, (collection, version) in enumerate(graph.artifacts, start=1)
            ),
        )
        _write(
            Edge,
            ("run_id", "artifact_id", "direction", "run_group_id", "collection_id", "created_at"),
            (
                (run, artifact, direction, groups[graph.runs[run - 1]], graph.artifacts[artifact - 1][0], START)
                for run, artifact, direction in sorted(graph.edges)
            ),
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


@contextmanager
def _unchecked() -> Iterator[None]:
    """Take the rows as they are, where that is allowed: checking each reference is most of the work."""
    off, on = "PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            is_allowed = cursor.fetchone() == (True,)
            off, on = ("SET session_replication_role = replica", "SET session_replication_role = origin")
            off, on = (off, on) if is_allowed else ("SELECT 1", "SELECT 1")
        cursor.execute(off)
        try:
            yield
        finally:
            cursor.execute(on)


def _state(number: int) -> str:
    return STATES[number % len(STATES)]


def _write_projects(graph: Graph) -> None:
    entity, _ = Entity.objects.get_or_create(name="bench", name_key="bench", kind=Entity.Kind.TEAM)
    Project.objects.bulk_create(
        Project(pk=number, entity=entity, name=f"project-{number}", name_key=f"project-{number}")
        for number in range(1, graph.projects + 1)
    )


def _write(model: Any, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows by the quickest way of the database; columns that are not named get the field's default."""
    rest = {name: value for name, value in _defaults(model).items() if name not in columns and name != "id"}
    names = ", ".join(f'"{name}"' for name in (*columns, *rest))
    table, filled = model._meta.db_table, tuple(rest.values())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row((*row, *filled))
            return
        marks = ", ".join(["%s"] * (len(columns) + len(rest)))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", _as_text(rows, filled))


def _defaults(model: Any) -> dict[str, Any]:
    defaults = {}
    for each in model._meta.concrete_fields:
        value = START if each.get_internal_type() == "DateTimeField" and not each.null else each.get_default()
        defaults[each.column] = json.dumps(value) if each.get_internal_type() == "JSONField" else value
    return defaults


def _as_text(rows: Iterable[tuple[Any, ...]], filled: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """SQLite keeps moments as text in UTC."""
    for row in rows:
        yield tuple(
            value.replace(tzinfo=None).isoformat(" ") if isinstance(value, datetime) else value
            for value in (*row, *filled)
        )
