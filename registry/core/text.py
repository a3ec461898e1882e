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


def storable_text(text: str) -> str:
    """Return the text with what a database would refuse replaced by U+FFFD, for streams that must not be refused."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def storable_value(parsed: Any, depth: int = MAX_JSON_DEPTH) -> Any:
    """Return a parsed JSON value that both databases take: deeper levels and huge numbers become text."""
    if isinstance(parsed, str):
        return storable_text(parsed)
    if isinstance(parsed, dict | list) and depth == 0:
        return "(nested too deeply)"
    if isinstance(parsed, dict):
        return {storable_text(key): storable_value(inner, depth - 1) for key, inner in parsed.items()}
    if isinstance(parsed, list):
        return [storable_value(inner, depth - 1) for inner in parsed]
    return "(number too large)" if _is_huge(parsed) else parsed


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


def json_object(line: str) -> dict[str, Any]:
    """Return a line of JSON that a run streamed, empty when it is no object: streams are kept as they come."""
    try:
        # the SDK writes NaN and Infinity, which JSON does not have
        parsed = json.loads(line, parse_constant=str)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


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
    elif _is_huge(node):
        raise InvalidInput(f"{what} contains a number that is too large.")


def _is_huge(number: Any) -> bool:
    if isinstance(number, float):
        return number in (float("inf"), float("-inf"))
    return isinstance(number, int) and abs(number) >= 10**300
