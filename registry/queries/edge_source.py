"""The stored edges as the walk reads them: raw SQL in two dialects, batched, the viewer's rights by group.

Only the walk is written like this; a query that is not on its path is an ordinary one.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection

from registry.core.viewer import Viewer
from registry.lineage.graph import LARGEST_ID, Direction, Kind, NodeRef, Way
from registry.lineage.places import Walk
from registry.lineage.source import GroupCount, GroupFacts, Link, Member
from registry.lineage.view import ViewState
from registry.lineage.walk import walk
from registry.models import Artifact, ArtifactCollection, Project, Run, RunGroup

# a draft's edges are written before it is committed, and nobody may see them
NO_DRAFTS = {
    "artifacts": "CROSS JOIN registry_artifact a",
    "saved": "AND a.id = e.artifact_id AND a.state <> 'pending'",
}
MOST_OF_A_RUN = 10_000


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How a database takes lists.

    Edges between two lists are read from the run's side, for what reads a hub has no limit: PostgreSQL is kept to it
    by OFFSET 0, SQLite by CROSS JOIN and by the plus sign, which keeps `IN` off the index.
    """

    numbers: Callable[[Collection[int]], list[int] | str]
    counts: str
    members: str
    touching: str
    between: str


_POSTGRESQL = _Dialect(
    numbers=list,
    counts="""SELECT c.node, c.grp, c.size, g.project_id, g.{type}, g.{name} FROM (
            SELECT e.{node} AS node, e.{group} AS grp, count(*) AS size FROM registry_edge e {artifacts}
            WHERE e.{node} = ANY(%s::bigint[]) AND e.direction = %s {saved} GROUP BY 1, 2) c
        JOIN {groups} g ON g.id = c.grp""",
    members="""SELECT f.node, f.grp, m.id
        FROM unnest(%s::bigint[], %s::bigint[]) f(node, grp) CROSS JOIN LATERAL (
            SELECT e.{other} AS id FROM registry_edge e {artifacts}
            WHERE e.{node} = f.node AND e.direction = %s {saved} AND e.{group} = f.grp
                AND e.{other} <> ALL(%s::bigint[]) AND e.{other} < %s
            ORDER BY e.{other} DESC LIMIT %s) m""",
    touching="""SELECT r.id, e.artifact_id FROM unnest(%s::bigint[]) r(id) CROSS JOIN LATERAL (
            SELECT artifact_id FROM registry_edge WHERE run_id = r.id AND direction = %s OFFSET 0) e
        WHERE e.artifact_id = ANY(%s::bigint[])""",
    between="""SELECT r.id, e.artifact_id, e.direction FROM unnest(%s::bigint[]) r(id) CROSS JOIN LATERAL (
            SELECT artifact_id, direction FROM registry_edge WHERE run_id = r.id OFFSET 0) e
        WHERE e.artifact_id = ANY(%s::bigint[])""",
)
_SQLITE = _Dialect(
    numbers=lambda numbers: json.dumps(list(numbers)),
    counts="""SELECT c.node, c.grp, c.size, g.project_id, g.{type}, g.{name} FROM (
            SELECT e.{node} AS node, e.{group} AS grp, count(*) AS size FROM registry_edge e {artifacts}
            WHERE e.{node} IN (SELECT value FROM json_each(%s)) AND e.direction = %s {saved} GROUP BY 1, 2) c
        CROSS JOIN {groups} g ON g.id = c.grp""",
    members="""WITH f(node, grp) AS MATERIALIZED (
            SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(%s))
        SELECT f.node, f.grp, (SELECT json_group_array(id) FROM (
            SELECT e.{other} AS id FROM registry_edge e {artifacts}
            WHERE e.{node} = f.node AND e.direction = %s {saved} AND e.{group} = f.grp
                AND e.{other} NOT IN (SELECT value FROM json_each(%s)) AND e.{other} < %s
            ORDER BY e.{other} DESC LIMIT %s))
        FROM f""",
    touching="""SELECT e.run_id, e.artifact_id FROM json_each(%s) r
        CROSS JOIN registry_edge e ON e.run_id = r.value AND e.direction = %s
        WHERE +e.artifact_id IN (SELECT value FROM json_each(%s))""",
    between="""SELECT e.run_id, e.artifact_id, e.direction FROM json_each(%s) r
        CROSS JOIN registry_edge e ON e.run_id = r.value
        WHERE +e.artifact_id IN (SELECT value FROM json_each(%s))""",
)
_COLUMNS = {
    Kind.ARTIFACT: {
        "node": "artifact_id",
        "other": "run_id",
        "group": "run_group_id",
        "groups": "registry_rungroup",
        "type": "job_type",
        "name": "job_type",
        "artifacts": "",
        "saved": "",
    },
    Kind.RUN: {
        "node": "run_id",
        "other": "artifact_id",
        "group": "collection_id",
        "groups": "registry_artifactcollection",
        "type": "type_name",
        "name": "name",
        **NO_DRAFTS,
    },
}


def walk_lineage(*, viewer: Viewer, base: NodeRef, view: ViewState) -> Walk:
    """Walk from `base` over what `viewer` may see. Raises `NotFound` when the base is not among it."""
    return walk(DatabaseEdgeSource(viewer=viewer), base, view)


