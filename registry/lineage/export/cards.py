"""The cards of a drawing as SVG, painted like the browser's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from registry.lineage.export.texts import BOLD, shorten, shorten_end, width_of, xml_text
from registry.lineage.export.themes import Theme
from registry.lineage.layout.boxes import (
    CARD_HEIGHT,
    CARD_WIDTH,
    CLUSTER_HEIGHT,
    CLUSTER_WIDTH,
    ROW_HEIGHT,
    card_height,
)
from registry.lineage.picture import LineageNode
from registry.lineage.rows import Row

TEXT_LEFT: Final = 50
RIGHT: Final = 192
NAME_WIDTH: Final = 142
MOST_BADGES: Final = 2
BADGE_GAP: Final = 4
SIGN_WIDTH: Final = 11
GLYPHS: Final = {
    "run": '<circle cx="8" cy="8" r="6.25"/><path d="M6.6 5.6v4.8L10.6 8z" fill="{ink}" stroke="none"/>',
    "artifact": '<path d="M8 1.75 13.5 4.9v6.2L8 14.25 2.5 11.1V4.9z"/><path d="M2.7 5 8 8l5.3-3M8 8v6"/>',
    "locked": '<rect x="3.25" y="7" width="9.5" height="6.5" rx="1.5"/><path d="M5.25 7V5a2.75 2.75 0 0 1 5.5 0v2"/>',
    "trash": '<path d="M2.5 4.25h11M6 4V2.5h4V4M4 4.25l.6 9.25h6.8l.6-9.25M6.7 7v4M9.3 7v4"/>',
    "clock": '<circle cx="8" cy="8" r="6.25"/><path d="M8 4.5V8l2.5 1.5"/>',
    "registry": '<rect x="2.25" y="2.25" width="3.25" height="11.5" rx=".8"/>'
    '<rect x="5.5" y="2.25" width="3.25" height="11.5" rx=".8"/><path d="m10.3 3.3 2-.5 2.5 10-2 .5z"/>',
    "search": '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.25 3.25"/>',
    "finished": '<path d="m3 8.5 3.25 3.25L13 5"/>',
    "failed": '<path d="m4 4 8 8M12 4l-8 8"/>',
    "running": '<path d="M8 1.75A6.25 6.25 0 1 1 1.75 8"/><circle cx="8" cy="8" r="2" fill="{ink}" stroke="none"/>',
}
ROW_GLYPHS: Final = {
    Row.STATE: GLYPHS["run"],
    Row.CREATED: '<rect x="2.5" y="3.5" width="11" height="10" rx="1.5"/><path d="M2.5 6.75h11M5.5 2v3M10.5 2v3"/>',
    Row.DURATION: '<path d="M4 2h8M4 14h8M5 2c0 4 6 4 6 6s-6 2-6 6M11 2c0 4-6 4-6 6s6 2 6 6"/>',
    Row.AUTHOR: '<circle cx="8" cy="5.25" r="2.75"/>'
    '<path d="M2.75 13.75c.5-3 2.5-4.25 5.25-4.25s4.75 1.25 5.25 4.25"/>',
    Row.SIZE: '<ellipse cx="8" cy="4" rx="5.25" ry="2"/>'
    '<path d="M2.75 4v8c0 1.1 2.35 2 5.25 2s5.25-.9 5.25-2V4M2.75 8c0 1.1 2.35 2 5.25 2s5.25-.9 5.25-2"/>',
    Row.DESCRIPTION: '<path d="M2.5 4h11M2.5 8h11M2.5 12h6.5"/>',
}
STATE_GLYPHS: Final = {
    "finished": "finished",
    "running": "running",
    "failed": "failed",
    "crashed": "failed",
    "killed": "failed",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A pill on a card: its text, its ink and its ground, and the sign before its text."""

    text: str
    colours: tuple[str, str]
    glyph: str = ""

    @property
    def width(self) -> float:
        return width_of(self.text, 10.5) + 8 + (SIGN_WIDTH if self.glyph else 0)


def size_of(node: LineageNode) -> tuple[int, int]:
    """The width and the height of a node's card."""
    return (CLUSTER_WIDTH, CLUSTER_HEIGHT) if node.is_cluster else (CARD_WIDTH, card_height(len(node.rows)))


