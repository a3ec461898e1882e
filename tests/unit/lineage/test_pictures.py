"""Whole pictures of random graphs, in both orientations: places, what hiding takes along, steps, outline, colours."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.lineage.arrange import arrange
from registry.lineage.colours import with_colours
from registry.lineage.drawing import draw
from registry.lineage.elements import cytoscape_payload
from registry.lineage.export.cards import size_of
from registry.lineage.export.svg import as_svg
from registry.lineage.export.themes import LIGHT
from registry.lineage.far_base import with_base
from registry.lineage.graph import Direction, Side
from registry.lineage.hiding import only_through
from registry.lineage.labels import level_headers
from registry.lineage.options import Facets
from registry.lineage.picture import Lineage, LineageEdge, LineageNode
from registry.lineage.rows import CardRow, Row, rows_of
from registry.lineage.steps import neighbours_of
from registry.lineage.view import Colour, Orientation, ViewState
from registry.lineage.walk import walk
from registry.views.lineage_outline import outline_of
from tests.unit.lineage.memory import MemorySource, fan, lines, node
from tests.unit.lineage.test_properties import sources


def picture_of(source: MemorySource, base: str, view: ViewState) -> Lineage:
    """The finished picture, with keys for names."""
    found = walk(source, node(base), view)
    drawing = with_base(source, found, view, draw(found, view))
    layout = arrange(found, view, drawing)
    nodes = [
        LineageNode(
            key=card.key,
            kind="cluster" if card.cluster else card.kind.value if card.kind else "locked",
            member_kind=card.kind if card.cluster else None,
            level=card.level,
            side=card.side,
            type=card.cluster.type if card.cluster else card.place.facts.type if card.place else "",
            name=card.key,
            x=layout.positions[card.key][0],
            y=layout.positions[card.key][1],
            is_base=card.key == node(base).key,
            count=card.count,
            rows=() if card.cluster else tuple(CardRow(row, row.value) for row in rows_of(card.kind, view.rows)),
        )
        for card in drawing.cards.values()
    ]
    edges = [
        LineageEdge(
            edge.source,
            edge.target,
            "used" if edge.direction is Direction.USED else "logged",
            edge.count,
            (edge.source, edge.target) in layout.back_edges,
            edge.via_hidden,
        )
        for edge in drawing.edges
    ]
    painted, legend = with_colours(nodes, view.colour)
    return Lineage(
        base=node(base).key,
        nodes=painted,
        edges=tuple(edges),
        levels=level_headers(nodes, view.orientation),
        visible=len(nodes),
        total=drawing.total,
        total_is_lower_bound=drawing.is_lower_bound,
        complete=True,
        hidden=(),
        data_version="",
        focus=found.base.key,
        facets=Facets(),
        orientation=view.orientation,
        legend=legend,
    )


@st.composite
def views(draw_from: st.DrawFn, source: MemorySource) -> ViewState:
    nodes = sorted(ref.key for ref in source.names)
    some = st.lists(st.sampled_from(nodes), max_size=4, unique=True).map(tuple)
    return ViewState(
        focus=draw_from(st.just("") | st.sampled_from(nodes)),
        up=draw_from(st.none() | st.integers(0, 4)),
        down=draw_from(st.none() | st.integers(0, 4)),
        types=draw_from(st.sampled_from([(), ("model",), ("dataset", "report")])),
        extended=draw_from(st.booleans()),
        expand=draw_from(st.booleans()),
        hidden=draw_from(some),
        extracted=draw_from(some),
        orientation=draw_from(st.sampled_from(Orientation)),
        colour=draw_from(st.sampled_from(Colour)),
        rows=draw_from(st.lists(st.sampled_from(Row), unique=True).map(tuple)),
    )


@given(sources(), st.data())
@settings(max_examples=150, deadline=None)
def test_no_two_cards_overlap_in_any_view_and_orientation(source: MemorySource, data: st.DataObject) -> None:
    lineage = picture_of(source, "a1", data.draw(views(source)))
    assert {lineage.base, lineage.focus} <= {node.key for node in lineage.nodes}
    assert touching(lineage) == []


def touching(lineage: Lineage) -> list[tuple[str, str]]:
    """The pairs of cards with less than 14 pixels between them."""
    cards = [(node, *size_of(node)) for node in lineage.nodes]
    return [
        (one.key, other.key)
        for (one, width, height), (other, other_width, other_height) in itertools.combinations(cards, 2)
        if abs(one.x - other.x) - (width + other_width) / 2 < 14
        if abs(one.y - other.y) - (height + other_height) / 2 < 14
    ]


@given(sources(), st.data())
@settings(max_examples=100, deadline=None)
def test_gra_12_every_drawn_node_stands_once_in_the_outline(source: MemorySource, data: st.DataObject) -> None:
    lineage = picture_of(source, "a1", data.draw(views(source)))
    entries = [entry.node.key for level in outline_of(lineage) for entry in level.entries]
    assert sorted(entries) == sorted(node.key for node in lineage.nodes)
    assert {node["id"] for node in cytoscape_payload(lineage)["nodes"]} == set(entries)


@given(sources(), st.data())
@settings(max_examples=100, deadline=None)
def test_an_exported_drawing_is_well_formed_and_has_every_arrow(source: MemorySource, data: st.DataObject) -> None:
    lineage = picture_of(source, "a1", data.draw(views(source)))
    root = ET.fromstring(as_svg(lineage, title="x", theme=LIGHT))
    paths = [path for path in root if path.tag.endswith("}path") and path.get("fill") == "none"]
    assert len(paths) == len(lineage.edges)


def reached(near: Mapping[str, set[str]], start: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        for other in near[waiting.pop()] - found:
            found.add(other)
            waiting.append(other)
    return found


@given(sources(), st.data())
@settings(max_examples=100, deadline=None)
def test_int_4_hiding_with_all_takes_exactly_what_is_cut_off(source: MemorySource, data: st.DataObject) -> None:
    lineage = picture_of(source, "a1", ViewState(expand=True))
    key = data.draw(st.sampled_from(sorted(node.key for node in lineage.nodes)))
    near: dict[str, set[str]] = {node.key: set() for node in lineage.nodes}
    for edge in lineage.edges:
        if key not in {edge.source, edge.target}:
            near[edge.source].add(edge.target)
            near[edge.target].add(edge.source)
    everything = {node.key for node in lineage.nodes}
    cut_off = everything - reached(near, "artifact-1") - {key}
    assert set(only_through(lineage, key)) == (set() if key == "artifact-1" else cut_off)


CHAIN = """
a1 --> r1,r2 --> a2
r1 --> a3 --> r3 --> a4
"""


def test_int_4_what_has_another_way_to_the_base_stays() -> None:
    lineage = picture_of(MemorySource.drawn(CHAIN), "a1", ViewState())
    assert only_through(lineage, "run-1") == ("artifact-3", "artifact-4", "run-3")
    assert only_through(lineage, "artifact-3") == ("artifact-4", "run-3")
    assert only_through(lineage, "run-2") == ()
    assert only_through(lineage, "artifact-1") == ()
    assert only_through(lineage, "run-99") == ()


def test_int_4_neither_the_base_nor_a_placeholder_is_taken_along() -> None:
    source = MemorySource.drawn("a1 --> r1 --> a2", a2="secret/x")
    source.locked.add("secret/x")
    assert only_through(picture_of(source, "a1", ViewState()), "run-1") == ()
    chain = MemorySource.drawn(CHAIN)
    focused = picture_of(chain, "a1", ViewState(focus="artifact-4"))
    assert only_through(focused, "artifact-3") == ("run-1",)


def test_prv_3_steps_go_along_the_arrows_from_the_top() -> None:
    lineage = picture_of(MemorySource.drawn(CHAIN), "a1", ViewState())
    place = {node.key: node.y for node in lineage.nodes}
    steps = neighbours_of(lineage, "run-1")
    assert [step.key for step in steps.inputs] == ["artifact-1"]
    assert [step.key for step in steps.outputs] == sorted(["artifact-2", "artifact-3"], key=place.__getitem__)
    assert neighbours_of(lineage, "artifact-4").outputs == ()
    bridged = picture_of(MemorySource.drawn(CHAIN), "a1", ViewState(hidden=("artifact-3",)))
    assert [(step.key, step.is_bridge) for step in neighbours_of(bridged, "run-3").inputs] == [("run-1", True)]


def test_orientation_only_exchanges_the_axes_of_where_columns_are() -> None:
    source = MemorySource.drawn(CHAIN)
    right = picture_of(source, "a1", ViewState())
    down = picture_of(source, "a1", ViewState(orientation=Orientation.DOWN))
    columns = {node.key: node.x / 258 for node in right.nodes}
    assert {node.key: node.y / 140 for node in down.nodes} == columns
    assert [header.x for header in down.levels] == [header.x / 258 * 140 for header in right.levels]


def test_colours_follow_the_names_and_rare_ones_share_the_last() -> None:
    names = {f"a{number}": f"type{number:02}/x{number}" for number in range(2, 12)}
    source = MemorySource.drawn(lines("a1 --> r1", fan("r1", 2, 10, "a")), a1="type01/x", **names)
    few = picture_of(source, "a1", ViewState(expand=True, colour=Colour.TYPE, types=("type02", "type03")))
    assert [(entry.colour, entry.value) for entry in few.legend] == [(1, "type01"), (2, "type02"), (3, "type03")]
    many = picture_of(source, "a1", ViewState(expand=True, colour=Colour.TYPE))
    assert [(entry.colour, entry.value, entry.count) for entry in many.legend][-1] == (8, "other", 4)
    assert sum(entry.count for entry in many.legend) == 11
    uneven = MemorySource.drawn("a1 --> r1 --> a2,a3,a4", a1="mu/x", a2="zeta/x", a3="zeta/y", a4="alpha/z")
    by_name = picture_of(uneven, "a1", ViewState(colour=Colour.TYPE)).legend
    assert [(entry.colour, entry.value, entry.count) for entry in by_name] == [
        (1, "alpha", 1),
        (2, "mu", 1),
        (3, "zeta", 2),
    ]
    runs = [node for node in many.nodes if node.kind == "run"]
    assert {node.colour for node in runs} == {0}
    by_job = picture_of(source, "a1", ViewState(colour=Colour.JOB))
    assert [entry.value for entry in by_job.legend] == ["train"]
    plain = picture_of(source, "a1", ViewState())
    assert plain.legend == ()
    assert all(node == replace(node, colour=0) for node in plain.nodes)


def test_states_have_the_colours_that_they_have_everywhere() -> None:
    """Custom view: "colour by" state: finished is green whatever else is drawn, failed red."""
    run = LineageNode(key="run-1", kind="run", level=0, side=Side.BASE, type="train", name="r")
    every = ["running", "finished", "failed", "crashed", "killed", "deleted"]
    for states in (every, ["finished"], ["failed", "finished"]):
        nodes = [replace(run, key=f"run-{number}", state=state) for number, state in enumerate(states, start=1)]
        painted, legend = with_colours(nodes, Colour.STATE)
        assert {node.state: node.colour for node in painted} == {entry.value: entry.colour for entry in legend}
        assert len({entry.colour for entry in legend}) == len(states)
        told = {entry.value: LIGHT.palette[entry.colour - 1] for entry in legend}
        assert told["finished"] == LIGHT.run[0]
        assert told.get("failed", LIGHT.danger) == LIGHT.danger
