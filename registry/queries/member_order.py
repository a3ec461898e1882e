"""The orders in which the members of a cluster are listed, each a keyset: a page starts where the last one ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.db.models import Case, Q, QuerySet, Value, When

from registry.core.cursors import CursorValue
from registry.core.errors import InvalidInput
from registry.lineage.graph import Kind
from registry.models import Artifact, Run
from registry.queries.lineage_cards import DELETED
from registry.queries.lineage_matching import in_state

SORTS = ("newest", "name", "state")
RUN_STATES = ("running", "failed", "crashed", "killed", "finished", DELETED)

Members: TypeAlias = "QuerySet[Run] | QuerySet[Artifact]"
Row: TypeAlias = tuple[CursorValue, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort: the columns that order the rows, and their types in a cursor.

    A column with a minus goes down. The last one is unique.
    """

    columns: tuple[str, ...]

    def rows(self, members: Members, after: Sequence[CursorValue] | None, limit: int) -> list[Row]:
        """The key and then the columns of up to `limit` members that come after a place."""
        if after:
            members = members.filter(self._beyond(after))
        fields = [column.removeprefix("-") for column in self.columns]
        return list(members.order_by(*self.columns).values_list("pk", *fields)[:limit])

    def _beyond(self, after: Sequence[CursorValue]) -> Q:
        condition, equal = Q(), Q()
        for column, value in zip(self.columns, after, strict=True):
            name = column.removeprefix("-")
            comparison = "lt" if column.startswith("-") else "gt"
            condition |= equal & Q(**{f"{name}__{comparison}": value})
            equal &= Q(**{name: value})
        # an index can start from this, which is implied
        first = self.columns[0].removeprefix("-")
        bound = "lte" if self.columns[0].startswith("-") else "gte"
        return Q(**{f"{first}__{bound}": after[0]}) & condition


NEWEST = Order(("-pk",))
BY_NAME = {
    Kind.RUN: Order(("name", "-pk")),
    Kind.ARTIFACT: Order(("collection__name", "collection_id", "-version")),
}


def cursor_length(sort: str, kind: Kind) -> int:
    """How many values a cursor of this order holds."""
    return {"newest": 1, "name": len(BY_NAME[kind].columns), "state": 2}[sort]


def sorted_rows(kind: Kind, members: Members, sort: str, after: Sequence[CursorValue] | None, limit: int) -> list[Row]:
    """Up to `limit` members that come after a place: the key of each, then its place.

    Raises `InvalidInput` for a place that is none.
    """
    try:
        if sort == "state":
            return _by_state(kind, members, after, limit)
        return (NEWEST if sort == "newest" else BY_NAME[kind]).rows(members, after, limit)
    except (TypeError, ValueError):
        raise InvalidInput("bad cursor") from None


def _by_state(kind: Kind, matching: Members, after: Sequence[CursorValue] | None, wanted: int) -> list[Row]:
    """Rows state by state, each state newest first: those that need attention before those that are done.

    One pass over all: a query for each state would look at every member again for each state that hardly any has.
    """
    conditions = (
        [in_state(state) for state in RUN_STATES]
        if kind is Kind.RUN
        else [Q(state=Artifact.State.COMMITTED), Q(state=Artifact.State.DELETED)]
    )
    places = [When(condition, then=Value(number)) for number, condition in enumerate(conditions)]
    ranked = matching.annotate(rank=Case(*places, default=Value(len(places))))
    if after:
        if not isinstance(after[0], int) or not 0 <= after[0] < len(conditions):
            raise InvalidInput("bad cursor")
        ranked = ranked.filter(Q(rank__gt=after[0]) | Q(rank=after[0], pk__lt=after[1]))
    return list(ranked.order_by("rank", "-pk").values_list("pk", "rank", "pk")[:wanted])