def card(node: LineageNode, theme: Theme) -> str:
    """One card as a group at its place, with its full name as the title."""
    width, height = size_of(node)
    parts = "".join(_cluster(node, theme) if node.is_cluster else _single(node, theme))
    place = f"translate({node.x - width / 2:g} {node.y - height / 2:g})"
    kind = f"{node.type} " if node.type else ""
    return f'<g id="{node.key}" transform="{place}"><title>{xml_text(kind + node.name)}</title>{parts}</g>'


def text_at(text: str, place: tuple[float, float], size: float, colour: str, more: str = "") -> str:
    """One line of text whose base line starts at `place`."""
    x, y = place
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}"{more}>{xml_text(text)}</text>'


def _single(node: LineageNode, theme: Theme) -> Iterator[str]:
    yield from _ground(node, theme)
    yield _sign(node, theme, 11)
    right = float(RIGHT)
    if node.state in STATE_GLYPHS:
        ink = theme.danger if STATE_GLYPHS[node.state] == "failed" else theme.run[0]
        yield _glyph(GLYPHS[STATE_GLYPHS[node.state]], right - 14, 10, 13, ink)
        right -= 19
    kind = node.type.upper()
    badges = _fitting(_badges(node, theme), right - TEXT_LEFT - 4 - min(width_of(kind, 10.5), 62), theme)
    for badge in reversed(badges):
        right -= badge.width
        yield _pill(badge, right, 8)
        right -= BADGE_GAP
    kind = shorten(kind, right - TEXT_LEFT - 2, 10.5 * BOLD)
    yield text_at(kind, (TEXT_LEFT, 21), 10.5, theme.quiet, ' font-weight="600"')
    ink = theme.quiet if node.deleted_on or node.is_locked else theme.text
    yield text_at(shorten(node.name, NAME_WIDTH, 13), (TEXT_LEFT, 40), 13, ink, ' font-weight="500"')
    yield from _rows(node, theme, ink)
    if node.is_base:
        yield f'<rect x="12" y="-12" width="38" height="16" rx="8" fill="{theme.accent_fill}"/>'
        yield text_at("base", (31, -0.2), 10.5, theme.on_accent, ' font-weight="600" text-anchor="middle"')


def _ground(node: LineageNode, theme: Theme) -> Iterator[str]:
    """The card itself, the ring of the base, the stripe of a colour."""
    _, height = size_of(node)
    is_gone = bool(node.deleted_on) or node.is_locked
    dash = ' stroke-dasharray="4 3"' if node.is_locked else ' stroke-dasharray="1.5 2"' if is_gone else ""
    border = theme.accent if node.is_base else theme.control if is_gone else theme.card_border
    if node.is_base:
        yield (
            f'<rect x="-4" y="-4" width="{CARD_WIDTH + 8}" height="{height + 8}" rx="12" fill="none" '
            f'stroke="{theme.accent}" stroke-width="2"/>'
        )
    yield (
        f'<rect width="{CARD_WIDTH}" height="{height}" rx="8" fill="{theme.faded if is_gone else theme.card}" '
        f'stroke="{border}"{dash}/>'
    )
    if node.colour:
        yield f'<rect x="3" y="8" width="4" height="{height - 16}" rx="2" fill="{theme.palette[node.colour - 1]}"/>'


def _rows(node: LineageNode, theme: Theme, ink: str) -> Iterator[str]:
    for number, row in enumerate(node.rows):
        y = CARD_HEIGHT + number * ROW_HEIGHT
        yield _glyph(ROW_GLYPHS[row.row], 18.5, y - 5, 13, theme.quiet)
        yield text_at(shorten_end(row.text, NAME_WIDTH, 13), (TEXT_LEFT, y + 6), 13, ink, ' font-weight="500"')


