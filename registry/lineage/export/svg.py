"""The drawing as an SVG file that stands alone: the same places, cards and arrows as on screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from registry.lineage.export.cards import card, size_of, text_at
from registry.lineage.export.courses import ARROW_GAP, Obstacle, Point, course
from registry.lineage.export.texts import xml_text
from registry.lineage.export.themes import Theme
from registry.lineage.picture import LegendEntry, Lineage, LineageEdge, LineageNode
from registry.lineage.view import Orientation

MARGIN: Final = 40
HEADER: Final = 44
FOOTER: Final = 34
NARROWEST: Final = 640
MOST_BENT: Final = 300
FONT: Final = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif"
# of a cluster's card, the upper one is what the arrows touch
UPPER_CARD: Final = -5


def as_svg(lineage: Lineage, *, title: str, theme: Theme) -> str:
    """Draw everything; the foot says how much of the lineage it is."""
    boxes = [(node, *size_of(node)) for node in lineage.nodes]
    left = min(node.x - width / 2 for node, width, _ in boxes) - MARGIN
    right = max(node.x + width / 2 for node, width, _ in boxes) + MARGIN
    top = min(node.y - height / 2 for node, _, height in boxes) - MARGIN - HEADER
    bottom = max(node.y + height / 2 for node, _, height in boxes) + MARGIN + FOOTER
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
        *_arrows(lineage, theme),
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


def _arrows(lineage: Lineage, theme: Theme) -> list[str]:
    way = lineage.orientation
    nodes = {node.key: node for node in lineage.nodes}
    # in larger pictures arrows are straight, here as on screen
    cards = [_obstacle(node, way) for node in lineage.nodes] if len(nodes) <= MOST_BENT else None
    return [_arrow(edge, nodes, cards, theme, way) for edge in lineage.edges]


def _obstacle(node: LineageNode, way: Orientation) -> Obstacle:
    width, height = size_of(node)
    if way is Orientation.DOWN:
        return Obstacle(node.y, node.x, height / 2, width / 2)
    return Obstacle(node.x, node.y, width / 2, height / 2)


def _arrow(
    edge: LineageEdge, nodes: dict[str, LineageNode], cards: Sequence[Obstacle] | None, theme: Theme, way: Orientation
) -> str:
    start, end = _port(nodes[edge.source], 1, way), _port(nodes[edge.target], -1, way)
    end = Point(end.along - ARROW_GAP, end.across)
    points = [start, start, end, end] if cards is None else course(start, end, cards)
    dash = ' stroke-dasharray="1 4" stroke-linecap="round"' if edge.via_hidden else ""
    dash = dash or (' stroke-dasharray="6 4"' if edge.is_back else "")
    faint = ' opacity=".6"' if edge.is_extended else ""
    width = 2 if edge.count > 1 or edge.via_hidden else 1.25
    line = f'<path d="{_path(points, way)}" fill="none" stroke="{theme.edge}" stroke-width="{width}"{dash}{faint}/>'
    x, y = _on_screen(end, way)
    tip = f"M{x:g} {y:g}l-4 -7h8z" if way is Orientation.DOWN else f"M{x:g} {y:g}l-7 -4v8z"
    label = f"via {edge.via_hidden} hidden" if edge.via_hidden else f"{edge.count:,}" if edge.count > 1 else ""
    return f'{line}<path d="{tip}" fill="{theme.edge}"{faint}/>' + _label(label, end, theme, way)


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


def _label(text: str, end: Point, theme: Theme, way: Orientation) -> str:
    if not text:
        return ""
    x, y = _on_screen(Point(end.along - 22, end.across), way)
    return text_at(
        text,
        (x, y + 4),
        11,
        theme.quiet,
        f' font-weight="600" text-anchor="middle" stroke="{theme.canvas}" stroke-width="4" paint-order="stroke"',
    )


def _legend(entries: Sequence[LegendEntry], theme: Theme, right: float, y: float) -> list[str]:
    texts = "   ".join(
        f'<tspan fill="{theme.palette[entry.colour - 1]}">■</tspan> {xml_text(entry.value)} {entry.count}'
        for entry in entries
    )
    style = f'font-size="11.5" fill="{theme.quiet}" text-anchor="end" xml:space="preserve"'
    return [f'<text x="{right:g}" y="{y:g}" {style}>{texts}</text>'] if entries else []
