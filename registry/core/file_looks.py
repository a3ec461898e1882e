"""What a file's bytes can be shown as: text, an image, a table. Everything else is refused in words.

The name only chooses between text and table; what an image is, its first bytes say. Nothing is opened as an archive,
a pickle, HTML or SVG.
"""

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

from registry.core.json_rows import plain_text

MOST_TEXT_BYTES = 1 << 20
MOST_TABLE_BYTES = 5 << 20
MOST_IMAGE_BYTES = 20 << 20
MOST_COLUMNS = 100
ROWS_SHOWN = 100
_LONGEST_CELL = 200
_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_TABLES = (".table.json", ".csv", ".tsv")


@dataclass(frozen=True, slots=True)
class FileLook:
    """One way to show a file. `refusal` says why there is none; then the rest is empty."""

    text: str | None = None
    image: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    row_count: int = 0
    refusal: str = ""

    @property
    def is_table(self) -> bool:
        return bool(self.columns)


def image_type(head: bytes) -> str:
    """Return the media type that the first bytes of a PNG, JPEG, GIF or WebP tell; empty for anything else."""
    for start, kind in _IMAGES:
        if head.startswith(start):
            return kind
    return "image/webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else ""


def most_bytes(name: str, head: bytes) -> int:
    """Return how large a file of this name and beginning may be to be shown."""
    if image_type(head):
        return MOST_IMAGE_BYTES
    return MOST_TABLE_BYTES if name.lower().endswith(_TABLES) else MOST_TEXT_BYTES


def look_of(name: str, content: bytes) -> FileLook:
    """Return how a file of at most `most_bytes` is shown."""
    if kind := image_type(content[:16]):
        return FileLook(image=kind)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return FileLook(refusal="It is neither text nor an image of a known kind.")
    if "\x00" in text:
        return FileLook(refusal="It is neither text nor an image of a known kind.")
    lower = name.lower()
    if lower.endswith(".table.json"):
        return _json_table(text)
    if lower.endswith((".csv", ".tsv")):
        return _separated(text, "\t" if lower.endswith(".tsv") else ",")
    return FileLook(text=text)


def _json_table(text: str) -> FileLook:
    try:
        parsed = json.loads(text, parse_constant=str)
    except (ValueError, RecursionError):
        return FileLook(refusal="It is not valid JSON.")
    columns = parsed.get("columns") if isinstance(parsed, dict) else None
    rows = parsed.get("data") if isinstance(parsed, dict) else None
    if not isinstance(columns, list) or not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return FileLook(refusal="It does not have the form of a table: a list of columns and a list of rows.")
    return _table(columns, rows)


def _separated(text: str, separator: str) -> FileLook:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        return FileLook(refusal=f"It cannot be read as a table: {error}.")
    if not rows or not rows[0]:
        return FileLook(text=text)
    return _table(rows[0], rows[1:])


def _table(columns: list[Any], rows: list[list[Any]]) -> FileLook:
    if not columns:
        return FileLook(refusal="It is a table without columns.")
    widest = max(len(columns), max((len(row) for row in rows[:ROWS_SHOWN]), default=0))
    if widest > MOST_COLUMNS:
        return FileLook(refusal=f"It has {widest:,} columns; tables of up to {MOST_COLUMNS} are shown.")
    return FileLook(
        columns=tuple(_cell(name) for name in columns),
        rows=tuple(
            tuple(_cell(value) for value in row) + ("",) * (len(columns) - len(row)) for row in rows[:ROWS_SHOWN]
        ),
        row_count=len(rows),
    )


def _cell(value: Any) -> str:
    try:
        text = plain_text(value)
    except RecursionError:
        return "(nested too deeply)"
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"
