"""The layout: nothing overlaps, arrows go right, the base is the origin, what was there hardly moves."""

from random import Random
from statistics import median
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.lineage.arrange import arrange, earlier_views
from registry.lineage.drawing import draw
from registry.lineage.layout import Box, Layout, lay_out
from registry.lineage.layout.boxes import CARD_WIDTH, CLUSTER_HEIGHT
from registry.lineage.layout.layers import build_layers
from registry.lineage.layout.ordering import count_crossings
from registry.lineage.view import ViewState
from registry.lineage.walk import walk
from tests.unit.lineage.memory import MemorySource, fan, lines, node
from tests.unit.lineage.test_properties import random_source


def gaps(boxes: list[Box], layout: Layout) -> list[float]:
    """The space between every two boxes whose widths overlap."""
    found = []
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            (x, y), (u, v) = layout.positions[one.key], layout.positions[other.key]
            if abs(x - u) < CARD_WIDTH:
                found.append(abs(y - v) - (one.height + other.height) / 2)
    return found


@st.composite
def graphs(draw_from: st.DrawFn) -> tuple[list[Box], list[tuple[str, str]]]:
    """Boxes of both heights and edges among them in any direction, many or few."""
    chance, count = Random(draw_from(st.integers(0, 2**32))), draw_from(st.integers(1, 40))
    boxes = [Box(f"n{number}", chance.randint(-4, 4), chance.choice([52, CLUSTER_HEIGHT])) for number in range(count)]
    edges = draw_from(st.integers(0, 80))
    return boxes, [(f"n{chance.randrange(count)}", f"n{chance.randrange(count)}") for _ in range(edges)]


@given(graphs(), st.data())
@settings(deadline=None)
def test_no_two_cards_overlap_and_the_base_is_the_origin(
    graph: tuple[list[Box], list[tuple[str, str]]], data: st.DataObject
) -> None:
    boxes, edges = graph
    layout = lay_out(boxes, edges, "n0")
    assert all(gap >= 14 for gap in gaps(boxes, layout))
    assert layout.positions["n0"] == (0, 0)
    hint = {key: spot for key, spot in layout.positions.items() if data.draw(st.booleans())}
    moved = {key: (x, y + data.draw(st.integers(-500, 500))) for key, (x, y) in hint.items()}
    assert all(gap >= 14 for gap in gaps(boxes, lay_out(boxes, edges, "n0", moved or None)))


@given(graphs(), st.randoms())
@settings(deadline=None)
def test_every_arrow_goes_right_but_those_that_close_a_cycle_and_order_is_of_no_matter(
    graph: tuple[list[Box], list[tuple[str, str]]], shuffle: object
) -> None:
    boxes, edges = graph
    layout = lay_out(boxes, edges, "n0")
    for source, target in edges:
        if source != target and (source, target) not in layout.back_edges:
            assert layout.columns[source] < layout.columns[target]
    shuffle.shuffle(boxes)  # type: ignore[attr-defined]
    shuffle.shuffle(edges)  # type: ignore[attr-defined]
    assert lay_out(boxes, edges, "n0") == layout


def test_gra_10_only_a_cycle_has_a_back_edge() -> None:
    boxes = [Box("a", 0), Box("r", 1), Box("b", 2), Box("s", -1)]
    straight = [("s", "a"), ("a", "r"), ("r", "b"), ("a", "b")]
    assert lay_out(boxes, straight, "a").back_edges == frozenset()
    assert lay_out(boxes, [("a", "r"), ("r", "b"), ("b", "s"), ("s", "a")], "a").back_edges == {("b", "s")}


def test_an_ancestor_stands_beside_its_first_reader() -> None:
    #  far -> r1 -> a -> r2 -> base
    #           own -> r3 ---^         r3 is one column left of the base, not at the far left
    boxes = [Box("far", -4), Box("r1", -3), Box("a", -2), Box("r2", -1), Box("r3", -1), Box("own", -2)]
    boxes.append(Box("base", 0))
    edges = [("far", "r1"), ("r1", "a"), ("a", "r2"), ("r2", "base"), ("own", "r3"), ("r3", "base")]
    columns = lay_out(boxes, edges, "base").columns
    assert columns == {"far": -4, "r1": -3, "a": -2, "r2": -1, "own": -2, "r3": -1, "base": 0}


def test_a_source_stands_beside_its_first_reader() -> None:
    boxes = [Box("base", 0), Box("r1", 1), Box("m", 2), Box("r2", 3), Box("other", 2)]
    edges = [("base", "r1"), ("r1", "m"), ("m", "r2"), ("other", "r2")]
    assert lay_out(boxes, edges, "base").columns["other"] == 2


def test_columns_are_one_pitch_apart() -> None:
    layout = lay_out([Box("a", 0), Box("r", 1)], [("a", "r")], "a")
    assert layout.positions == {"a": (0, 0), "r": (258, 0)}


