"""Levels, sides, cycles and hubs: what the walk reaches, with the graph drawn beside it."""

from registry.lineage.view import ViewState
from registry.lineage.walk import walk
from tests.unit.lineage.memory import MemorySource, fan, lines, node
from tests.unit.lineage.picture import arrows, drawing_of, levels

PIPELINE = """
    a1 --> r2 --> a3 --> r4 --> a5
    a6 --> r4
"""


def test_gra_4_levels_are_signed_distances_from_the_base() -> None:
    drawing = drawing_of(MemorySource.drawn(PIPELINE), "a3")
    assert levels(drawing) == ["-2: a1", "-1: r2", "+0: a3", "+1: r4", "+2: a5"]
    assert arrows(drawing) == ["a1 -> r2", "a3 -> r4", "r2 -> a3", "r4 -> a5"]
    assert (drawing.total, drawing.is_lower_bound) == (5, False)


def test_a_run_can_be_the_base() -> None:
    drawing = drawing_of(MemorySource.drawn(PIPELINE), "r4")
    assert levels(drawing) == ["-3: a1", "-2: r2", "-1: a3 a6", "+0: r4", "+1: a5"]


def test_gra_5_every_run_that_logged_the_version_is_its_producer() -> None:
    source = MemorySource.drawn("""
        a1 --> r2 --> a4
        a1 --> r3 --> a4
    """)
    assert levels(drawing_of(source, "a4")) == ["-2: a1", "-1: r2 r3", "+0: a4"]


def test_gra_10_a_self_edge_is_drawn_once() -> None:
    #  r2 uses and logs a1
    source = MemorySource.drawn("""
        a1 --> r2 --> a1
        r2 --> a3
    """)
    drawing = drawing_of(source, "a1")
    assert levels(drawing) == ["-1: r2", "+0: a1", "+2: a3"]
    assert arrows(drawing) == ["r2 -> a1", "r2 -> a3"]


def test_gra_10_a_cycle_ends_and_each_node_keeps_its_shortest_distance() -> None:
    #  a1 -> r2 -> a3 -> r4 -> a1
    source = MemorySource.drawn("a1 --> r2 --> a3 --> r4 --> a1")
    drawing = drawing_of(source, "a1")
    assert levels(drawing) == ["-2: a3", "-1: r4", "+0: a1", "+1: r2"]
    assert arrows(drawing) == ["a1 -> r2", "a3 -> r4", "r2 -> a3", "r4 -> a1"]


def test_a_run_that_also_reads_the_base_stands_on_level_one_once() -> None:
    #  a1 -> r2 -> a3 -> r4
    #   \________________/
    source = MemorySource.drawn("""
        a1 --> r2 --> a3 --> r4
        a1 --> r4
    """)
    drawing = drawing_of(source, "a1")
    assert levels(drawing) == ["+0: a1", "+1: r2 r4", "+2: a3"]
    assert arrows(drawing) == ["a1 -> r2", "a1 -> r4", "a3 -> r4", "r2 -> a3"]


def test_hops_limit_each_side_and_the_frontier_says_how_much_is_beyond() -> None:
    source = MemorySource.drawn(lines(PIPELINE, fan("a5", 10, 12)))
    drawing = drawing_of(source, "a3", up=1, down=2)
    assert levels(drawing) == ["-1: r2", "+0: a3", "+1: r4", "+2: a5"]
    assert drawing.cards["artifact-5"].beyond == {1: 12}
    assert drawing.cards["run-2"].beyond == {-1: 1}
    assert not drawing.is_lower_bound


def test_the_frontier_does_not_count_what_is_drawn() -> None:
    #  a3 -> r4 -> a5 -> r9, and r9 stands on level one because it reads the base too
    source = MemorySource.drawn(lines("a3 --> r4 --> a5", "a3,a5 --> r9", "a5 --> r10"))
    assert drawing_of(source, "a3", down=2).cards["artifact-5"].beyond == {1: 1}


def test_zero_hops_is_nothing_on_that_side() -> None:
    drawing = drawing_of(MemorySource.drawn(PIPELINE), "a3", up=0, down=0)
    assert levels(drawing) == ["+0: a3"]
    assert drawing.cards["artifact-3"].beyond == {-1: 1, 1: 1}


def test_extended_lineage_adds_siblings_without_taking_a_relatives_place() -> None:
    #  a1 -> r2 -> a3(base) -> r4 -> a5
    #         \-> a7   a6 ------^
    source = MemorySource.drawn(lines(PIPELINE, "r2 --> a7", "r8 --> a5"))
    drawing = drawing_of(source, "a3", extended=True)
    assert levels(drawing) == [
        "-2: a1",
        "-1: r2",
        "+0: a3",
        "+0x: a6 a7",
        "+1: r4",
        "+1x: r8",
        "+2: a5",
    ]
    lighter = {(edge.source, edge.target) for edge in drawing.edges if edge.is_extended}
    assert lighter == {("run-2", "artifact-7"), ("artifact-6", "run-4"), ("run-8", "artifact-5")}


