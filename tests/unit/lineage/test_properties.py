"""Random graphs beside brute force: levels, uniqueness, determinism, reachability."""

from __future__ import annotations

from collections import deque
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.lineage.arrange import arrange
from registry.lineage.drawing import Drawing, draw
from registry.lineage.graph import Kind, NodeRef, Way
from registry.lineage.view import ViewState
from registry.lineage.walk import walk
from tests.unit.lineage.memory import MemorySource, art, run

TYPES = ["model/net", "model/net", "dataset/zoo", "report/one", "report/two"]
JOBS = ["train", "train", "evaluate", ""]


@st.composite
def sources(draw_from: st.DrawFn) -> MemorySource:
    """A graph with cycles, self-edges and hubs, in which artifact 1 exists; dense or sparse by its sizes.

    The edges come from a seed: drawn one by one, they would nearly always be too few to make a level.
    """
    chance = Random(draw_from(st.integers(0, 2**32)))
    artifacts, runs, edges = (draw_from(st.integers(1, most)) for most in (30, 60, 150))
    return random_source(chance, artifacts, runs, edges)


def random_source(chance: Random, artifacts: int, runs: int, edges: int) -> MemorySource:
    source = MemorySource()
    for _ in range(edges):
        version = art(1 if chance.random() < 0.15 else chance.randint(1, artifacts))
        reader = run(chance.randint(1, runs))
        source.edges.add((version, reader) if chance.random() < 0.6 else (reader, version))
    for ref in sorted({art(1), *(ref for edge in source.edges for ref in edge)}):
        source.names[ref] = chance.choice(TYPES if ref.kind is Kind.ARTIFACT else JOBS)
    return source


def distances(source: MemorySource, base: NodeRef, way: Way) -> dict[NodeRef, int]:
    found = {base: 0}
    waiting = deque([base])
    while waiting:
        ref = waiting.popleft()
        for start, end in source.edges:
            origin, other = (start, end) if way is Way.DOWN else (end, start)
            if origin == ref and other not in found:
                found[other] = found[ref] + 1
                waiting.append(other)
    return found


def brute_force_levels(source: MemorySource, base: NodeRef) -> dict[NodeRef, int]:
    up, down = distances(source, base, Way.UP), distances(source, base, Way.DOWN)
    far = 10**6
    return {ref: -up[ref] if up.get(ref, far) <= down.get(ref, far) else down[ref] for ref in up.keys() | down.keys()}


def picture(source: MemorySource, view: ViewState) -> tuple[Drawing, object]:
    found = walk(source, art(1), view)
    drawing = draw(found, view)
    return drawing, arrange(found, view, drawing)


@given(sources())
@settings(max_examples=200, deadline=None)
def test_every_node_is_at_its_distance_and_none_is_drawn_twice(source: MemorySource) -> None:
    drawing, _ = picture(source, ViewState())
    drawn = [ref for card in drawing.cards.values() for ref in card.refs]
    assert len(drawn) == len(set(drawn))
    levels = {ref: card.level for card in drawing.cards.values() for ref in card.refs}
    assert levels == brute_force_levels(source, art(1))
    assert drawing.total == len(levels)


@given(sources())
@settings(max_examples=100, deadline=None)
def test_clu_1_no_level_has_five_loose_nodes_and_no_group_is_smaller_than_two(source: MemorySource) -> None:
    drawing, _ = picture(source, ViewState())
    loose: dict[tuple[str, int], int] = {}
    for card in drawing.cards.values():
        if card.cluster:
            assert card.count == len(card.refs) >= 2
        else:
            loose[card.side, card.level] = loose.get((card.side, card.level), 0) + 1
    assert all(count < 5 for count in loose.values())


@given(sources())
@settings(max_examples=100, deadline=None)
def test_every_stored_edge_between_drawn_nodes_is_drawn_once(source: MemorySource) -> None:
    drawing, _ = picture(source, ViewState(expand=True))
    drawn = {(edge.source, edge.target) for edge in drawing.edges}
    for start, end in source.edges:
        if start.key in drawing.cards and end.key in drawing.cards:
            assert ((start.key, end.key) in drawn) != ((end.key, start.key) in drawn and (end, start) in source.edges)


@given(sources(), st.data())
@settings(max_examples=100, deadline=None)
def test_gra_11_the_same_data_and_view_draw_the_same_picture(source: MemorySource, data: st.DataObject) -> None:
    nodes = sorted(ref.key for ref in source.names if ref != art(1))
    chosen = data.draw(st.lists(st.sampled_from(nodes), max_size=3, unique=True)) if nodes else []
    view = ViewState(extracted=tuple(chosen))
    first = picture(source, view)
    again = MemorySource(set(source.edges), dict(reversed(source.names.items())))
    assert picture(again, view) == first


@given(sources(), st.data())
@settings(max_examples=150, deadline=None)
def test_cus_1_filters_and_hiding_never_change_what_can_be_reached(source: MemorySource, data: st.DataObject) -> None:
    nodes = sorted(ref.key for ref in source.names if ref != art(1))
    hidden = tuple(sorted(data.draw(st.lists(st.sampled_from(nodes), max_size=4, unique=True)))) if nodes else ()
    whole, _ = picture(source, ViewState(expand=True))
    view = ViewState(expand=True, hidden=hidden, types=data.draw(st.sampled_from([(), ("model",)])))
    part, _ = picture(source, view)
    before, after = reachable(whole), reachable(part)
    for key in part.cards:
        assert after[key] - {key} == (before[key] - {key}) & part.cards.keys()


def reachable(drawing: Drawing) -> dict[str, set[str]]:
    ahead: dict[str, set[str]] = {key: set() for key in drawing.cards}
    for edge in drawing.edges:
        ahead[edge.source].add(edge.target)
    found = {}
    for key in ahead:
        seen: set[str] = set()
        waiting = [key]
        while waiting:
            for target in ahead[waiting.pop()] - seen:
                seen.add(target)
                waiting.append(target)
        found[key] = seen
    return found


@given(sources(), st.data())
@settings(max_examples=100, deadline=None)
def test_extracting_and_putting_back_is_the_identity_and_keeps_the_other_clusters(
    source: MemorySource, data: st.DataObject
) -> None:
    before, _ = picture(source, ViewState())
    members = sorted(ref for card in before.cards.values() if card.cluster for ref in card.refs)
    if not members:
        return
    chosen = data.draw(st.sampled_from(members))
    after, _ = picture(source, ViewState(extracted=(chosen.key,)))
    assert chosen.key in after.cards
    home = next(card for card in before.cards.values() if chosen in card.refs)
    untouched = {key: card.refs for key, card in before.cards.items() if key != home.key}
    assert {key: card.refs for key, card in after.cards.items() if key in untouched} == untouched
    back, _ = picture(source, ViewState())
    assert back == before
