"""The Custom view: what there is to choose, what a switch would draw, and the view without one filter."""

from __future__ import annotations

from registry.lineage.facets import facets_of
from registry.lineage.options import Facet, Facets
from registry.lineage.switches import weigh_switches
from registry.lineage.view import Colour, Orientation, ViewState
from registry.lineage.walk import walk
from tests.unit.lineage.memory import MemorySource, fan, lines, node
from tests.unit.lineage.picture import arrows, drawing_of, levels

PIPELINE = """
a1 --> r1,r2,r3 --> a2
a2 --> r4 --> a3
a9 --> r4
r4 --> a8
"""
NAMES = {"a1": "dataset/raw", "a2": "model/net", "a3": "report/one", "a9": "code/source-x", "a8": "job/job-x"}
JOBS = {"r1": "train", "r2": "train", "r3": "", "r4": "evaluate"}


def pipeline() -> MemorySource:
    return MemorySource.drawn(PIPELINE, **NAMES, **JOBS)


def facets(source: MemorySource, base: str, **view: object) -> Facets:
    state = ViewState(**view)  # type: ignore[arg-type]
    return facets_of(walk(source, node(base), state), state, ())


def told(found: tuple[Facet, ...]) -> list[str]:
    return [f"{'≥' if facet.is_lower_bound else ''}{facet.count} {facet.value}" for facet in found]


def test_cus_1_types_are_counted_before_the_filters() -> None:
    whole = facets(pipeline(), "a1")
    assert told(whole.artifact_types) == ["1 dataset", "1 model", "1 report"]
    assert told(whole.job_types) == ["2 train", "1 (no job type)", "1 evaluate"]
    assert whole.generated == 1
    filtered = facets(pipeline(), "a1", types=("report",), jobs=("train",))
    assert told(filtered.artifact_types) == told(whole.artifact_types)
    assert told(filtered.job_types) == told(whole.job_types)
    assert [facet.value for facet in (*filtered.artifact_types, *filtered.job_types) if facet.is_chosen] == [
        "report",
        "train",
    ]


def test_cus_1_types_are_those_of_the_hop_window() -> None:
    assert told(facets(pipeline(), "a1", down=2).artifact_types) == ["1 dataset", "1 model"]
    assert told(facets(pipeline(), "a1", extended=True, generated=True).artifact_types) == [
        "1 code",
        "1 dataset",
        "1 job",
        "1 model",
        "1 report",
    ]


def test_a_chosen_type_that_is_not_there_can_still_be_taken_away() -> None:
    assert told(facets(pipeline(), "a1", types=("gone",)).artifact_types)[-1] == "0 gone"


def test_cus_2_a_type_of_which_not_all_was_read_is_a_lower_bound() -> None:
    source = MemorySource.drawn(lines(fan("a1", 1, 1500), "r1 --> a2"), r="train", a1="dataset/raw", a2="model/net")
    assert told(facets(source, "a1").job_types) == ["≥1500 train"]
    # also of those that the filter leaves out, of which nobody draws one
    assert told(facets(source, "a1", jobs=("evaluate",)).job_types) == ["≥1500 train", "≥0 evaluate"]


def test_cus_2_switches_say_what_they_would_draw() -> None:
    source = MemorySource.drawn(lines(fan("a1", 1, 6), "a9 --> r1", "r1 --> a8"), r="train", a8="job/job-x")
    switches = weigh_switches(source, node("a1"), ViewState())
    assert switches.expand.text == "Draws 7 cards instead of 2"
    assert switches.extended.text == "Draws 3 cards instead of 2"
    assert switches.generated.text == "Draws 3 cards instead of 2"
    on = weigh_switches(source, node("a1"), ViewState(expand=True))
    assert (on.expand.is_on, on.expand.text) == (True, "Draws 2 cards instead of 7")
    lonely = weigh_switches(MemorySource.drawn("a1 --> r1"), node("a1"), ViewState())
    assert [switch.is_useful for switch in (lonely.extended, lonely.generated, lonely.expand)] == [False] * 3
    assert lonely.expand.text == "Changes nothing here"


