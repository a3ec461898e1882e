"""The words on clusters and over levels."""

import pytest

from registry.lineage.graph import Kind, Side
from registry.lineage.labels import cluster_label, level_headers
from registry.lineage.picture import LineageNode
from tests.unit.lineage.memory import MemorySource, fan
from tests.unit.lineage.picture import drawing_of


@pytest.mark.parametrize(
    ("picture", "base", "names", "expected"),
    [
        (fan("a1", 1, 6), "a1", {}, "6 train runs"),
        (fan("a1", 1, 6), "a1", {"r": ""}, "6 runs"),
        (fan("r1", 1, 6, "a"), "r1", {"a": "model/zoo"}, "6 versions of zoo"),
        (fan("r1", 1, 6, "a"), "r1", {}, "6 dataset artifacts"),
        (fan("r1", 1, 5, "a"), "r1", {f"a{n}": f"type{n}/x" for n in range(1, 6)}, "5 artifacts"),
        (fan("a1", 1, 5), "a1", {f"r{n}": f"job{n}" for n in range(1, 6)}, "5 runs"),
    ],
)
def test_clu_5_a_cluster_is_called_by_its_number_and_what_it_holds(
    picture: str, base: str, names: dict[str, str], expected: str
) -> None:
    drawing = drawing_of(MemorySource.drawn(picture, **names), base)
    (cluster,) = [card.cluster for card in drawing.cards.values() if card.cluster]
    assert cluster_label(cluster, cluster.at_least, is_lower_bound=False) == expected
    assert cluster_label(cluster, 50_000, is_lower_bound=True).startswith("≥ 50,000 ")


def card(key: str, level: int, x: float, **more: object) -> LineageNode:
    kind = "run" if level % 2 else "artifact"
    return LineageNode(key=key, kind=kind, level=level, side=Side.DOWNSTREAM, type="", name="", x=x, **more)  # type: ignore[arg-type]


def test_a_level_is_headed_over_the_column_where_most_of_it_stands() -> None:
    nodes = [card("a", 0, 0), card("b", 1, 258), card("c", 1, 258), card("d", 1, 774), card("e", 2, 516)]
    assert [(header.label, header.text, header.x) for header in level_headers(nodes)] == [
        ("Base", "1 artifact", 0),
        ("1 down", "3 runs", 258),
        ("2 down", "1 artifact", 516),
    ]


def test_two_levels_do_not_share_a_heading_place_where_another_is_free() -> None:
    nodes = [card("a", 0, 0), card("b", 1, 774), card("c", 3, 774), card("d", 3, 1290)]
    assert [header.x for header in level_headers(nodes)] == [0, 774, 1290]


def test_a_level_counts_members_and_says_when_that_is_a_lower_bound() -> None:
    nodes = [
        card("a", 0, 0),
        LineageNode("c", "cluster", 1, Side.DOWNSTREAM, "", "", x=258, member_kind=Kind.RUN, count=1200),
        card("b", 1, 258),
        card("d", 2, 516, count_is_lower_bound=True),
        LineageNode("l", "locked", -1, Side.UPSTREAM, "", "", x=-258),
    ]
    assert [header.text for header in level_headers(nodes)] == [
        "restricted",
        "1 artifact",
        "1,201 runs",
        "≥ 1 artifacts",
    ]
