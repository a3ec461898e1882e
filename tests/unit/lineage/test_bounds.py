"""Large levels beside brute force, with the limits turned down so that small random graphs reach them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.lineage.arrange import arrange
from registry.lineage.drawing import draw
from registry.lineage.facets import facets_of
from registry.lineage.grouping import Step
from registry.lineage.view import ViewState
from registry.lineage.walk import walk
from tests.unit.lineage.memory import MemorySource, art
from tests.unit.lineage.test_properties import brute_force_levels, sources


@contextmanager
def small_limits() -> Iterator[None]:
    """Eight rows are many, six members go on."""
    with (
        patch("registry.lineage.reach.EXACT_ROWS", 8),
        patch("registry.lineage.reach.CARRIED", 6),
        patch("registry.lineage.walk.CARRIED", 6),
        patch("registry.lineage.walk.EXACT_LEVEL", 8),
    ):
        yield


def test_gra_10_older_readers_are_found_when_all_of_the_newest_stand_upstream() -> None:
    #  r7 … r12, the newest six, used a1 and logged it again; r2 … r6 only used it
    source = MemorySource.drawn("""
        a1 --> r2,r3,r4,r5,r6,r7,r8,r9,r10,r11,r12
        r7,r8,r9,r10,r11,r12 --> a1
    """)
    with small_limits():
        found = walk(source, art(1), ViewState())
    assert {ref.id for ref, place in found.places.items() if place.level == -1} == {7, 8, 9, 10, 11, 12}
    assert {ref.id for ref, place in found.places.items() if place.level == 1} == {2, 3, 4, 5, 6}


@given(sources())
@settings(max_examples=300, deadline=None)
def test_what_is_drawn_is_never_nearer_than_it_is_and_exact_up_to_the_first_cut_level(source: MemorySource) -> None:
    with small_limits():
        found = walk(source, art(1), ViewState())
    truth = brute_force_levels(source, art(1))
    for ref, place in found.places.items():
        assert abs(place.level) >= abs(truth[ref])
    for sign in (-1, 1):
        cut = [abs(c.where.level) for c in found.clusters.values() if not c.is_whole and c.where.level * sign > 0]
        whole = {ref: place.level for ref, place in found.places.items() if place.level * sign > 0}
        first = min(cut, default=10**6)
        if not found.is_partial:
            assert whole == {ref: level for ref, level in truth.items() if level * sign > 0}
        for ref, level in truth.items():
            if 0 < level * sign < min(first, _first_partial(found)):
                assert whole.get(ref) == level


def _first_partial(found: object) -> int:
    """The nearest level of which not all nodes went on."""
    levels: dict[int, int] = {}
    for place in found.places.values():  # type: ignore[attr-defined]
        levels[place.level] = levels.get(place.level, 0) + 1
    return min((abs(level) for level, count in levels.items() if count >= 6), default=10**6)


@given(sources())
@settings(max_examples=300, deadline=None)
def test_the_size_of_the_first_cut_cluster_lies_within_its_bounds(source: MemorySource) -> None:
    with small_limits():
        found = walk(source, art(1), ViewState())
    truth = brute_force_levels(source, art(1))
    types = {ref: source.names[ref].partition("/")[0] for ref in truth}
    nearest = _first_partial(found)
    for cluster in found.clusters.values():
        at_most = cluster.at_most or 10**6
        assert len(cluster.members) <= cluster.at_least <= at_most
        if abs(cluster.where.level) <= nearest and cluster.step is Step.TYPE:
            size = sum(level == cluster.where.level and types[ref] == cluster.type for ref, level in truth.items())
            assert cluster.at_least <= size <= at_most


@given(sources())
@settings(max_examples=300, deadline=None)
def test_clu_7_the_rest_of_an_expanded_cluster_is_within_its_bounds(source: MemorySource) -> None:
    view = ViewState(expand=True)
    with (
        small_limits(),
        patch("registry.lineage.walk.MOST_VISIBLE", 12),
        patch("registry.lineage.drawing.MOST_VISIBLE", 12),
    ):
        found = walk(source, art(1), view)
        drawing = draw(found, view)
    truth = brute_force_levels(source, art(1))
    types = {ref: source.names[ref].partition("/")[0] for ref in truth}
    nearest = min((abs(cluster.where.level) for cluster in found.clusters.values()), default=0)
    for cluster in found.clusters.values():
        at_most = cluster.at_most or 10**6
        assert len(cluster.members) <= cluster.at_least <= at_most
        if abs(cluster.where.level) == nearest and cluster.step is Step.TYPE:
            size = sum(level == cluster.where.level and types[ref] == cluster.type for ref, level in truth.items())
            assert cluster.at_least <= size <= at_most
            card = drawing.cards.get(cluster.key)
            drawn = sum(ref.key in drawing.cards for ref in cluster.members)
            assert drawn + (card.count if card else 0) == cluster.at_least
            assert card is not None or drawn == size


@given(sources(), st.sampled_from([(), ("train",)]))
@settings(max_examples=200, deadline=None)
def test_cus_2_facets_are_exact_or_lower_bounds_whatever_the_filter(
    source: MemorySource, jobs: tuple[str, ...]
) -> None:
    view = ViewState(jobs=jobs, generated=True)
    with small_limits():
        found = walk(source, art(1), view)
    names = [source.names[ref].partition("/")[0] or "(no job type)" for ref in brute_force_levels(source, art(1))]
    facets = facets_of(found, view, ())
    for facet in (*facets.artifact_types, *facets.job_types):
        assert (
            facet.count <= names.count(facet.value) if facet.is_lower_bound else facet.count == names.count(facet.value)
        )


@given(sources())
@settings(max_examples=150, deadline=None)
def test_a_bounded_walk_draws_no_node_twice_and_can_be_laid_out(source: MemorySource) -> None:
    for view in (ViewState(), ViewState(extended=True), ViewState(extended=True, expand=True)):
        with small_limits():
            found = walk(source, art(1), view)
        drawing = draw(found, view)
        drawn = [ref for card in drawing.cards.values() for ref in card.refs]
        assert len(drawn) == len(set(drawn))
        assert all(edge.source in drawing.cards and edge.target in drawing.cards for edge in drawing.edges)
        assert arrange(found, view, drawing).positions.keys() == drawing.cards.keys()


@given(sources())
@settings(max_examples=100, deadline=None)
def test_extended_lineage_holds_just_the_siblings(source: MemorySource) -> None:
    direct = brute_force_levels(source, art(1))
    found = walk(source, art(1), ViewState(extended=True))
    beyond = {ref for ref in found.places if ref not in direct}
    siblings = set()
    for start, end in source.edges:
        if direct.get(end, 0) > 0 or (end == art(1)):
            siblings.add(start)
        if direct.get(start, 0) < 0 and start.kind == "run":
            siblings.add(end)
    assert beyond <= siblings - direct.keys()
