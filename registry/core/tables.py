"""Rows as CSV that a spreadsheet may open."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

# a cell that begins so is a formula to a spreadsheet
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the head and the rows, one line each. Text that would be read as a formula gets a `'` before it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for cells in _with_head(columns, rows):
        writer.writerow(cells)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _with_head(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> Iterator[Sequence[Any]]:
    yield columns
    for row in rows:
        yield [_cell(row[column]) for column in columns]


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
