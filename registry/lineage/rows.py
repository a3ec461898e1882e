"""Which further rows a card shows under its type and name, and how they are written."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Final, NamedTuple, Protocol

from registry.lineage.graph import Kind

NOT_RECORDED: Final = "not recorded"
LONGEST_TEXT: Final = 80


class Row(enum.StrEnum):
    """What a row tells, in the order of the card."""

    STATE = "state"
    CREATED = "created"
    DURATION = "duration"
    AUTHOR = "author"
    SIZE = "size"
    DESCRIPTION = "description"


# what a kind has nothing to say about takes no room on its cards
KINDS: Final = {
    Row.STATE: (Kind.RUN,),
    Row.CREATED: (Kind.ARTIFACT, Kind.RUN),
    Row.DURATION: (Kind.RUN,),
    Row.AUTHOR: (Kind.ARTIFACT, Kind.RUN),
    Row.SIZE: (Kind.ARTIFACT,),
    Row.DESCRIPTION: (Kind.ARTIFACT, Kind.RUN),
}


class CardRow(NamedTuple):
    """One row of one card."""

    row: Row
    text: str


class HasRows(Protocol):
    """A card."""

    @property
    def rows(self) -> tuple[CardRow, ...]: ...


def rows_of(kind: Kind | None, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows that cards of a kind show of those that are asked for; placeholders, which have no kind, show none."""
    return tuple(row for row in Row if row in rows and kind in KINDS[row])


def told_rows(cards: Iterable[HasRows]) -> tuple[Row, ...]:
    """The rows that any of the cards shows, but the state, which files have anyway."""
    found = {row.row for card in cards for row in card.rows} - {Row.STATE}
    return tuple(row for row in Row if row in found)


def written(text: str) -> str:
    """The first line of `text`, for a row, without the marks of a Markdown heading; a missing value says so."""
    line = text.strip().partition("\n")[0].lstrip("#").strip()
    return f"{line[: LONGEST_TEXT - 1]}…" if len(line) > LONGEST_TEXT else line or NOT_RECORDED
