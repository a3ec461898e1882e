"""The course of the arrows in a drawing, as the browser bends them.

Everything here goes from left to right; a top-down drawing exchanges the axes afterwards.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, NamedTuple

ARROW_GAP: Final = 2
LONG: Final = 120
TURN: Final = 29
CLEARANCE: Final = 8
BESIDE: Final = 4
CORNER: Final = 30


class Point(NamedTuple):
    along: float
    across: float


class Obstacle(NamedTuple):
    """A card: its middle and half of its two sides."""

    along: float
    across: float
    half_along: float
    half_across: float


def share_of(fan_out: int, fan_in: int) -> float:
    """Where a short arrow turns, as a share of its way: the trunk stays near the busier end."""
    if fan_out == fan_in:
        return 0.5
    return 0.36 if fan_out > fan_in else 0.64


def course(start: Point, end: Point, cards: Sequence[Obstacle], share: float = 0.5) -> list[Point]:
    """The points of a chain of cubic curves from `start` to `end`: one, and then three more for each curve.

    `share` is where a short one turns.
    """
    if end.along < start.along:
        return _around(start, end, cards)
    if end.along - start.along > LONG:
        return _in_lane(start, end, lane(start, end, cards))
    middle = start.along + (end.along - start.along) * share
    return [start, Point(middle, start.across), Point(middle, end.across), end]


def lane(start: Point, end: Point, cards: Sequence[Obstacle]) -> float:
    """Where a long arrow passes the cards between its ends: the nearest place that covers none of them."""
    spans = sorted(
        (card.across - card.half_across - CLEARANCE, card.across + card.half_across + CLEARANCE)
        for card in cards
        if card.along - card.half_along > start.along and card.along + card.half_along < end.along
    )
    blocked: list[tuple[float, float]] = []
    for low, high in spans:
        if blocked and low < blocked[-1][1]:
            blocked[-1] = (blocked[-1][0], max(high, blocked[-1][1]))
        else:
            blocked.append((low, high))
    places = [start.across, end.across]
    places += [place for low, high in spans for place in (low - BESIDE, high + BESIDE)]
    free = [place for place in places if not _is_inside(place, blocked)]
    return min(free, key=lambda place: abs(place - start.across) + abs(place - end.across), default=start.across)


def _is_inside(place: float, spans: Sequence[tuple[float, float]]) -> bool:
    """Whether one of the spans, which stand in order and apart, covers the place."""
    number = bisect_left(spans, (place, place)) - 1
    return any(low < place < high for low, high in spans[max(0, number) : number + 2])


def _in_lane(start: Point, end: Point, across: float) -> list[Point]:
    first, last = start.along + TURN, end.along - TURN
    enter, leave = Point(first + CORNER, across), Point(last - CORNER, across)
    return [
        start,
        Point(first, start.across),
        Point(first, across),
        enter,
        enter,
        leave,
        leave,
        Point(last, across),
        Point(last, end.across),
        end,
    ]


def _around(start: Point, end: Point, cards: Sequence[Obstacle]) -> list[Point]:
    """For an arrow that leads back: around its own cards and those between them."""
    across = lane(Point(end.along - TURN, start.across), Point(start.along + TURN, end.across), cards)
    out, back = Point(start.along, across), Point(end.along, across)
    return [
        start,
        Point(start.along + TURN, start.across),
        Point(start.along + TURN, across),
        out,
        out,
        back,
        back,
        Point(end.along - TURN, across),
        Point(end.along - TURN, end.across),
        end,
    ]
