"""The other ways to find what lies downstream, to stand beside the walk: a recursive query, and arrays in memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from django.db import connection

RECURSIVE = """
WITH RECURSIVE reached(kind, id, depth) AS (
    VALUES (0, CAST(%s AS {integer}), 0)
    UNION
    SELECT 1 - r.kind, CASE WHEN r.kind = 0 THEN e.run_id ELSE e.artifact_id END, r.depth + 1
    FROM reached r JOIN registry_edge e ON r.depth < %s AND (
        (r.kind = 0 AND e.artifact_id = r.id AND e.direction = 0)
        OR (r.kind = 1 AND e.run_id = r.id AND e.direction = 1)
    )
)
SELECT count(*) FROM (SELECT DISTINCT kind, id FROM reached) nodes
"""
# joined by kind, so that each half uses its own index
SPLIT = """
WITH RECURSIVE reached(kind, id, depth) AS (
    VALUES (0, CAST(%s AS {integer}), 0)
    UNION
    SELECT n.kind, n.id, n.depth FROM reached r CROSS JOIN LATERAL (
        SELECT 1 AS kind, e.run_id AS id, r.depth + 1 AS depth FROM registry_edge e
        WHERE r.kind = 0 AND e.artifact_id = r.id AND e.direction = 0
        UNION ALL
        SELECT 0, e.artifact_id, r.depth + 1 FROM registry_edge e
        WHERE r.kind = 1 AND e.run_id = r.id AND e.direction = 1
    ) n WHERE r.depth < %s
)
SELECT count(*) FROM (SELECT DISTINCT kind, id FROM reached) nodes
"""


def recursive_query(artifact: int, down: int) -> int:
    """How many nodes a recursive query reaches downstream; one round trip, no names."""
    is_postgresql = connection.vendor == "postgresql"
    sql = SPLIT.format(integer="bigint") if is_postgresql else RECURSIVE.format(integer="integer")
    with connection.cursor() as cursor:
        cursor.execute(sql, [artifact, down])
        return int(cursor.fetchone()[0])


class Adjacency:
    """All edges in memory as compressed sparse rows: the limit for answers that hold every node."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT artifact_id, run_id, direction FROM registry_edge")
            edges = cursor.fetchall()
        self.readers = _rows((artifact, run) for artifact, run, direction in edges if direction == 0)
        self.outputs = _rows((run, artifact) for artifact, run, direction in edges if direction == 1)

    def reach(self, artifact: int, down: int) -> int:
        """How many nodes there are downstream, the first one among them."""
        seen: tuple[set[int], set[int]] = ({artifact}, set())
        frontier: Iterable[int] = [artifact]
        for hop in range(down):
            starts, ends = self.readers if hop % 2 == 0 else self.outputs
            mine = seen[1 - hop % 2]
            found: set[int] = set()
            for node in frontier:
                if node + 1 < len(starts):
                    found.update(ends[starts[node] : starts[node + 1]])
            frontier = found - mine
            mine |= found
            if not frontier:
                break
        return len(seen[0]) + len(seen[1])


def _rows(edges: Iterable[tuple[int, int]]) -> tuple[array[int], array[int]]:
    listed = sorted(edges)
    starts, ends = array("q"), array("q")
    for source, target in listed:
        while len(starts) <= source:
            starts.append(len(ends))
        ends.append(target)
    starts.append(len(ends))
    return starts, ends
