"""What was read ahead answers only what it knows to the last member."""

from registry.lineage.graph import Kind
from registry.lineage.source import GroupCount, Member
from registry.queries.read_ahead import ReadAhead

WHOLE, CUT = GroupCount(1, 7, 2), GroupCount(2, 7, 50)
AHEAD = ReadAhead(
    kind=Kind.ARTIFACT, nodes=(1, 2), counts=[WHOLE, CUT], newest={(1, 7): [5, 4], (2, 7): [9, 8, 7]}, limit=3
)


def test_members_are_told_without_those_left_out() -> None:
    assert AHEAD.members(Kind.ARTIFACT, [WHOLE], [4, 6], 3) == [Member(1, 7, 5)]
    assert AHEAD.members(Kind.ARTIFACT, [CUT], [6], 3) == [Member(2, 7, 9), Member(2, 7, 8), Member(2, 7, 7)]


def test_older_members_take_the_place_of_those_left_out_only_when_read() -> None:
    assert AHEAD.members(Kind.ARTIFACT, [WHOLE, CUT], [8], 3) is None


def test_another_question_is_not_answered() -> None:
    assert AHEAD.members(Kind.ARTIFACT, [WHOLE], [], 2) is None
    assert AHEAD.members(Kind.RUN, [WHOLE], [], 3) is None
    assert AHEAD.members(Kind.ARTIFACT, [GroupCount(3, 7, 1)], [], 3) is None
    assert AHEAD.is_of(Kind.ARTIFACT, [1, 2])
    assert not AHEAD.is_of(Kind.ARTIFACT, [1])
    assert not AHEAD.is_of(Kind.RUN, [1, 2])
