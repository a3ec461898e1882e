"""Free text and JSON from outside, made storable on both databases alike.

SQLite accepts NUL, lone surrogates and numbers that PostgreSQL refuses; this is the one place that decides.
"""

import json
from typing import Any

from registry.core.errors import InvalidInput, TooLarge

MAX_TEXT = 1 << 20
MAX_JSON_DEPTH = 64


def clean_text(what: str, text: object, limit: int = MAX_TEXT) -> str:
    """Return the text unchanged, or raise when a database would refuse or silently change it."""
    if not isinstance(text, str):
        raise InvalidInput(f"{what} must be text.")
    if len(text) > limit:
        raise TooLarge(f"{what} is longer than {limit} characters.")
    if "\x00" in text:
        raise InvalidInput(f"{what} must not contain NUL.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidInput(f"{what} is not valid Unicode text.") from None
    return text


def clean_json(what: str, text: object, limit: int = MAX_TEXT) -> Any:
    """Parse JSON text of at most `limit` characters and 64 levels.

    NaN and the infinities, which the SDK writes for such metrics, become the strings "NaN", "Infinity" and
    "-Infinity": JSON has no numbers for them and PostgreSQL refuses them.
    """
    if not isinstance(text, str):
        raise InvalidInput(f"{what} must be JSON text.")
    if len(text) > limit:
        raise TooLarge(f"{what} is larger than {limit} characters.")
    try:
        parsed = json.loads(text, parse_constant=str)
    except (ValueError, RecursionError):
        raise InvalidInput(f"{what} is not valid JSON.") from None
    return clean_value(what, parsed)


def clean_value(what: str, parsed: Any) -> Any:
    """Check a parsed JSON value: depth, strings and numbers that both databases can store."""
    _check(what, parsed, MAX_JSON_DEPTH)
    return parsed


def _check(what: str, node: Any, depth: int) -> None:
    if depth < 0:
        raise InvalidInput(f"{what} is nested deeper than {MAX_JSON_DEPTH} levels.")
    if isinstance(node, str):
        clean_text(what, node)
    elif isinstance(node, dict):
        for name, inner in node.items():
            clean_text(what, name)
            _check(what, inner, depth - 1)
    elif isinstance(node, list):
        for inner in node:
            _check(what, inner, depth - 1)
    elif (isinstance(node, float) and node in (float("inf"), float("-inf"))) or (isinstance(node, int) and not isinstance(node, bool) and abs(node) >= 10**300):
        raise InvalidInput(f"{what} contains a number that is too large.")
