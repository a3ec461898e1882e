"""The stored edges beside the same edges in memory: every read that the walk makes, and whole walks."""

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.core.viewer import Viewer
from registry.lineage.drawing import draw
from registry.lineage.graph import Kind, NodeRef, Way
from registry.lineage.reach import CARRIED, EXACT_ROWS, member_limit
from registry.lineage.view import ViewState
from registry.lineage.walk import walk
from registry.models import Artifact, Edge, Project, Run
from registry.queries.edge_source import DatabaseEdgeSource, walk_lineage
from registry.queries.lineage import get_lineage
from tests.factories import logged, make_run, make_version, used
from tests.factories.hub import make_hub
from tests.unit.lineage.memory import MemorySource
from tests.unit.lineage.picture import arrows, levels

NAMES = [("net", "model"), ("zoo", "dataset"), ("raw", "dataset"), ("one", "report")]


@pytest.fixture(params=[1, 2, 3])
def twin(request: pytest.FixtureRequest, zoo: Project) -> tuple[DatabaseEdgeSource, MemorySource]:
    """One random graph twice: in the tables and in memory."""
    chance = Random(request.param)
    versions = [make_version(zoo, name, type_name=kind) for name, kind in chance.choices(NAMES, k=25)]
    runs = [make_run(zoo, job_type=chance.choice(["train", "train", "evaluate", ""])) for _ in range(40)]
    memory = MemorySource()
    for _ in range(120):
        run, version = chance.choice(runs), versions[0] if chance.random() < 0.2 else chance.choice(versions)
        is_used = chance.random() < 0.6
        if Edge.objects.filter(run=run, artifact=version, direction=int(not is_used)).exists():
            continue
        (used if is_used else logged)(run, version)
        ends = (NodeRef(Kind.ARTIFACT, version.pk), NodeRef(Kind.RUN, run.pk))
        memory.edges.add(ends if is_used else (ends[1], ends[0]))
    names = {version.pk: version.collection for version in versions}
    memory.names = {NodeRef(Kind.ARTIFACT, pk): f"{c.type_name}/{c.name}" for pk, c in names.items()}
    memory.names |= {NodeRef(Kind.RUN, run.pk): run.group.job_type for run in runs}
    return DatabaseEdgeSource(viewer=Viewer.system()), memory


def ids(memory: MemorySource, kind: Kind) -> list[int]:
    return sorted(ref.id for ref in memory.names if ref.kind is kind)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("way", list(Way))
def test_counts_and_members_agree(twin: tuple[DatabaseEdgeSource, MemorySource], kind: Kind, way: Way) -> None:
    stored, memory = twin
    nodes, excluded = ids(memory, kind), ids(memory, kind.other)[::3]

    def named(source: DatabaseEdgeSource | MemorySource, group: int) -> tuple[str, str]:
        facts = source.facts(kind.other, {group})[group]
        return facts.type, facts.name

    found = []
    for source in (stored, memory):
        pairs = source.counts(kind, nodes, way)
        sizes = sorted((pair.node, named(source, pair.group), pair.size) for pair in pairs)
        members = source.members(kind, pairs, way, excluded, 2)
        found.append((sizes, sorted((member.node, named(source, member.group), member.id) for member in members)))
    assert found[0] == found[1]
    assert found[0][1]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("share", [1, 3])
def test_a_hop_that_was_read_ahead_is_the_same_hop(
    twin: tuple[DatabaseEdgeSource, MemorySource], kind: Kind, share: int
) -> None:
    asked_twice, memory = twin
    read_ahead = DatabaseEdgeSource(viewer=Viewer.system())
    nodes, others = ids(memory, kind)[::share], ids(memory, kind.other)
    read_ahead.read_ahead({way: [NodeRef(kind, number) for number in nodes] for way in Way})
    for way in Way:
        pairs = asked_twice.counts(kind, nodes, way)
        assert read_ahead.counts(kind, nodes, way) == pairs
        for excluded, limit in (([], EXACT_ROWS), (others[::2], EXACT_ROWS), ([], 1), (others[::2], 2)):
            found = read_ahead.members(kind, pairs, way, excluded, limit)
            assert sorted(found) == sorted(asked_twice.members(kind, pairs, way, excluded, limit))


