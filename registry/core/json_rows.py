"""JSON from outside as rows of a table."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

MOST_ROWS = 500
LONGEST_TEXT = 400


@dataclass(frozen=True, slots=True)
class JsonRow:
    """A value in a tree: how deep it stands, its key, its dotted path, and its text; no text for a branch."""

    depth: int
    key: str
    path: str
    text: str
    is_branch: bool = False


def flatten(value: Any, *, most: int = MOST_ROWS, start: int = 0, q: str = "") -> tuple[JsonRow, ...]:
    """Return the leaves by their dotted paths, in order, at most `most` of them from the `start`-th on.

    With `q` only those count whose path or text contains it, in upper or lower case alike.
    """
    word = q.casefold()
    leaves = (row for row in _walk(value, 0, "", "") if not row.is_branch and _matches(row, word))
    return tuple(islice(leaves, start, start + most))


def tree_rows(value: Any, *, most: int = MOST_ROWS, start: int = 0) -> tuple[JsonRow, ...]:
    """Return branches and leaves, each branch before what is in it, at most `most` rows from the `start`-th on."""
    return tuple(islice(_walk(value, 0, "", ""), start, start + most))


def _matches(row: JsonRow, word: str) -> bool:
    return word in row.path.casefold() or word in row.text.casefold()


def _walk(value: Any, depth: int, key: str, path: str) -> Iterator[JsonRow]:
    """Yield rows in order. Lists of plain values stay on one line."""
    if isinstance(value, dict) and value:
        inner = [(str(name), item) for name, item in value.items()]
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        inner = [(str(index), item) for index, item in enumerate(value)]
    else:
        if depth:
            yield JsonRow(depth - 1, key, path, plain_text(value))
        return
    if depth:
        yield JsonRow(depth - 1, key, path, f"{len(inner)} value{'' if len(inner) == 1 else 's'}", is_branch=True)
    for name, item in inner:
        yield from _walk(item, depth + 1, name, f"{path}.{name}" if depth else name)


def plain_text(value: Any) -> str:
    """Write a value for reading: text as it is, everything else as JSON, cut when it is very long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
