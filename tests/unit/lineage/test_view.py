"""The view in the address: read, refused with a reason, written canonically."""

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.core.errors import InvalidInput
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.rows import Row
from registry.lineage.view import Colour, Orientation, ViewState

nodes = st.builds(NodeRef, st.sampled_from(Kind), st.integers(1, 2**63 - 1)).map(lambda ref: ref.key)
clusters = st.from_regex(r"cluster-[0-9a-f]{10}", fullmatch=True)
names = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), max_size=4, unique=True)
hops = st.none() | st.integers(0, 64)
lists = st.lists(nodes, max_size=6, unique=True)
views = st.builds(
    ViewState,
    focus=st.just("") | nodes,
    up=hops,
    down=hops,
    types=names.map(lambda found: tuple(sorted(found))),
    jobs=names.map(lambda found: tuple(sorted(found))),
    extended=st.booleans(),
    generated=st.booleans(),
    expand=st.booleans(),
    hidden=lists.map(tuple),
    extracted=lists.map(tuple),
    expanded=st.lists(clusters, max_size=4, unique=True).map(tuple),
    selected=st.just("") | nodes | clusters,
    orientation=st.sampled_from(Orientation),
    colour=st.sampled_from(Colour),
    rows=st.lists(st.sampled_from(Row), unique=True).map(tuple),
)


@given(views)
def test_int_5_a_view_survives_its_address(view: ViewState) -> None:
    text = view.to_query()
    again = ViewState.parse(parse_qs(text, keep_blank_values=True))
    assert again.to_query() == text
    assert (again.extracted, again.expanded, set(again.hidden)) == (view.extracted, view.expanded, set(view.hidden))
    assert (again.orientation, again.colour, again.focus) == (view.orientation, view.colour, view.focus)
    assert set(again.rows) == set(view.rows)
    assert (again.up, again.down, again.types, again.jobs) == (view.up, view.down, view.types, view.jobs)


def test_the_default_view_has_no_address() -> None:
    assert ViewState().to_query() == ""
    assert ViewState.parse({"up": ["all"], "tab": ["lineage"]}) == ViewState()


def test_equal_views_are_the_same_text() -> None:
    one = ViewState.parse({"hidden": ["run-12,artifact-4", "run-3"], "type": ["b", "a", "a"], "up": ["02"]})
    assert one.to_query() == "up=2&type=a&type=b&hidden=artifact-4,run-3,run-12"
    assert ViewState.parse({"rows": ["size,created", "created"]}).to_query() == "rows=created,size"
    assert ViewState(types=("b", "a"), hidden=("run-3", "run-3", "artifact-4")).to_query() == (
        "type=a&type=b&hidden=artifact-4,run-3"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("up", "65"),
        ("up", "-1"),
        ("down", "1e1"),
        ("down", "٣"),
        ("hidden", "run-0"),
        ("hidden", "cluster-xyz"),
        ("extracted", "cluster-0123456789"),
        ("extracted", f"run-{2**63}"),
        ("expanded", "run-1"),
        ("selected", "x"),
        ("focus", "run-1,run-2"),
        ("extended", "maybe"),
        ("orientation", "left"),
        ("colour", "red"),
        ("rows", "size,weight"),
        ("type", "a\0b"),
        ("type", "x" * 257),
        ("hidden", ",".join(f"run-{n}" for n in range(1, 502))),
    ],
)
def test_a_bad_parameter_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        ViewState.parse({name: [text]})
    assert name in refusal.value.message or "names no node" in refusal.value.message


def test_five_hundred_nodes_are_accepted() -> None:
    keys = ",".join(f"run-{n}" for n in range(1, 501))
    assert len(ViewState.parse({"extracted": [keys]}).extracted) == 500


@pytest.mark.parametrize("text", ["", "run", "run-", "run-01", "Run-1", "artifact-1 ", "run-1\n", "run-" + "9" * 19])
def test_a_node_key_is_exact(text: str) -> None:
    with pytest.raises(InvalidInput):
        NodeRef.parse(text)
