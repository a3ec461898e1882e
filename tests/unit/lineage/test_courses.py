"""The course of exported arrows: long ones pass between the cards."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry.lineage.export.courses import Obstacle, Point, course, lane

cards = st.lists(
    st.builds(
        Obstacle, st.sampled_from([258.0, 516.0]), st.integers(-400, 400).map(float), st.just(100.0), st.just(26.0)
    ),
    max_size=14,
)
heights = st.integers(-400, 400).map(float)


@given(heights, heights, cards)
def test_a_lane_covers_no_card_and_is_the_nearest_such_place(start: float, end: float, between: list[Obstacle]) -> None:
    ends = Point(100, start), Point(674, end)
    found = lane(*ends, between)

    def is_free(place: float) -> bool:
        return all(abs(card.across - place) >= 26 + 8 for card in between)

    def detour(place: float) -> float:
        return abs(place - start) + abs(place - end)

    candidates = [start, end]
    candidates += [card.across + sign * (26 + 8 + 4) for card in between for sign in (-1, 1)]
    assert is_free(found)
    assert detour(found) == min(detour(place) for place in candidates if is_free(place))


@given(heights, heights, cards)
def test_a_course_begins_and_ends_where_it_should(start: float, end: float, between: list[Obstacle]) -> None:
    for first, last in ((Point(100, start), Point(158, end)), (Point(100, start), Point(674, end))):
        points = course(first, last, between)
        assert (points[0], points[-1], len(points) % 3) == (first, last, 1)
        back = course(last, first, between)
        assert (back[0], back[-1], len(back) % 3) == (last, first, 1)