class DatabaseEdgeSource:
    """The `EdgeSource` of the connected database, for one viewer and one request."""

    def __init__(self, *, viewer: Viewer) -> None:
        self.viewer = viewer
        self._is_postgresql = connection.vendor == "postgresql"
        self._dialect = _POSTGRESQL if self._is_postgresql else _SQLITE
        self._facts: dict[tuple[Kind, int], GroupFacts] = {}
        self._projects: dict[int, bool] = {}

    def counts(self, kind: Kind, nodes: Collection[int], way: Way) -> Sequence[GroupCount]:
        sql = self._dialect.counts.format(**_COLUMNS[kind])
        rows = self._rows(sql, self._dialect.numbers(nodes), way.direction_from(kind).value)
        # a group's facts come with it, which saves a round trip on every hop
        self._remember(
            kind.other, {(group, project, type_name, name) for _, group, _, project, type_name, name in rows}
        )
        return sorted(GroupCount(*row[:3]) for row in rows)

    def facts(self, kind: Kind, groups: Collection[int]) -> Mapping[int, GroupFacts]:
        missing = [group for group in groups if (kind, group) not in self._facts]
        if missing:
            self._read_facts(kind, missing)
        return {group: self._facts[kind, group] for group in groups}

    def members(
        self,
        kind: Kind,
        pairs: Collection[GroupCount],
        way: Way,
        excluded: Collection[int],
        limit: int,
        *,
        below: int = LARGEST_ID,
    ) -> Sequence[Member]:
        sql = self._dialect.members.format(**_COLUMNS[kind])
        rest = (way.direction_from(kind).value, self._dialect.numbers(excluded), below, limit)
        if self._is_postgresql:
            nodes, groups = [pair.node for pair in pairs], [pair.group for pair in pairs]
            return [Member(*row) for row in self._rows(sql, nodes, groups, *rest)]
        rows = self._rows(sql, json.dumps([pair.node_group for pair in pairs]), *rest)
        return [Member(node, group, number) for node, group, ids in rows for number in json.loads(ids)]

    def granted(self, kind: Kind, pairs: Collection[GroupCount], way: Way) -> Sequence[Member]:
        """Versions of closed projects that are linked into a registry that the viewer may see; never runs."""
        if kind is Kind.ARTIFACT:
            return []
        members = self.members(kind, pairs, way, (), MOST_OF_A_RUN)
        wanted = {member.id for member in members}
        open_ids = set(Artifact.objects.filter(pk__in=wanted).visible_to(self.viewer).values_list("pk", flat=True))
        return [member for member in members if member.id in open_ids]

    def touching(
        self, kind: Kind, nodes: Collection[int], neighbours: Collection[int], way: Way
    ) -> Sequence[tuple[int, int]]:
        # from the run's side: what a run reads and logs is capped, what reads an artifact is not
        runs, artifacts = (nodes, neighbours) if kind is Kind.RUN else (neighbours, nodes)
        listed = self._dialect.numbers
        rows = self._rows(self._dialect.touching, listed(runs), way.direction_from(kind).value, listed(artifacts))
        return [(run, artifact) if kind is Kind.RUN else (artifact, run) for run, artifact in rows]

    def between(self, runs: Collection[int], artifacts: Collection[int]) -> Sequence[Link]:
        rows = self._rows(self._dialect.between, self._dialect.numbers(runs), self._dialect.numbers(artifacts))
        return sorted(Link(run, artifact, Direction(direction)) for run, artifact, direction in rows)

    def groups_of(self, nodes: Collection[NodeRef]) -> Mapping[NodeRef, int]:
        groups: dict[NodeRef, int] = {}
        artifacts = [ref.id for ref in nodes if ref.kind is Kind.ARTIFACT]
        runs = [ref.id for ref in nodes if ref.kind is Kind.RUN]
        if artifacts:
            versions = Artifact.objects.recorded().filter(pk__in=artifacts).visible_to(self.viewer)
            names = ("collection__project_id", "collection__type_name", "collection__name")
            found = list(versions.values_list("pk", "collection_id", *names))
            self._remember(Kind.ARTIFACT, {row[1:] for row in found})
            groups |= {NodeRef(Kind.ARTIFACT, row[0]): row[1] for row in found}
        if runs:
            seen = Run.objects.filter(pk__in=runs).visible_to(self.viewer)
            jobs = list(seen.values_list("pk", "group_id", "group__project_id", "group__job_type"))
            self._remember(Kind.RUN, {(group, project, job, job) for _, group, project, job in jobs})
            groups |= {NodeRef(Kind.RUN, row[0]): row[1] for row in jobs}
        return groups

    def _rows(self, sql: str, *parameters: list[int] | str | int) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            # psycopg turns lists into arrays, which the stubs do not know
            cursor.execute(sql, cast("Sequence[int | str]", parameters))
            return list(cursor.fetchall())

    def _read_facts(self, kind: Kind, groups: Collection[int]) -> None:
        found: list[tuple[int, int, str, str]]
        if kind is Kind.RUN:
            job_types = RunGroup.objects.filter(pk__in=groups)
            found = list(job_types.values_list("pk", "project_id", "job_type", "job_type"))
        else:
            collections = ArtifactCollection.objects.filter(pk__in=groups)
            found = list(collections.values_list("pk", "project_id", "type_name", "name"))
        self._remember(kind, found)

    def _remember(self, kind: Kind, found: Collection[tuple[int, int, str, str]]) -> None:
        """Keep the facts of groups: (group, project, type, name)."""
        self._read_projects({project for _, project, _, _ in found})
        for pk, project, type_name, name in found:
            name_key = f"job {name}" if kind is Kind.RUN else f"collection {pk}"
            self._facts[kind, pk] = GroupFacts(type_name, name, name_key, self._projects[project])

    def _read_projects(self, projects: Collection[int]) -> None:
        missing = {project for project in projects if project not in self._projects}
        if self.viewer.is_all_seeing:
            self._projects |= dict.fromkeys(missing, True)
        elif missing:
            visible = Project.objects.visible_to(self.viewer).filter(pk__in=missing)
            seen = set(visible.values_list("pk", flat=True))
            self._projects |= {project: project in seen for project in missing}
