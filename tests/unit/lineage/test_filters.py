"""Hidden and filtered nodes: what they leave behind is a bridge, never a gap."""

import pytest

from registry.lineage.filters import is_generated
from registry.lineage.graph import Kind
from registry.lineage.source import GroupFacts
from tests.unit.lineage.memory import MemorySource, fan, lines
from tests.unit.lineage.picture import arrows, drawing_of, levels

CHAIN = "a1 --> r2 --> a3 --> r4 --> a5"


def test_int_4_a_hidden_node_leaves_a_dotted_bridge() -> None:
    drawing = drawing_of(MemorySource.drawn(CHAIN), "a1", hidden=("artifact-3",))
    assert levels(drawing) == ["+0: a1", "+1: r2", "+3: r4", "+4: a5"]
    assert arrows(drawing) == ["a1 -> r2", "r2 ~1~> r4", "r4 -> a5"]
    assert [card.key for card in drawing.hidden] == ["artifact-3"]
    assert drawing.total == 5


def test_int_4_neighbouring_hidden_nodes_make_one_bridge() -> None:
    drawing = drawing_of(MemorySource.drawn(CHAIN), "a1", hidden=("artifact-3", "run-2"))
    assert arrows(drawing) == ["a1 ~2~> r4", "r4 -> a5"]


def test_gra_6_the_base_is_never_hidden() -> None:
    assert levels(drawing_of(MemorySource.drawn(CHAIN), "a1", hidden=("artifact-1",), down=0)) == ["+0: a1"]


def test_a_direct_edge_needs_no_bridge() -> None:
    source = MemorySource.drawn(lines("a1 --> r2 --> a3 --> r4", "a1 --> r4"))
    assert arrows(drawing_of(source, "a1", hidden=("artifact-3", "run-2"))) == ["a1 -> r4"]


def test_a_cluster_can_be_hidden() -> None:
    source = MemorySource.drawn(lines(fan("a1", 1, 5), *(f"r{n} --> a9" for n in range(1, 6))))
    key = next(key for key in drawing_of(source, "a1").cards if key.startswith("cluster"))
    drawing = drawing_of(source, "a1", hidden=(key,))
    assert arrows(drawing) == ["a1 ~1~> a9"]
    assert [card.count for card in drawing.hidden] == [5]


def test_cus_1_a_type_filter_never_changes_reachability() -> None:
    source = MemorySource.drawn(CHAIN, a3="model/net", a5="report/r")
    drawing = drawing_of(source, "a1", types=("report",), down=4)
    assert levels(drawing) == ["+0: a1", "+1: r2", "+3: r4", "+4: a5"]
    assert arrows(drawing) == ["a1 -> r2", "r2 ~1~> r4", "r4 -> a5"]
    assert drawing.total == 5


def test_cus_1_hops_count_on_the_unfiltered_graph() -> None:
    source = MemorySource.drawn(CHAIN, a3="model/net", a5="report/r")
    assert levels(drawing_of(source, "a1", types=("report",), down=3)) == ["+0: a1", "+1: r2", "+3: r4"]


def test_a_job_type_filter_keeps_runs_without_one_under_its_name() -> None:
    source = MemorySource.drawn(CHAIN, r2="", r4="train")
    assert levels(drawing_of(source, "a1", jobs=("(no job type)",))) == ["+0: a1", "+1: r2", "+2: a3", "+4: a5"]


def test_clu_1_counts_after_filters() -> None:
    source = MemorySource.drawn(fan("r1", 1, 5, "a"), a5="report/r")
    assert levels(drawing_of(source, "r1", types=("dataset",))) == ["+0: r1", "+1: a1 a2 a3 a4"]


def test_generated_artifacts_are_left_out_unless_asked_for() -> None:
    source = MemorySource.drawn("a1 --> r2 --> a3,a4", a3="job/job-x")
    assert levels(drawing_of(source, "a1")) == ["+0: a1", "+1: r2", "+2: a4"]
    assert drawing_of(source, "a1").total == 3
    assert levels(drawing_of(source, "a1", generated=True)) == ["+0: a1", "+1: r2", "+2: a3 a4"]


@pytest.mark.parametrize(
    ("type_name", "name", "expected"),
    [
        ("job", "anything", True),
        ("wandb-history", "h", True),
        ("run_table", "run-abc-table", True),
        ("run_table", "mine", False),
        ("code", "source-zoo", True),
        ("code", "zoo", False),
        ("model", "job", False),
    ],
)
def test_what_counts_as_generated(type_name: str, name: str, *, expected: bool) -> None:
    assert is_generated(Kind.ARTIFACT, GroupFacts(type_name, name, "")) is expected
    assert not is_generated(Kind.RUN, GroupFacts(type_name, name, ""))
