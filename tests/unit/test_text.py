"""Text and JSON made storable on both databases alike (rule R3, row G12)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.core.errors import InvalidInput, TooLarge
from registry.core.text import clean_json, clean_text, storable_text, storable_value

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_text_that_can_be_stored_is_unchanged() -> None:
    for text in ("", "a", "日本\n\t", "</script><!--\u2028", "e\u0301"):
        assert clean_text("x", text) == text
        assert storable_text(text) == text


def test_text_that_no_database_takes() -> None:
    for text in ("a\0", "\ud800", 5, None):
        with pytest.raises(InvalidInput):
            clean_text("x", text)
    with pytest.raises(TooLarge):
        clean_text("x", "aa", limit=1)


@given(st.text(st.characters()))
def test_storable_text_can_be_stored(text: str) -> None:
    assert clean_text("x", storable_text(text)) is not None


@given(ANYTHING)
def test_storable_json_can_be_stored(value: object) -> None:
    stored = storable_value(json.loads(json.dumps(value), parse_constant=str))
    assert clean_json("x", json.dumps(stored)) == stored


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1,]", '"\\u0000"', '"\\ud800"', '{"\\u0000": 1}', "1" + "0" * 400, "1e999", "[" * 100 + "]" * 100],
)
def test_g12_json_that_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        clean_json("x", text)


def test_g12_json_that_is_taken() -> None:
    assert clean_json("x", '{"a": [NaN, Infinity, -Infinity, 1.5, null]}') == {
        "a": ["NaN", "Infinity", "-Infinity", 1.5, None]
    }
    with pytest.raises(TooLarge):
        clean_json("x", "[" + "1," * 600_000 + "1]")
