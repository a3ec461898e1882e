"""The stored edges as the walk reads them: batched, the viewer's rights by group."""

import json
from collections.abc import Collection, Mapping, Sequence

from django.db import connection

from registry.core.viewer import Viewer
from registry.lineage.graph import LARGEST_ID, Direction, Kind, NodeRef, Way
from registry.lineage.places import Walk
from registry.lineage.source import GroupCount, GroupFacts, Link, Member
from registry.lineage.view import ViewState
from registry.lineage.walk import walk
from registry.models import Artifact, ArtifactCollection, RunGroup
from registry.queries.card_sql import GROUPS, in_dialect
from registry.queries.edge_sql import COLUMNS, POSTGRESQL, SQLITE
from registry.queries.open_projects import OpenProjects
from registry.queries.raw import array, read
from registry.queries.read_ahead import ReadAhead

MOST_OF_A_RUN = 10_000
DIRECTIONS = tuple(Direction)


def walk_lineage(*, viewer: Viewer, base: NodeRef, view: ViewState) -> Walk:
    """Walk from `base` over what `viewer` may see. Raises `NotFound` when the base is not among it."""
    return walk(DatabaseEdgeSource(viewer=viewer), base, view)


class DatabaseEdgeSource:
    """The `EdgeSource` of the connected database, for one viewer and one request."""

    def __init__(self, *, viewer: Viewer) -> None:
        self.viewer = viewer
        self._is_postgresql = connection.vendor == "postgresql"
        self._dialect = POSTGRESQL if self._is_postgresql else SQLITE
        self._facts: dict[tuple[Kind, int], GroupFacts] = {}
        self._projects = OpenProjects(viewer)
        self._ahead: dict[Way, ReadAhead] = {}

    def read_ahead(self, frontiers: Mapping[Way, Sequence[NodeRef]]) -> None:
        """Read the next hop of both sides in one round trip, where one costs more than it reads."""
        ways = [way for way, refs in frontiers.items() if refs]
        if not ways or not self._dialect.hop:
            return
        kind = frontiers[ways[0]][0].kind
        by_way = {way: tuple(ref.id for ref in frontiers[way]) for way in ways}
        asked = [(number, way.direction_from(kind).value) for way, nodes in by_way.items() for number in nodes]
        sql = self._dialect.hop.format(**COLUMNS[kind])
        rows = read(sql, array([number for number, _ in asked]), array([direction for _, direction in asked]))
        self._remember(kind.other, {(row[2], *row[5:8]) for row in rows})
        for way, nodes in by_way.items():
            direction = way.direction_from(kind).value
            mine = [(GroupCount(*row[1:4]), row[8]) for row in rows if row[0] == direction]
            self._ahead[way] = ReadAhead(
                kind=kind,
                nodes=nodes,
                counts=sorted(count for count, _ in mine),
                newest={count.node_group: ids for count, ids in mine},
                limit=next((row[4] for row in rows if row[0] == direction), 0),
            )

    def counts(self, kind: Kind, nodes: Collection[int], way: Way) -> Sequence[GroupCount]:
        ahead = self._ahead.get(way)
        if ahead and ahead.is_of(kind, nodes):
            return ahead.counts
        sql = self._dialect.counts.format(**COLUMNS[kind])
        rows = read(sql, array(nodes), way.direction_from(kind).value)
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
        ahead = self._ahead.get(way) if below == LARGEST_ID else None
        known = ahead.members(kind, pairs, excluded, limit) if ahead else None
        if known is not None:
            return known
        sql = self._dialect.members.format(**COLUMNS[kind])
        rest = (way.direction_from(kind).value, array(excluded), below, limit)
        if self._is_postgresql:
            nodes, groups = array([pair.node for pair in pairs]), array([pair.group for pair in pairs])
            return [Member(*row) for row in read(sql, nodes, groups, *rest)]
        rows = read(sql, json.dumps([pair.node_group for pair in pairs]), *rest)
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
        rows = read(self._dialect.touching, array(runs), way.direction_from(kind).value, array(artifacts))
        return [(run, artifact) if kind is Kind.RUN else (artifact, run) for run, artifact in rows]

    def between(self, runs: Collection[int], artifacts: Collection[int]) -> Sequence[Link]:
        rows = read(self._dialect.between, array(runs), array(artifacts))
        return sorted(Link(run, artifact, DIRECTIONS[direction]) for run, artifact, direction in rows)

    def groups_of(self, nodes: Collection[NodeRef]) -> Mapping[NodeRef, int]:
        groups: dict[NodeRef, int] = {}
        for kind in Kind:
            asked = [ref.id for ref in nodes if ref.kind is kind]
            for node, group, type_name, name, *rights in read(in_dialect(GROUPS[kind]), array(asked)) if asked else ():
                if self._projects.allows(*rights):
                    groups[NodeRef(kind, node)] = group
                self._remember(kind, [(group, rights[0], type_name, name)])
        closed = [ref.id for ref in nodes if ref.kind is Kind.ARTIFACT and ref not in groups]
        linked = Artifact.objects.recorded().filter(pk__in=closed).visible_to(self.viewer) if closed else []
        return groups | {NodeRef(Kind.ARTIFACT, version.pk): version.collection_id for version in linked}

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
        is_open = self._projects.among({project for _, project, _, _ in found})
        for pk, project, type_name, name in found:
            name_key = f"job {name}" if kind is Kind.RUN else f"collection {pk}"
            self._facts[kind, pk] = GroupFacts(type_name, name, name_key, is_open[project])
