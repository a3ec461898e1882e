"""The drawing as an SVG file that stands alone: the same places, cards and arrows as on screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from registry.lineage.export.cards import card, size_of, text_at
from registry.lineage.export.courses import ARROW_GAP, Obstacle, Point, course, share_of
from registry.lineage.export.pills import HEIGHT as PILL_HEIGHT
from registry.lineage.export.pills import Pill, paint, pills_of, short
from registry.lineage.export.texts import xml_text
from registry.lineage.export.themes import Theme
from registry.lineage.picture import LegendEntry, Lineage, LineageEdge, LineageNode
from registry.lineage.view import Orientation

MARGIN: Final = 40
HEADER: Final = 44
FOOTER: Final = 34
NARROWEST: Final = 640
MOST_BENT: Final = 300
NUMBER_AT: Final = 22  # from the tip of a merged arrow to its number
NUMBER_STEP: Final = 15  # to the number of the next arrow that meets it
FONT: Final = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif"
# of a cluster's card, the upper one is what the arrows touch
UPPER_CARD: Final = -5


def as_svg(lineage: Lineage, *, title: str, theme: Theme) -> str:
    """Draw everything; the foot says how much of the lineage it is."""
    pills = pills_of(lineage)
    boxes = [(node.x, node.y, *size_of(node)) for node in lineage.nodes]
    boxes += [(pill.x, pill.y, pill.width, PILL_HEIGHT) for pill in pills]
    left = min(x - width / 2 for x, _, width, _ in boxes) - MARGIN
    right = max(x + width / 2 for x, _, width, _ in boxes) + MARGIN
    top = min(y - height / 2 for _, y, _, height in boxes) - MARGIN - HEADER
    bottom = max(y + height / 2 for _, y, _, height in boxes) + MARGIN + FOOTER
    if lineage.orientation is Orientation.DOWN:
        left -= 80
    right = max(right, left + NARROWEST)
    width, height = right - left, bottom - top
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="{left:g} {top:g} {width:g} {height:g}" role="img" font-family="{FONT}">'
    )
    parts = [
        head,
        f"<title>{xml_text(title)}</title>",
        f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" fill="{theme.canvas}"/>',
        *_headers(lineage, theme, left + 16, top + 28),
        *_Arrows(lineage, pills, theme).paint(),
        *(paint(pill, theme, lineage.orientation) for pill in pills),
        *(card(node, theme) for node in lineage.nodes),
        text_at(_foot(lineage), (left + 16, bottom - 14), 11.5, theme.quiet),
        *_legend(lineage.legend, theme, right - 16, bottom - 14),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _foot(lineage: Lineage) -> str:
    bound = "≥ " if lineage.total_is_lower_bound else ""
    return f"{lineage.visible:,} of {bound}{lineage.total:,} nodes shown"


def _headers(lineage: Lineage, theme: Theme, left: float, top: float) -> list[str]:
    is_down = lineage.orientation is Orientation.DOWN
    anchor = "" if is_down else ' text-anchor="middle"'
    return [
        text_at(
            f"{header.label} · {header.text}",
            (left, header.x) if is_down else (header.x, top),
            11.5,
            theme.quiet,
            anchor,
        )
        for header in lineage.levels
    ]


class _Arrows:
    """The arrows of one drawing, bent as in the browser; in larger pictures they are straight, as on screen."""

    def __init__(self, lineage: Lineage, pills: Sequence[Pill], theme: Theme) -> None:
        self.lineage = lineage
        self.theme = theme
        self.way = lineage.orientation
        self.nodes = {node.key: node for node in lineage.nodes}
        is_bent = len(self.nodes) <= MOST_BENT
        self.cards = [_obstacle(node, self.way) for node in lineage.nodes] if is_bent else None
        self.fan_out = Counter(edge.source for edge in lineage.edges)
        self.fan_out.update(pill.node.key for pill in pills if pill.sign > 0)
        self.fan_in = Counter(edge.target for edge in lineage.edges)
        self.fan_in.update(pill.node.key for pill in pills if pill.sign < 0)
        self.numbered: Counter[str] = Counter()

    def paint(self) -> list[str]:
        return [self._arrow(edge) for edge in self.lineage.edges]

    def _arrow(self, edge: LineageEdge) -> str:
        theme, way = self.theme, self.way
        start, end = _port(self.nodes[edge.source], 1, way), _port(self.nodes[edge.target], -1, way)
        end = Point(end.along - ARROW_GAP, end.across)
        share = share_of(self.fan_out[edge.source], self.fan_in[edge.target])
        points = [start, start, end, end] if self.cards is None else course(start, end, self.cards, share)
        dash = ' stroke-dasharray="1 4" stroke-linecap="round"' if edge.via_hidden else ""
        dash = dash or (' stroke-dasharray="6 4"' if edge.is_back else "")
        faint = ' opacity=".6"' if edge.is_extended else ""
        width = 2 if edge.count > 1 or edge.via_hidden else 1.25
        line = f'<path d="{_path(points, way)}" fill="none" stroke="{theme.edge}" stroke-width="{width}"{dash}{faint}/>'
        x, y = _on_screen(end, way)
        tip = f"M{x:g} {y:g}l-4 -7h8z" if way is Orientation.DOWN else f"M{x:g} {y:g}l-7 -4v8z"
        return f'{line}<path d="{tip}" fill="{theme.edge}"{faint}/>' + self._label(edge, start, end)

    def _label(self, edge: LineageEdge, start: Point, end: Point) -> str:
        """The number of a merged arrow stands before its tip, aside of others there; that of hidden nodes midway."""
        if edge.via_hidden:
            text, place = f"via {short(edge.via_hidden)} hidden", _middle(start, end)
        elif edge.count > 1:
            aside = NUMBER_STEP * self.numbered[edge.target] * (1 if start.across > end.across else -1)
            self.numbered[edge.target] += 1
            text, place = short(edge.count), Point(end.along - NUMBER_AT, end.across + aside)
        else:
            return ""
        x, y = _on_screen(place, self.way)
        canvas = self.theme.canvas
        style = f' font-weight="600" text-anchor="middle" stroke="{canvas}" stroke-width="4" paint-order="stroke"'
        return text_at(text, (x, y + 4), 11, self.theme.quiet, style)


def _obstacle(node: LineageNode, way: Orientation) -> Obstacle:
    width, height = size_of(node)
    if way is Orientation.DOWN:
        return Obstacle(node.y, node.x, height / 2, width / 2)
    return Obstacle(node.x, node.y, width / 2, height / 2)


def _port(node: LineageNode, sign: int, way: Orientation) -> Point:
    width, height = size_of(node)
    ring = 5 if node.is_base else 0
    if way is Orientation.DOWN:
        # a cluster's lower cards end above the foot of its box
        return Point(node.y + sign * (height / 2 + ring), node.x)
    return Point(node.x + sign * (width / 2 + ring), node.y + (UPPER_CARD if node.is_cluster else 0))


def _on_screen(point: Point, way: Orientation) -> tuple[float, float]:
    return (point.across, point.along) if way is Orientation.DOWN else (point.along, point.across)


def _path(points: Sequence[Point], way: Orientation) -> str:
    places = [f"{x:g} {y:g}" for x, y in (_on_screen(point, way) for point in points)]
    return f"M{places[0]}C{' '.join(places[1:])}"


def _middle(start: Point, end: Point) -> Point:
    return Point((start.along + end.along) / 2, (start.across + end.across) / 2)


def _legend(entries: Sequence[LegendEntry], theme: Theme, right: float, y: float) -> list[str]:
    texts = "   ".join(
        f'<tspan fill="{theme.palette[entry.colour - 1]}">■</tspan> {xml_text(entry.value)} {entry.count}'
        for entry in entries
    )
    style = f'font-size="11.5" fill="{theme.quiet}" text-anchor="end" xml:space="preserve"'
    return [f'<text x="{right:g}" y="{y:g}" {style}>{texts}</text>'] if entries else []
