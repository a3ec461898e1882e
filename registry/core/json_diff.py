"""The differences between two JSON values, leaf by leaf."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from registry.core.json_rows import plain_text

_MISSING = object()


@dataclass(frozen=True, slots=True)
class LeafChange:
    """A leaf that differs: `added` is on the right only, `removed` on the left only. A side without it is None."""

    path: str
    change: str
    left: str | None
    right: str | None


@dataclass(frozen=True, slots=True)
class JsonDiff:
    """The leaves that differ, in order of their paths, and how many there are; `same_count` leaves are equal."""

    changes: tuple[LeafChange, ...]
    change_count: int
    same_count: int


def diff_json(left: Any, right: Any, *, most: int = 500) -> JsonDiff:
    """Compare two parsed JSON values; returns at most `most` changes beside the counts.

    1 and 1.0 are equal, 1 and true are not. Lists of plain values are one leaf.
    """
    before, after = dict(_leaves(left, ())), dict(_leaves(right, ()))
    changes = []
    same = 0
    for path in sorted({*before, *after}):
        old, new = before.get(path, _MISSING), after.get(path, _MISSING)
        if _is_equal(old, new):
            same += 1
        else:
            changes.append((path, old, new))
    shown = tuple(_change(path, old, new) for path, old, new in changes[:most])
    return JsonDiff(shown, len(changes), same)


def _change(path: tuple[str, ...], old: Any, new: Any) -> LeafChange:
    change = "added" if old is _MISSING else "removed" if new is _MISSING else "changed"
    return LeafChange(
        ".".join(path),
        change,
        None if old is _MISSING else plain_text(old),
        None if new is _MISSING else plain_text(new),
    )


def _is_equal(old: Any, new: Any) -> bool:
    if isinstance(old, bool) is not isinstance(new, bool):
        return False
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_is_equal, old, new))
    return bool(old == new)


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict) and (value or not path):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, str(name)))
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, f"{index:04}" if len(value) > 9 else str(index)))
    else:
        yield path, value