def test_cus_2_the_switches_share_their_reads() -> None:
    alone, shared = pipeline(), pipeline()
    for view in (ViewState(), ViewState(extended=True), ViewState(generated=True), ViewState(expand=True)):
        walk(alone, node("a1"), view)
    weigh_switches(shared, node("a1"), ViewState())
    assert shared.rows_read < alone.rows_read / 2


def test_cus_1_the_hop_window_moves_to_the_focus_and_the_base_stays() -> None:
    found = drawing_of(pipeline(), "a1", focus="run-4", up=2, down=1)
    assert levels(found) == ["-2: r1 r2 r3", "-1: a2", "+0: r4", "+1: a3"]
    assert found.base == "run-4"
    whole = drawing_of(pipeline(), "a1", focus="run-4", types=("report",), hidden=("artifact-1", "run-4"))
    assert {"artifact-1", "run-4"} <= set(whole.cards)
    assert not whole.hidden


def test_gra_6_the_base_is_never_in_a_cluster_whatever_the_focus() -> None:
    source = MemorySource.drawn(fan("r1", 1, 6, "a"), a="model/net", r="train")
    assert levels(drawing_of(source, "a3", focus="run-1")) == ["+0: r1", "+1: [5 net] a3"]
    assert levels(drawing_of(source, "a3", focus="run-1", expand=True))[1].count("a") == 6


def test_clu_7_a_large_cluster_that_is_expanded_leaves_a_card_for_the_rest() -> None:
    """Two sources with mostly the same readers: what is left is known exactly."""
    source = MemorySource.drawn(
        lines("r9999 --> a1,a2", fan("a1", 1, 2400), fan("a2", 1, 2400), fan("a2", 3000, 10)), r="train", r9999="split"
    )
    key = next(card.key for card in drawing_of(source, "r9999").cards.values() if card.cluster)
    found = drawing_of(source, "r9999", expanded=(key,))
    rest = found.cards[key]
    assert len(found.cards) <= 2000
    assert found.is_limited
    drawn = sum(card.place is not None and card.level == 2 for card in found.cards.values())
    assert rest.count >= 1
    assert drawn + rest.count <= 2410 <= drawn + (rest.cluster.at_most or 0)  # type: ignore[union-attr]
    small = MemorySource.drawn(lines("r9999 --> a1,a2", fan("a1", 1, 900), fan("a2", 1, 900)), r="train", r9999="split")
    key = next(card.key for card in drawing_of(small, "r9999").cards.values() if card.cluster)
    whole = drawing_of(small, "r9999", expanded=(key,))
    assert key not in whole.cards
    assert len(whole.cards) == 903
    assert (whole.total, whole.is_limited) == (903, False)


def test_cus_1_what_a_filter_removes_is_bridged() -> None:
    found = drawing_of(pipeline(), "a1", types=("report",))
    assert arrows(found) == ["a1 -> r1", "a1 -> r2", "a1 -> r3", "r1 ~1~> r4", "r2 ~1~> r4", "r3 ~1~> r4", "r4 -> a3"]


def test_cus_2_each_chip_leads_to_the_view_without_it() -> None:
    view = ViewState(
        focus="run-1",
        up=1,
        down=0,
        types=("a", "b"),
        jobs=("train",),
        extended=True,
        generated=True,
        expand=True,
        hidden=("run-2",),
        extracted=("run-3",),
        colour=Colour.TYPE,
        orientation=Orientation.DOWN,
    )
    chips = view.chips()
    assert [(chip.key, chip.value) for chip in chips] == [
        ("focus", "run-1"),
        ("type", "a"),
        ("type", "b"),
        ("job", "train"),
        ("extended", "on"),
        ("generated", "on"),
        ("expand", "expanded"),
        ("up", "1 hop"),
        ("down", "0 hops"),
    ]
    assert chips[1].without.types == ("b",)
    for chip in chips:
        assert len(chip.without.chips()) == len(chips) - 1
    bare = view.reset()
    assert bare.chips() == ()
    assert (bare.hidden, bare.extracted, bare.colour, bare.orientation) == (
        ("run-2",),
        ("run-3",),
        Colour.TYPE,
        Orientation.DOWN,
    )
