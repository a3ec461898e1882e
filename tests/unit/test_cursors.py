"""Paging cursors and ids from outside: rows G10 and G11."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.core.cursors import decode_cursor, encode_cursor
from registry.core.errors import InvalidInput
from registry.core.global_ids import decode_id, encode_id, referenced_artifact


@given(st.text(), st.integers(-(2**63) + 1, 2**63 - 1))
def test_a_cursor_comes_back(name: str, number: int) -> None:
    assert decode_cursor("runs", encode_cursor("runs", name, number), 2) == [name, number]


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_g10_garbage_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="bad cursor"):
        decode_cursor("runs", text)


@pytest.mark.parametrize(
    "cursor",
    [
        encode_cursor("artifacts", 1),
        encode_cursor("runs", 1, 2),
        base64.urlsafe_b64encode(b"runs:[true]").decode(),
        base64.urlsafe_b64encode(b"runs:[1.5]").decode(),
        base64.urlsafe_b64encode(b"runs:[9223372036854775808]").decode(),
        base64.urlsafe_b64encode(b"runs:{}").decode(),
    ],
    ids=["other listing", "other length", "bool", "float", "over 64 bits", "object"],
)
def test_g10_a_cursor_of_something_else_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput, match="bad cursor"):
        decode_cursor("runs", cursor)


@given(st.integers(0, 2**63 - 1))
def test_an_id_comes_back_and_is_standard_base64(number: int) -> None:
    text = encode_id("Artifact", number)
    assert base64.b64decode(text, validate=True)
    assert decode_id("Artifact", text) == number
    assert decode_id("Run", text) is None
    assert referenced_artifact(f"wandb-artifact://{base64.b64decode(text).hex()}/path") == number


@given(st.text())
def test_g11_garbage_is_no_id(text: str) -> None:
    assert decode_id("Artifact", text) is None
    assert referenced_artifact(text) is None
