"""Differences between JSON values, leaf by leaf."""

import pytest

from registry.core.json_diff import diff_json


def told(left: object, right: object) -> list[tuple[str, str, str | None, str | None]]:
    return [(one.path, one.change, one.left, one.right) for one in diff_json(left, right).changes]


def test_leaves_are_added_removed_and_changed() -> None:
    before = {"lr": 0.001, "old": "x", "deep": {"a": 1, "b": 2}}
    after = {"lr": 0.0008, "new": True, "deep": {"a": 1, "b": 3}}
    assert told(before, after) == [
        ("deep.b", "changed", "2", "3"),
        ("lr", "changed", "0.001", "0.0008"),
        ("new", "added", None, "true"),
        ("old", "removed", "x", None),
    ]
    assert diff_json(before, after).same_count == 1


@pytest.mark.parametrize(
    ("left", "right", "is_same"),
    [(1, 1.0, True), (1, True, False), ([1], [True], False), ([], {}, False), (None, None, True), ("1", 1, False)],
)
def test_what_counts_as_the_same(left: object, right: object, is_same: bool) -> None:
    assert (not told({"k": left}, {"k": right})) is is_same


def test_a_key_with_a_dot_is_not_a_branch() -> None:
    assert diff_json({"a.b": 1}, {"a": {"b": 1}}).change_count == 2


def test_long_texts_that_differ_at_their_end_differ() -> None:
    assert diff_json({"k": "x" * 5000 + "a"}, {"k": "x" * 5000 + "b"}).change_count == 1


def test_lists_of_objects_are_compared_by_place() -> None:
    rows = [{"n": number} for number in range(12)]
    assert [path for path, *_ in told({"k": rows}, {"k": [*rows[:10], {"n": 99}, rows[11]]})] == ["k.0010.n"]


def test_it_is_cut_with_the_count_of_all() -> None:
    diff = diff_json({}, {str(number): number for number in range(700)})
    assert (len(diff.changes), diff.change_count) == (500, 700)


def test_empty_values_are_leaves_and_empty_metadata_has_none() -> None:
    assert told({}, {"k": {}}) == [("k", "added", None, "{}")]
    assert diff_json({}, {}).same_count == 0
