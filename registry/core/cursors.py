"""Opaque paging cursors: base64 of `<kind>:<JSON list>`, refused when they come from another listing."""

import base64
import binascii
import json
from typing import TypeAlias

from registry.core.errors import InvalidInput

CursorValue: TypeAlias = str | int | None


def encode_cursor(kind: str, *values: CursorValue) -> str:
    return base64.urlsafe_b64encode(f"{kind}:{json.dumps(values)}".encode()).decode()


def decode_cursor(kind: str, cursor: str, length: int = 1) -> list[CursorValue]:
    """Return the values that `encode_cursor` took.

    Raises `InvalidInput` for a cursor that is garbled, of another kind, or of another length.
    """
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii")).decode()
        found, _, values = text.partition(":")
        parsed = json.loads(values)
    except (ValueError, binascii.Error, UnicodeError, RecursionError):
        raise InvalidInput("bad cursor") from None
    if found != kind or not isinstance(parsed, list) or len(parsed) != length:
        raise InvalidInput("bad cursor")
    if any(isinstance(value, bool) or not isinstance(value, str | int | None) for value in parsed):
        raise InvalidInput("bad cursor")
    if any(isinstance(value, int) and abs(value) >= 2**63 for value in parsed):
        raise InvalidInput("bad cursor")
    return parsed
