"""The rule of five and what becomes of a cluster when its members leave it."""

import pytest

from tests.unit.lineage.memory import MemorySource, fan, lines
from tests.unit.lineage.picture import arrows, drawing_of, levels, name


def cluster_key(source: MemorySource, base: str) -> str:
    return next(key for key in drawing_of(source, base).cards if key.startswith("cluster-"))


def test_clu_1_four_runs_are_not_clustered() -> None:
    source = MemorySource.drawn(fan("a1", 1, 4))
    assert levels(drawing_of(source, "a1")) == ["+0: a1", "+1: r1 r2 r3 r4"]


@pytest.mark.parametrize("count", [5, 6])
def test_clu_1_five_and_six_runs_are_one_cluster(count: int) -> None:
    source = MemorySource.drawn(fan("a1", 1, count))
    drawing = drawing_of(source, "a1")
    assert levels(drawing) == ["+0: a1", f"+1: [{count} train]"]
    assert arrows(drawing) == [f"a1 -> [{count} train] x{count}"]


@pytest.mark.parametrize("count", [4, 5, 6])
def test_clu_1_upstream_artifacts_follow_the_same_rule(count: int) -> None:
    #  a10 … a15 -> r1 -> a1
    inputs = ",".join(f"a{number}" for number in range(10, 10 + count))
    found = levels(drawing_of(MemorySource.drawn(f"{inputs} --> r1 --> a1"), "a1"))
    grouped = f"[{count} dataset]" if count >= 5 else inputs.replace(",", " ")
    assert found == [f"-2: {grouped}", "-1: r1", "+0: a1"]


@pytest.mark.parametrize(
    ("trains", "evaluates", "expected"),
    [
        (2, 2, "+1: r1 r2 r3 r4"),
        (3, 2, "+1: [2 evaluate] [3 train]"),
        (4, 1, "+1: [4 train] r5"),
        (3, 3, "+1: [3 evaluate] [3 train]"),
        (5, 1, "+1: [5 train] r6"),
    ],
)
def test_clu_1_counts_the_level_and_groups_by_job_type(trains: int, evaluates: int, expected: str) -> None:
    jobs = {f"r{number}": "evaluate" for number in range(trains + 1, trains + evaluates + 1)}
    source = MemorySource.drawn(fan("a1", 1, trains + evaluates), **jobs)
    assert levels(drawing_of(source, "a1")) == ["+0: a1", expected]


def test_clu_1_both_sides_count_on_their_own() -> None:
    #  4 runs log the base, 4 runs use it: eight runs at distance one, none clustered
    source = MemorySource.drawn("r1,r2,r3,r4 --> a1 --> r5,r6,r7,r8")
    assert levels(drawing_of(source, "a1")) == ["-1: r1 r2 r3 r4", "+0: a1", "+1: r5 r6 r7 r8"]


def test_clu_2_several_versions_of_one_artifact_are_grouped_and_so_are_their_runs() -> None:
    source = MemorySource.drawn(
        lines(fan("a1", 1, 6), *(f"r{n} --> a{n + 10}" for n in range(1, 7))),
        **{f"a{n}": "model/zoo" for n in range(11, 17)},
    )
    drawing = drawing_of(source, "a1")
    assert levels(drawing) == ["+0: a1", "+1: [6 train]", "+2: [6 zoo]"]
    assert arrows(drawing) == ["[6 train] -> [6 zoo] x6", "a1 -> [6 train] x6"]


def test_clu_2_the_same_job_type_with_other_connections_is_another_cluster() -> None:
    #  r1…r4 read a1 alone, r5…r8 read a1 and a2
    source = MemorySource.drawn(lines("r9 --> a1,a2", fan("a1", 1, 8), fan("a2", 5, 4)))
    assert levels(drawing_of(source, "r9")) == ["+0: r9", "+1: a1 a2", "+2: [4 train] [4 train]"]


def test_clu_4_grouping_coarsens_only_as_far_as_needed() -> None:
    #  three versions of zoo and six models with names of their own: the six become one group by type
    names = {f"a{n}": "model/zoo" for n in (1, 2, 3)} | {f"a{n}": f"model/m{n}" for n in range(4, 10)}
    source = MemorySource.drawn(fan("r1", 1, 9, "a"), **names)
    assert levels(drawing_of(source, "r1")) == ["+0: r1", "+1: [3 zoo] [6 model]"]


def test_clu_4_five_of_five_kinds_become_one_group_of_the_level() -> None:
    names = {f"a{n}": f"type{n}/name{n}" for n in range(1, 6)}
    assert levels(drawing_of(MemorySource.drawn(fan("r1", 1, 5, "a"), **names), "r1")) == ["+0: r1", "+1: [5 *]"]


def test_clu_4_up_to_four_stay_loose_beside_a_group() -> None:
    names = {f"a{n}": "model/zoo" for n in (1, 2)} | {f"a{n}": f"type{n}/name{n}" for n in range(3, 7)}
    source = MemorySource.drawn(fan("r1", 1, 6, "a"), **names)
    assert levels(drawing_of(source, "r1")) == ["+0: r1", "+1: [2 zoo] a3 a4 a5 a6"]


def test_clu_4_twelve_models_of_four_runs_each_become_two_clusters() -> None:
    models = {f"a{n}": f"model/m{n}" for n in range(1, 13)}
    runs = [fan(f"a{n}", 100 + 4 * n, 4) for n in range(1, 13)]
    source = MemorySource.drawn(lines(fan("r1", 1, 12, "a"), runs), **models)
    assert levels(drawing_of(source, "r1")) == ["+0: r1", "+1: [12 model]", "+2: [48 train]"]