def test_the_newest_of_a_hub_that_were_read_ahead_are_the_newest(zoo: Project) -> None:
    hub = make_hub(zoo, ["finished"] * (EXACT_ROWS + 10))
    read_ahead, asked_twice = (DatabaseEdgeSource(viewer=Viewer.system()) for _ in range(2))
    read_ahead.read_ahead({Way.DOWN: [NodeRef(Kind.ARTIFACT, hub.pk)]})
    pairs = asked_twice.counts(Kind.ARTIFACT, [hub.pk], Way.DOWN)
    assert read_ahead.counts(Kind.ARTIFACT, [hub.pk], Way.DOWN) == pairs
    limit = member_limit(pairs)
    newest = asked_twice.members(Kind.ARTIFACT, pairs, Way.DOWN, [], limit)
    assert len(newest) == limit == CARRIED
    assert sorted(read_ahead.members(Kind.ARTIFACT, pairs, Way.DOWN, [], limit)) == sorted(newest)
    later = read_ahead.members(Kind.ARTIFACT, pairs, Way.DOWN, [newest[0].id], limit)
    assert sorted(later) == sorted(asked_twice.members(Kind.ARTIFACT, pairs, Way.DOWN, [newest[0].id], limit))
    assert len(later) == limit


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a round trip costs nothing here")
def test_a_hop_both_ways_is_one_round_trip(zoo: Project) -> None:
    base, *later = [make_version(zoo, f"data{number}") for number in range(4)]
    earlier = make_version(zoo, "raw")
    for source, target in zip([earlier, base, *later], [base, *later], strict=False):
        step = make_run(zoo)
        used(step, source)
        logged(step, target)
    with CaptureQueriesContext(connection) as queries:
        found = walk_lineage(viewer=Viewer.system(), base=NodeRef(Kind.ARTIFACT, base.pk), view=ViewState())
    hops = max(abs(place.level) for place in found.places.values())
    # the base, its hops and the one that finds nothing more, the edges between what was found
    assert len(queries) == 1 + hops + 1 + 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans in no time")
def test_what_a_lineage_reads_is_planned_once_for_all_nodes(zoo: Project) -> None:
    for _ in range(2):
        used(make_run(zoo), base := make_version(zoo, "zoo"))
        get_lineage(viewer=Viewer.system(), base=NodeRef(Kind.ARTIFACT, base.pk), view=ViewState())
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements")
        plans = {statement: (generic, custom) for statement, generic, custom in cursor.fetchall()}
    # the base; each kind's hop; what leads on; the edges between; runs, versions, aliases, registries, held aliases
    assert len(plans) >= 8, list(plans)
    assert all(generic and not custom for generic, custom in plans.values()), plans


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("way", list(Way))
def test_probes_agree(twin: tuple[DatabaseEdgeSource, MemorySource], kind: Kind, way: Way) -> None:
    stored, memory = twin
    nodes, neighbours = ids(memory, kind)[::2], ids(memory, kind.other)[::2]
    probed = sorted(stored.touching(kind, nodes, neighbours, way))
    assert probed == sorted(memory.touching(kind, nodes, neighbours, way))
    assert probed


def test_edges_between_agree(twin: tuple[DatabaseEdgeSource, MemorySource]) -> None:
    stored, memory = twin
    runs, artifacts = ids(memory, Kind.RUN), ids(memory, Kind.ARTIFACT)
    assert sorted(stored.between(runs, artifacts)) == sorted(memory.between(runs, artifacts))


def test_nothing_asked_is_nothing_answered(zoo: Project) -> None:
    stored = DatabaseEdgeSource(viewer=Viewer.system())
    assert list(stored.counts(Kind.RUN, [], Way.UP)) == []
    assert list(stored.members(Kind.RUN, [], Way.UP, [], 5)) == []
    assert list(stored.touching(Kind.RUN, [], [1], Way.UP)) == []
    assert list(stored.between([1], [])) == []
    assert stored.groups_of([]) == {}


@pytest.mark.parametrize("extended", [False, True])
def test_whole_walks_agree(twin: tuple[DatabaseEdgeSource, MemorySource], *, extended: bool) -> None:
    stored, memory = twin
    for base in sorted(memory.names)[::7]:
        view = ViewState(extended=extended)
        mine, theirs = draw(walk(stored, base, view), view), draw(walk(memory, base, view), view)
        assert levels(mine) == levels(theirs)
        assert arrows(mine) == arrows(theirs)


def test_a_base_of_a_closed_project_is_not_known(as_charlie: Viewer, zoo: Project) -> None:
    closed = DatabaseEdgeSource(viewer=as_charlie)
    for thing in (make_version(zoo, "zoo"), make_run(zoo)):
        kind = Kind.RUN if isinstance(thing, Run) else Kind.ARTIFACT
        assert closed.groups_of([NodeRef(kind, thing.pk)]) == {}
    draft = make_version(zoo, "zoo", state=Artifact.State.PENDING)
    opened = DatabaseEdgeSource(viewer=Viewer.system())
    assert opened.groups_of([NodeRef(Kind.ARTIFACT, draft.pk)]) == {}
