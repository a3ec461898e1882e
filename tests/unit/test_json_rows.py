"""JSON as rows of a table."""

from registry.core.json_rows import LONGEST_TEXT, JsonRow, flatten, plain_text, tree_rows


def test_leaves_have_dotted_paths_in_order() -> None:
    value = {"b": 1, "a": {"x": True, "y": None}, "c": ["p", "q"], "d": [{"n": 1}], "e": {}}
    assert [(row.path, row.text) for row in flatten(value)] == [
        ("b", "1"),
        ("a.x", "true"),
        ("a.y", "null"),
        ("c", '["p", "q"]'),
        ("d.0.n", "1"),
        ("e", "{}"),
    ]


def test_a_tree_has_its_branches_too() -> None:
    assert tree_rows({"a": {"x": 1}}) == (
        JsonRow(0, "a", "a", "1 value", is_branch=True),
        JsonRow(1, "x", "a.x", "1"),
    )


def test_rows_are_bounded() -> None:
    assert len(flatten({str(number): number for number in range(2000)}, most=7)) == 7


def test_an_empty_key_is_a_key() -> None:
    assert [row.text for row in flatten({"": "nameless"})] == ["nameless"]


def test_what_is_no_mapping_has_no_rows() -> None:
    assert flatten({}) == flatten(None) == flatten("text") == ()


def test_long_text_is_cut_and_unicode_is_kept() -> None:
    assert plain_text("x" * 1000) == "x" * (LONGEST_TEXT - 1) + "…"
    assert plain_text(["動"]) == '["動"]'
