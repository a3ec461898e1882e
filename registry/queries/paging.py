"""Keyset paging: stable while rows come and go, and as fast on the last page as on the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, OrderBy, Q, QuerySet

from registry.core.cursors import CursorValue, decode_cursor, encode_cursor
from registry.core.errors import InvalidInput

MAX_PAGE = 1000
DEFAULT_PAGE = 50
Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some rows in order, the cursor of each, whether more follow."""

    items: Sequence[Item]
    cursors: Sequence[str]
    has_next: bool

    @property
    def end_cursor(self) -> str | None:
        return self.cursors[-1] if self.cursors else None

    @property
    def next(self) -> str:
        """The cursor to go on from; empty on the last page."""
        return self.cursors[-1] if self.has_next else ""


@dataclass(frozen=True, slots=True)
class Order:
    """A column to sort by, made unique by the key column. Both must never be null."""

    column: str = "pk"
    descending: bool = False
    key: str = "pk"

    def columns(self) -> list[str]:
        sign = "-" if self.descending else ""
        return [f"{sign}{self.column}"] if self.column == self.key else [f"{sign}{self.column}", f"{sign}{self.key}"]


def page_size(first: int | None) -> int:
    """Clamp a requested page size to 1…1,000."""
    return DEFAULT_PAGE if first is None else max(1, min(first, MAX_PAGE))


def paginate(rows: QuerySet[Row], *, kind: str, order: Order, first: int | None, after: str | None) -> Page[Row]:
    """Return one page; raises `InvalidInput` for a cursor of another listing (`kind` names this one)."""
    size = page_size(first)
    kind = f"{kind} {order.column} {order.descending:d}"
    if after:
        rows = rows.filter(_beyond(order, decode_cursor(kind, after, 2)))
    found = list(rows.order_by(*order.columns())[: size + 1])
    items = found[:size]
    cursors = [encode_cursor(kind, _plain(_value(row, order.column)), _value(row, order.key)) for row in items]
    return Page(items=items, cursors=cursors, has_next=len(found) > size)


def paginate_by_value(
    rows: QuerySet[Row], by: OrderBy, *, kind: str, first: int | None, after: str | None
) -> Page[Row]:
    """Return one page in the order of an expression that may be null or of any type: the cursor counts rows."""
    size = page_size(first)
    start = 0
    if after:
        (start,) = (value if isinstance(value, int) else 0 for value in decode_cursor(kind, after))
    found = list(rows.order_by(by, "pk")[max(0, start) : max(0, start) + size + 1])
    items = found[:size]
    cursors = [encode_cursor(kind, start + number) for number in range(1, len(items) + 1)]
    return Page(items=items, cursors=cursors, has_next=len(found) > size)


def _beyond(order: Order, cursor: list[CursorValue]) -> Q:
    value, key = cursor
    comparison = "lt" if order.descending else "gt"
    if not isinstance(key, int) or value is None:
        raise InvalidInput("bad cursor")
    bound: Any = value
    if order.column.endswith("_at"):
        try:
            bound = datetime.fromisoformat(str(value))
        except ValueError:
            raise InvalidInput("bad cursor") from None
    return Q(**{f"{order.column}__{comparison}": bound}) | Q(**{order.column: bound, f"{order.key}__{comparison}": key})


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name)
    return value


def _plain(value: Any) -> CursorValue:
    return value.isoformat() if isinstance(value, datetime) else value
