"""The pills beside cards whose neighbours lie beyond the hops: "+12 up". Where the browser puts them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from registry.lineage.export.cards import size_of, text_at
from registry.lineage.export.themes import Theme
from registry.lineage.layout.boxes import CLUSTER_WIDTH
from registry.lineage.picture import Lineage, LineageNode
from registry.lineage.view import Orientation

WIDE: Final = 64
NARROW: Final = 38
HEIGHT: Final = 22
GAP: Final = 12
COLUMN_GAP: Final = 58
# the middle of a cluster's upper card
CLUSTER_MIDDLE: Final = -5
MANY: Final = 10_000


class Pill(NamedTuple):
    """A pill by its middle; `sign` is -1 before its card and 1 after it."""

    node: LineageNode
    sign: int
    x: float
    y: float
    width: int
    text: str


def pills_of(lineage: Lineage) -> list[Pill]:
    """The pills of a picture."""
    place = _below if lineage.orientation is Orientation.DOWN else _beside
    return [
        place(node, sign, count, word, lineage.nodes)
        for node in lineage.nodes
        for sign, count, word in ((-1, node.frontier_up, "up"), (1, node.frontier_down, "down"))
        if count
    ]


def short(count: int) -> str:
    """A number for a narrow place."""
    return str(count) if count < MANY else f"{count // 1000}k"


def paint(pill: Pill, theme: Theme, orientation: Orientation) -> str:
    """A pill with the line to its card."""
    left, top = pill.x - pill.width / 2, pill.y - HEIGHT / 2
    style = f'fill="none" stroke="{theme.edge}" stroke-width="1.25" stroke-dasharray="3 3"'
    shape = (
        f'<rect x="{left:g}" y="{top:g}" width="{pill.width}" height="{HEIGHT}" rx="11" fill="{theme.canvas}" '
        f'stroke="{theme.control}" stroke-dasharray="4 3"/>'
    )
    text = text_at(pill.text, (pill.x, pill.y + 4), 11.5, theme.plain[0], ' font-weight="500" text-anchor="middle"')
    return f'<polyline points="{" ".join(_line(pill, orientation))}" {style}/>{shape}{text}'


def _line(pill: Pill, orientation: Orientation) -> Iterator[str]:
    width, height = size_of(pill.node)
    if orientation is Orientation.DOWN:
        yield f"{pill.x:g},{pill.y - pill.sign * HEIGHT / 2:g}"
        yield f"{pill.x:g},{pill.node.y + pill.sign * height / 2:g}"
    else:
        yield f"{pill.x - pill.sign * pill.width / 2:g},{pill.y:g}"
        yield f"{pill.node.x + pill.sign * width / 2:g},{pill.y:g}"


def _beside(node: LineageNode, sign: int, count: int, word: str, nodes: Collection[LineageNode]) -> Pill:
    """Narrow where the pill would cover another card."""
    half = size_of(node)[0] / 2
    wide = node.x + sign * (half + GAP + WIDE / 2)
    y = node.y + (CLUSTER_MIDDLE if node.is_cluster else 0)
    is_covering = any(
        other is not node and abs(other.x - wide) < (CLUSTER_WIDTH + WIDE) / 2 and abs(other.y - node.y) < 48
        for other in nodes
    )
    if is_covering:
        return Pill(node, sign, node.x + sign * (half + COLUMN_GAP / 2), y, NARROW, f"+{short(count)}")
    return Pill(node, sign, wide, y, WIDE, f"+{short(count)} {word}")


def _below(node: LineageNode, sign: int, count: int, word: str, _: Collection[LineageNode]) -> Pill:
    y = node.y + sign * (size_of(node)[1] / 2 + GAP + HEIGHT / 2)
    return Pill(node, sign, node.x, y, WIDE, f"+{short(count)} {word}")