def test_a_crossing_is_counted_and_taken_out() -> None:
    layers = build_layers([[3], [2], [], []], [0, 0, 1, 1], [52.0] * 4)
    assert count_crossings(layers, [[0, 1], [2, 3]]) == 1
    assert count_crossings(layers, [[0, 1], [3, 2]]) == 0
    boxes = [Box("base", 0), Box("a", 1), Box("b", 1), Box("x", 2), Box("y", 2)]
    layout = lay_out(boxes, [("base", "a"), ("base", "b"), ("a", "y"), ("b", "x")], "base")
    height = {key: y for key, (_, y) in layout.positions.items()}
    assert (height["a"] < height["b"]) == (height["y"] < height["x"])


PIPELINE = lines(
    "a90,a91 --> r80 --> a1",
    fan("a1", 1, 12),
    *(f"r{n} --> a{n + 100}" for n in range(1, 13)),
    *(f"a{n + 100} --> r{n + 200}" for n in range(1, 4)),
    "a1 --> r40 --> a41 --> r42",
)


def test_what_stays_hardly_moves_when_a_member_is_extracted() -> None:
    names = {"r40": "audit", "r42": "export", "a41": "report/audit"}
    source = MemorySource.drawn(PIPELINE, **names)
    view = ViewState()
    before = arrange(found := walk(source, node("a1"), view), view, draw(found, view))
    for extracted in (("run-3",), ("run-3", "run-7"), ("run-3", "run-7", "artifact-107")):
        view = ViewState(extracted=extracted)
        after = arrange(found := walk(source, node("a1"), view), view, draw(found, view))
        kept = [key for key in before.positions if key in after.positions]
        moves = [abs(before.positions[key][1] - after.positions[key][1]) for key in kept]
        assert median(moves) <= 40, moves
        before = after


def test_clu_7_what_stays_hardly_moves_when_a_cluster_is_expanded() -> None:
    """On graphs that nobody tuned for; with nothing held in place it would be more than twice as far."""
    moved = []
    for seed in range(30):
        source, view = random_source(Random(seed), 25, 40, 120), ViewState()
        before = arrange(found := walk(source, node("a1"), view), view, drawing := draw(found, view))
        clusters = [key for key, card in drawing.cards.items() if card.cluster]
        view = ViewState(expanded=tuple(clusters[:1]))
        after = arrange(found := walk(source, node("a1"), view), view, draw(found, view))
        kept = before.positions.keys() & after.positions.keys()
        moved.append(median(abs(before.positions[key][1] - after.positions[key][1]) for key in kept))
    assert median(moved) <= 40, sorted(moved)


def test_hiding_moves_nothing() -> None:
    source = MemorySource.drawn(PIPELINE)
    whole, hidden = ViewState(), ViewState(hidden=("artifact-90",))
    before = arrange(found := walk(source, node("a1"), whole), whole, draw(found, whole))
    after = arrange(found := walk(source, node("a1"), hidden), hidden, draw(found, hidden))
    assert {key: before.positions[key] for key in after.positions} == after.positions


def test_int_5_the_layout_is_a_function_of_the_view() -> None:
    #  what the hint of a view is does not depend on how one came there
    view = ViewState(extracted=("run-1", "run-2"), expanded=("cluster-0000000000",), hidden=("run-9",))
    assert [(v.expanded, v.extracted) for v in earlier_views(view)] == [
        ((), ()),
        (view.expanded, ()),
        (view.expanded, ("run-1",)),
        (view.expanded, ("run-1", "run-2")),
    ]


def test_int_5_what_a_view_is_laid_out_after_is_the_picture_of_the_view_before() -> None:
    """Also when a later step brings what the earlier views did not reach: old members of a hub with outputs."""
    source = MemorySource.drawn(lines(fan("a1", 1, 1500), "r3 --> a9 --> r2001", "r7 --> a8"))
    view = ViewState(extracted=("run-3", "run-7"))
    with patch("registry.lineage.arrange.lay_out", wraps=lay_out) as laid_out:
        arrange(found := walk(source, node("a1"), view), view, draw(found, view))
    pictures = [{box.key for box in call.args[0]} for call in laid_out.call_args_list]
    views = [ViewState(), ViewState(extracted=("run-3",)), view]
    assert pictures == [set(draw(walk(source, node("a1"), earlier), earlier).cards) for earlier in views]
    assert "artifact-9" not in pictures[0]


def test_long_lists_of_steps_are_folded_in_bundles_and_the_last_ones_one_by_one() -> None:
    def folded(steps: int) -> list[int]:
        return [len(v.extracted) for v in earlier_views(ViewState(extracted=tuple(f"run-{n}" for n in range(steps))))]

    assert folded(8) == list(range(8))
    assert folded(19) == [0, 8, 16, 17, 18]
    assert folded(150) == [0, 64, 128, 136, 144, 145, 146, 147, 148, 149]
    assert max(len(folded(steps)) for steps in range(1, 501)) <= 23
