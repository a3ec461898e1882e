"""GRA-6 with a focus: the base is drawn also where the hop window around the focus does not reach it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.lineage.arrange import arrange
from registry.lineage.drawing import Drawing, draw
from registry.lineage.far_base import with_base
from registry.lineage.labels import level_headers
from registry.lineage.view import ViewState
from registry.lineage.walk import walk
from tests.unit.lineage.memory import MemorySource, node
from tests.unit.lineage.picture import arrows, levels
from tests.unit.lineage.test_pictures import picture_of, views
from tests.unit.lineage.test_properties import sources

CHAIN = "a1 --> r2 --> a3 --> r4 --> a5 --> r6 --> a7"


def drawing_of(source: MemorySource, base: str, focus: str, **view: object) -> Drawing:
    state = ViewState(focus=node(focus).key, **view)  # type: ignore[arg-type]
    found = walk(source, node(base), state)
    return with_base(source, found, state, draw(found, state))


def test_gra_6_a_base_beyond_the_hops_is_tied_by_what_lies_between() -> None:
    upstream = drawing_of(MemorySource.drawn(CHAIN), "a1", "a5", up=1, down=1)
    assert levels(upstream) == ["-4: a1", "-1: r4", "+0: a5", "+1: r6"]
    assert "a1 ~2~> r4" in arrows(upstream)
    assert not upstream.cards[node("r4").key].beyond, "the bridge says what lies beyond"
    downstream = drawing_of(MemorySource.drawn(CHAIN), "a7", "a3", up=1, down=1)
    assert "r4 ~2~> a7" in arrows(downstream)
    assert levels(downstream)[-1] == "+4: a7"


def test_a_base_just_beyond_the_hops_has_its_own_arrow_and_is_not_counted_twice() -> None:
    drawing = drawing_of(MemorySource.drawn(CHAIN), "a1", "a5", up=3)
    assert "a1 -> r2" in arrows(drawing)
    assert not drawing.cards[node("r2").key].beyond
    other = drawing_of(MemorySource.drawn(f"{CHAIN}\na9 --> r2"), "a1", "a5", up=3)
    assert list(other.cards[node("r2").key].beyond.values()) == [1]


def test_ties_pass_over_what_is_hidden_and_over_clusters() -> None:
    hidden = drawing_of(MemorySource.drawn(CHAIN), "a1", "a7", up=1, hidden=(node("r4").key,))
    assert "a1 ~4~> r6" in arrows(hidden)
    fan = MemorySource.drawn("a1 --> r2,r3,r4,r5,r6 --> a8 --> r9")
    assert "a1 ~2~> r9" in arrows(drawing_of(fan, "a1", "r9", up=0))


def test_a_base_that_no_walk_reaches_stands_alone() -> None:
    apart = MemorySource.drawn(f"{CHAIN}\na20 --> r21")
    drawing = drawing_of(apart, "a20", "r4")
    assert node("a20").key in drawing.cards
    assert not [arrow for arrow in arrows(drawing) if "a20" in arrow]
    state = ViewState(focus=node("r4").key)
    lineage = picture_of(apart, "a20", state)
    assert {header.text for header in level_headers(lineage.nodes) if header.level == 0} == {"2 nodes"}


@given(sources(), st.data())
@settings(max_examples=100, deadline=None)
def test_gra_6_the_base_is_in_every_picture_and_counted(source: MemorySource, data: st.DataObject) -> None:
    view = data.draw(views(source))
    found = walk(source, node("a1"), view)
    drawing = with_base(source, found, view, draw(found, view))
    base = drawing.cards[node("a1").key]
    assert base.cluster is None
    assert len(drawing.cards) <= drawing.total or drawing.is_lower_bound
    ends = {edge.source for edge in drawing.edges} | {edge.target for edge in drawing.edges}
    assert ends <= set(drawing.cards)
    assert len({(edge.source, edge.target) for edge in drawing.edges}) == len(drawing.edges)
    assert set(arrange(found, view, drawing).positions) == set(drawing.cards)
