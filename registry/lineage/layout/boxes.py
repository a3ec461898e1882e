"""What the layout is given and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

COLUMN_PITCH: Final = 258
ROW_PITCH: Final = 140
CARD_WIDTH: Final = 200
CARD_HEIGHT: Final = 52
ROW_HEIGHT: Final = 18
CLUSTER_WIDTH: Final = 212
CLUSTER_HEIGHT: Final = 74
GAP: Final = 26


def card_height(rows: int) -> int:
    """The height of a card with so many rows under its name."""
    return CARD_HEIGHT + rows * ROW_HEIGHT


@dataclass(frozen=True, slots=True)
class Box:
    """A node to place: its key, its signed level, and the side of its card that lies across the arrows."""

    key: str
    level: int
    height: float = CARD_HEIGHT


@dataclass(frozen=True, slots=True)
class Layout:
    """The middles of the boxes, their columns (the base's is 0), and the edges that close a cycle."""

    positions: Mapping[str, tuple[float, float]]
    columns: Mapping[str, int]
    back_edges: frozenset[tuple[str, str]]