def _cluster(node: LineageNode, theme: Theme) -> Iterator[str]:
    for left, top, wide, high, radius, fill in (
        (12.5, 54, 187, 19, 7, theme.faded),
        (6.5, 48, 199, 20.5, 8, theme.card),
        (0.5, 0.5, 211, 63, 8.5, theme.card),
    ):
        yield (
            f'<rect x="{left}" y="{top}" width="{wide}" height="{high}" rx="{radius}" fill="{fill}" '
            f'stroke="{theme.card_border}"/>'
        )
    if node.colour:
        yield f'<rect x="3" y="8" width="4" height="48" rx="2" fill="{theme.palette[node.colour - 1]}"/>'
    yield _sign(node, theme, 13)
    yield _glyph(GLYPHS["search"], 189, 11, 13, theme.quiet)
    yield text_at(shorten(node.type.upper(), 134, 10.5 * BOLD), (49, 21), 10.5, theme.quiet, ' font-weight="600"')
    yield text_at(shorten(node.name, 152, 12.5 * BOLD), (49, 38), 12.5, theme.text, ' font-weight="600"')
    x = 49.0
    total = sum(count for _, count in node.states)
    for state, count in node.states:
        width = max(4.0, 150 * count / total - 2)
        ink = theme.danger if STATE_GLYPHS.get(state) == "failed" else theme.run[0]
        yield f'<rect x="{x:g}" y="49" width="{width:g}" height="4" rx="2" fill="{ink}"/>'
        x += width + 2
    for badge in [] if node.states else _fitting(_badges(node, theme), 150, theme):
        yield _pill(badge, x, 43.5)
        x += badge.width + BADGE_GAP


def _badges(node: LineageNode, theme: Theme) -> list[Badge]:
    """What a card's badges say, the most telling first."""
    badges = []
    if node.deleted_on:
        badges.append(Badge(f"deleted {node.deleted_on.day} {node.deleted_on:%b}", theme.plain, "trash"))
    if node.stale:
        badges.append(Badge("stale", theme.warn, "clock"))
    badges += [
        Badge(alias.name, theme.lock, "locked") if alias.is_protected else Badge(alias.name, theme.plain)
        for alias in node.aliases
    ]
    if node.memberships:
        badges.append(Badge(str(len(node.memberships)), theme.plain, "registry"))
    return badges


def _fitting(badges: list[Badge], room: float, theme: Theme) -> list[Badge]:
    """At most two badges that fit, then "+n" for the others."""
    for shown in range(min(MOST_BADGES, len(badges)), -1, -1):
        rest = len(badges) - shown
        chosen = badges[:shown] + ([Badge(f"+{rest}", theme.plain)] if rest else [])
        if sum(badge.width + BADGE_GAP for badge in chosen) - BADGE_GAP <= room:
            return chosen
    return []


def _pill(badge: Badge, x: float, y: float) -> str:
    ink, ground = badge.colours
    shape = f'<rect x="{x:g}" y="{y:g}" width="{badge.width:g}" height="15" rx="7.5" fill="{ground}"/>'
    sign = _glyph(GLYPHS[badge.glyph], x + 4, y + 3, 9, ink) if badge.glyph else ""
    left = x + (SIGN_WIDTH if badge.glyph else 0)
    middle = (left + x + badge.width) / 2
    return shape + sign + text_at(badge.text, (middle, y + 11), 10.5, ink, ' text-anchor="middle"')


def _sign(node: LineageNode, theme: Theme, y: float) -> str:
    kind = node.member_kind.value if node.member_kind else node.kind
    is_ghost = node.is_locked or bool(node.deleted_on)
    ink, ground = theme.ghost if is_ghost else theme.run if kind == "run" else theme.artifact
    round_ = f'<circle cx="25" cy="{y + 15:g}" r="15" fill="{ground}"/>'
    square = f'<rect x="10" y="{y:g}" width="30" height="30" rx="8" fill="{ground}"/>'
    return (round_ if kind == "run" else square) + _glyph(GLYPHS[kind], 16, y + 6, 18, ink)


def _glyph(shape: str, x: float, y: float, size: float, ink: str) -> str:
    return (
        f'<g transform="translate({x:g} {y:g}) scale({size / 16:g})" fill="none" stroke="{ink}" stroke-width="1.5" '
        f'stroke-linecap="round" stroke-linejoin="round">{shape.replace("{ink}", ink)}</g>'
    )