def test_extended_siblings_of_both_sides_are_one_level_and_cluster_together() -> None:
    source = MemorySource.drawn(lines("r2 --> a3 --> r4", fan("r2", 10, 3, "a"), "a20,a21 --> r4"))
    drawing = drawing_of(source, "a3", extended=True)
    assert levels(drawing) == ["-1: r2", "+0: a3", "+0x: [5 dataset]", "+1: r4"]


def test_a_hub_of_ten_thousand_is_one_cluster_and_cheap() -> None:
    #  a1 -> 10,000 runs, each with one model
    runs = range(1, 10_001)
    source = MemorySource.drawn(fan("a1", 1, 10_000))
    source.edges |= {(node(f"r{n}"), node(f"a{n + 20_000}")) for n in runs}
    source.names |= {node(f"a{n + 20_000}"): "model/net" for n in runs}
    drawing = drawing_of(source, "a1")
    assert levels(drawing) == ["+0: a1", "+1: [10000 train]", "+2: [20+ net]"]
    assert arrows(drawing) == ["[10000 train] -> [20+ net] x20", "a1 -> [10000 train] x10000"]
    assert drawing.is_lower_bound
    assert source.rows_read < 300


def test_a_member_of_a_hub_found_again_deeper_stays_in_its_cluster() -> None:
    #  a1 -> r1..r1500 (one cluster);  r1500 -> a9 -> r3: r3 is no newest member of the cluster, but one of it
    source = MemorySource.drawn(lines(fan("a1", 1, 1500), "r1500 --> a9 --> r3"))
    drawing = drawing_of(source, "a1")
    assert levels(drawing) == ["+0: a1", "+1: [1500 train]", "+2: a9"]
    assert "a9 -> [1500 train]" in arrows(drawing)


def test_a_member_count_leaves_out_what_stands_on_an_earlier_level() -> None:
    #  r2 reads the base; deeper, the hub a9 is read by r2 too and by 1,500 others
    source = MemorySource.drawn(lines("a1 --> r1 --> a9", "a1,a9 --> r2", fan("a9", 10, 1500)))
    drawing = drawing_of(source, "a1")
    assert levels(drawing) == ["+0: a1", "+1: r1 r2", "+2: a9", "+3: [1500 train]"]
    assert (drawing.total, drawing.is_lower_bound) == (1504, True)


def test_an_extracted_member_of_a_hub_is_walked_on_from() -> None:
    #  r3 is not among the newest 20 of the hub; extracted, its own output appears
    source = MemorySource.drawn(lines(fan("a1", 1, 1500), "r3 --> a9"))
    assert levels(drawing_of(source, "a1")) == ["+0: a1", "+1: [1500 train]"]
    drawing = drawing_of(source, "a1", extracted=("run-3",))
    assert levels(drawing) == ["+0: a1", "+1: [1499 train] r3", "+2: a9"]
    assert arrows(drawing) == ["a1 -> [1499 train] x1499", "a1 -> r3", "r3 -> a9"]


def test_acc_2_one_placeholder_for_what_the_viewer_may_not_see() -> None:
    #  r2 uses a1 (open), a10, a11 (locked); nothing beyond them appears
    source = MemorySource.drawn(lines("a1,a10,a11 --> r2 --> a3", "r9 --> a10"), a10="x/secret", a11="x/secret")
    source.locked = {"x/secret"}
    drawing = drawing_of(source, "a3")
    assert levels(drawing) == ["-2: a1 locked", "-1: r2", "+0: a3"]
    assert [key for key in drawing.cards if key.startswith("locked")] == ["locked-run-2-up"]
    assert drawing.total == 4


def test_acc_2_what_is_open_one_by_one_is_shown_and_the_rest_locked() -> None:
    source = MemorySource.drawn("a10,a11 --> r2 --> a3", a10="x/secret", a11="x/secret")
    source.locked, source.open_one_by_one = {"x/secret"}, {node("a10")}
    assert levels(drawing_of(source, "a3")) == ["-2: a10 locked", "-1: r2", "+0: a3"]
    source.open_one_by_one = {node("a10"), node("a11")}
    assert levels(drawing_of(source, "a3")) == ["-2: a10 a11", "-1: r2", "+0: a3"]


def test_the_walk_stops_at_sixty_four_hops_and_says_so() -> None:
    chain = [f"a{n} --> r{n} --> a{n + 1}" for n in range(1, 50)]
    source = MemorySource.drawn(lines(chain))
    found = walk(source, node("a1"), ViewState())
    assert max(place.level for place in found.places.values()) == 64
    assert found.is_cut
    assert drawing_of(source, "a1").cards["artifact-33"].beyond == {1: 1}


def test_a_hub_whose_other_readers_all_stand_earlier_is_read_to_the_end() -> None:
    #  a1 and a9 have 995 readers in common; only ten more read a9
    source = MemorySource.drawn(lines(fan("a1", 1, 995), "r995 --> a9", fan("a9", 1, 994), fan("a9", 2001, 10)))
    found = walk(source, node("a1"), ViewState())
    deeper = next(cluster for cluster in found.clusters.values() if cluster.where.level == 3)
    assert (deeper.is_whole, deeper.at_least) == (True, 10)