@pytest.mark.parametrize("pairs", [20, 21])
def test_clu_4_more_than_twenty_groups_are_grouped_more_coarsely(pairs: int) -> None:
    names = {f"a{n}": f"model/m{n // 2}" for n in range(2, 2 * pairs + 2)}
    drawing = drawing_of(MemorySource.drawn(fan("r1", 2, 2 * pairs, "a"), **names), "r1")
    groups = [name(card) for card in drawing.cards.values() if card.cluster]
    assert len(groups) == (20 if pairs == 20 else 1)
    assert ("[2 m1]" if pairs == 20 else "[42 model]") in groups


def test_clu_4_extracted_members_count_towards_the_five() -> None:
    source = MemorySource.drawn(fan("a1", 1, 5))
    drawing = drawing_of(source, "a1", extracted=("run-2", "run-4"))
    assert levels(drawing) == ["+0: a1", "+1: [3 train] r2 r4"]


def test_clu_4_a_cluster_lives_until_one_member_is_left() -> None:
    source = MemorySource.drawn(fan("a1", 1, 5))
    two_left = drawing_of(source, "a1", extracted=("run-1", "run-2", "run-3"))
    assert levels(two_left) == ["+0: a1", "+1: [2 train] r1 r2 r3"]
    one_left = drawing_of(source, "a1", extracted=("run-1", "run-2", "run-3", "run-4"))
    assert levels(one_left) == ["+0: a1", "+1: r1 r2 r3 r4 r5"]


def test_clu_4_hidden_nodes_count_towards_the_five() -> None:
    source = MemorySource.drawn(fan("a1", 1, 5))
    drawing = drawing_of(source, "a1", extracted=("run-2",), hidden=("run-2",))
    assert levels(drawing) == ["+0: a1", "+1: [4 train]"]
    assert [card.key for card in drawing.hidden] == ["run-2"]


def test_clu_4_the_key_of_a_cluster_does_not_change_when_a_member_leaves() -> None:
    source = MemorySource.drawn(lines(fan("a1", 1, 6), *(f"r{n} --> a{n + 10}" for n in range(1, 7))))
    before = {key for key in drawing_of(source, "a1").cards if key.startswith("cluster")}
    after = {key for key in drawing_of(source, "a1", extracted=("run-2",)).cards if key.startswith("cluster")}
    assert before == after


def test_clu_3_an_extracted_member_brings_its_own_edges() -> None:
    source = MemorySource.drawn(lines(fan("a1", 1, 5), "r2 --> a9"))
    assert arrows(drawing_of(source, "a1")) == ["[5 train] -> a9", "a1 -> [5 train] x5"]
    assert arrows(drawing_of(source, "a1", extracted=("run-2",))) == ["a1 -> [4 train] x4", "a1 -> r2", "r2 -> a9"]


def test_clu_7_expand_draws_the_members_of_one_cluster_in_place() -> None:
    source = MemorySource.drawn(lines(fan("a1", 1, 6), fan("r6", 11, 6, "a")))
    key = cluster_key(source, "a1")
    drawing = drawing_of(source, "a1", expanded=(key,))
    assert levels(drawing) == ["+0: a1", "+1: r1 r2 r3 r4 r5 r6", "+2: [6 dataset]"]


def test_clu_7_expand_reads_a_large_cluster_up_to_the_drawing_budget_and_says_how_many_are_left() -> None:
    source = MemorySource.drawn(fan("a1", 1, 3000))
    drawing = drawing_of(source, "a1", expanded=(cluster_key(source, "a1"),))
    left = next(card for card in drawing.cards.values() if card.cluster)
    assert len(drawing.cards) == 2000
    assert left.count == 3000 - (len(drawing.cards) - 2)


def test_clu_7_the_budget_is_shared_by_what_is_expanded() -> None:
    #  two datasets with 1,500 readers each, and 30 readers of another job type
    jobs = {f"r{n}": "audit" for n in range(9001, 9031)}
    source = MemorySource.drawn(
        lines("r1 --> a1,a2", fan("a1", 2000, 1500), fan("a2", 5000, 1500), fan("a1", 9001, 30)), **jobs
    )
    drawing = drawing_of(source, "r1", expand=True)
    assert 1990 <= len(drawing.cards) <= 2000
    assert sum(name(card).startswith("r9") for card in drawing.cards.values()) == 30
    assert drawing.is_lower_bound


def test_expand_groups_nothing_within_the_budget() -> None:
    source = MemorySource.drawn(fan("a1", 1, 300))
    assert len(drawing_of(source, "a1", expand=True).cards) == 301


def test_a_level_of_two_hundred_is_exact_and_goes_on_whole() -> None:
    source = MemorySource.drawn(lines(fan("a1", 1, 200), *(f"r{n} --> a{n + 1000}" for n in range(1, 201))))
    drawing = drawing_of(source, "a1")
    assert levels(drawing) == ["+0: a1", "+1: [200 train]", "+2: [200 dataset]"]
    assert not drawing.is_lower_bound


def test_a_larger_level_is_grouped_by_type_and_what_follows_is_a_lower_bound() -> None:
    source = MemorySource.drawn(lines(fan("a1", 1, 201), *(f"r{n} --> a{n + 1000}" for n in range(1, 202))))
    drawing = drawing_of(source, "a1")
    assert levels(drawing) == ["+0: a1", "+1: [201 train]", "+2: [20+ dataset]"]
    assert drawing.is_lower_bound
