"""The filters of the SDK's lists, written as MongoDB's are: from JSON to a condition on rows.

A listing names the columns that it lets filter; any other key and any operator that is not known is refused.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db.models import JSONField, Model, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast

from registry.core import names
from registry.core.errors import InvalidInput
from registry.queries.sdk_projects import is_storable

Row = TypeVar("Row", bound=Model)
Column = Callable[["Reader[Any]", str, str, Any], Q]
_MAX_DEPTH, _MAX_TESTS, _MAX_VALUES, _MAX_PATTERN = 10, 100, 1000, 200
_COMPARED = {"$gt": "gt", "$gte": "gte", "$lt": "lt", "$lte": "lte"}
_NEGATED = {"$ne": "$eq", "$nin": "$in"}
_LARGEST = 2**63 - 1
# what both databases read alike and in bounded time: no groups that repeat, no look-around, no counted repeats
_ODD_PATTERN = re.compile(r"\(\?|\)[*+?]|[*+?][*+]|(^|[(|^])[*+?]|(?<!\\)\{|\\[A-CE-RT-VX-Za-ce-rt-vx-z0-9]")
_MAX_REPEATS = 3


class Reader(Generic[Row]):
    """Reads one filter over the rows. `aliases` are the expressions that its condition speaks of."""

    def __init__(self, rows: QuerySet[Row], columns: Mapping[str, Column]) -> None:
        self.rows = rows
        self.columns = columns
        self.aliases: dict[str, Any] = {}
        self._tests = 0

    def name(self, expression: Any) -> str:
        """Give an expression a name to filter by."""
        self.aliases[f"filter_{len(self.aliases)}"] = expression
        return next(reversed(self.aliases))

    def narrowed(self, condition: Q) -> QuerySet[Row]:
        found: QuerySet[Row] = self.rows.alias(**self.aliases).filter(condition)
        return found

    def read(self, wanted: Any, depth: int = 0) -> Q:
        if not isinstance(wanted, dict):
            raise InvalidInput("filters must be a JSON object")
        if depth > _MAX_DEPTH:
            raise InvalidInput("filters is nested too deeply")
        condition = Q()
        for key, value in wanted.items():
            condition &= self._one(key, value, depth)
        return condition

    def _one(self, key: str, value: Any, depth: int) -> Q:
        if key == "$not":
            return self._not(self.read(value, depth + 1))
        if key in {"$and", "$or", "$nor"}:
            if not isinstance(value, list):
                raise InvalidInput(f"{key} takes a list of filters")
            parts = [self.read(one, depth + 1) for one in value]
            if key == "$and":
                return Q(*parts)
            either = Q(*parts, _connector=Q.OR) if all(parts) else Q()
            return either if key == "$or" else self._not(either)
        column = self._column(key)
        tests = value if isinstance(value, dict) else {"$in" if isinstance(value, list) else "$eq": value}
        condition = Q()
        for operator, operand in tests.items():
            condition &= self._test(column, key, operator, operand, depth)
        return condition

    def _test(self, column: Column, key: str, operator: str, operand: Any, depth: int) -> Q:
        self._tests += 1
        if self._tests > _MAX_TESTS:
            raise InvalidInput(f"filters has more than {_MAX_TESTS} conditions")
        if operator == "$not":
            return self._not(self._one(key, operand, depth + 1))
        if operator in _NEGATED:
            return self._not(column(self, key, _NEGATED[operator], operand))
        return column(self, key, operator, operand)

    def _not(self, condition: Q) -> Q:
        # not `~condition`: of what is null neither a condition nor its opposite holds
        return ~Q(pk__in=self.narrowed(condition).order_by().values("pk"))

    def _column(self, key: str) -> Column:
        column = self.columns.get(key) or self.columns.get(f"{key.partition('.')[0]}.*")
        if column is None:
            known = ", ".join(sorted(self.columns))
            raise InvalidInput(f"The filter {key[:60]!r} is not served; use one of {known}.")
        return column


def filtered(rows: QuerySet[Row], filters: str | None, columns: Mapping[str, Column]) -> QuerySet[Row]:
    """Return the rows for which the filter holds; raises `InvalidInput` with what is wrong with it."""
    if not filters:
        return rows
    try:
        wanted = json.loads(filters)
    except (ValueError, RecursionError):
        raise InvalidInput("filters is not valid JSON") from None
    reader = Reader(rows, columns)
    return reader.narrowed(reader.read(wanted))


# --- columns ------------------------------------------------------------------------------------------------------


def _refusal(key: str, operator: str) -> InvalidInput:
    return InvalidInput(f"The filter {key[:60]!r} does not take {operator[:30]!r} with such a value.")


def _values(key: str, operator: str, value: Any) -> list[Any]:
    """Return the values to compare with: the list that `$in` and `$all` take, or the one value of another operator."""
    if operator not in {"$in", "$all"}:
        return [value]
    if not isinstance(value, list) or len(value) > _MAX_VALUES:
        raise _refusal(key, operator)
    return value


def _texts(key: str, operator: str, value: Any) -> list[str]:
    values = _values(key, operator, value)
    if not all(isinstance(one, str) and is_storable(one) for one in values):
        raise _refusal(key, operator)
    return values


def pattern(key: str, value: Any) -> str:
    """Return a regular expression that both databases understand alike and that cannot take long."""
    if not isinstance(value, str) or len(value) > _MAX_PATTERN or not is_storable(value):
        raise _refusal(key, "$regex")
    repeats = len(re.findall(r"(?<!\\)[*+]", value))
    try:
        re.compile(value)
    except re.error:
        raise InvalidInput(f"{value[:60]!r} is not a regular expression.") from None
    if repeats > _MAX_REPEATS or _ODD_PATTERN.search(value):
        raise InvalidInput(f"The regular expression {value[:60]!r} is not served: use a simpler one.")
    return value


def text(path: str, change: Callable[[str], str] = str) -> Column:
    """A column of text, empty when there is none. `change` turns a value into the stored form."""
    matches = "iregex" if change("A") == "a" else "regex"

    def condition(_: Reader[Any], key: str, operator: str, value: Any) -> Q:
        if operator in {"$eq", "$in"}:
            if operator == "$eq" and value is None:
                return Q(**{path: ""}) | Q(**{f"{path}__isnull": True})
            return Q(**{f"{path}__in": [change(one) for one in _texts(key, operator, value)]})
        if operator == "$exists" and isinstance(value, bool):
            empty = Q(**{path: ""}) | Q(**{f"{path}__isnull": True})
            return ~empty if value else empty
        if operator == "$regex":
            return Q(**{f"{path}__{matches}": pattern(key, value)})
        if operator == "$contains":
            # `contains` means another thing to each database
            return Q(**{f"{path}__{matches}": re.escape(_texts(key, operator, value)[0])})
        if operator in _COMPARED:
            return Q(**{f"{path}__{_COMPARED[operator]}": change(_texts(key, operator, value)[0])})
        raise _refusal(key, operator)

    return condition


def moment(path: str) -> Column:
    def condition(_: Reader[Any], key: str, operator: str, value: Any) -> Q:
        lookup = {"$eq": "exact", **_COMPARED}.get(operator)
        try:
            at = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            at = None
        if lookup is None or at is None:
            raise _refusal(key, operator)
        return Q(**{f"{path}__{lookup}": at if at.tzinfo else at.replace(tzinfo=UTC)})

    return condition


def number(path: str) -> Column:
    """A column of whole numbers; versions may be written as `v3`."""

    def condition(_: Reader[Any], key: str, operator: str, value: Any) -> Q:
        lookup = {"$eq": "exact", "$in": "in", **_COMPARED}.get(operator)
        values = _values(key, operator, value)
        found = [int(one[1:20]) if isinstance(one, str) and names.is_version(one) else one for one in values]
        if lookup is None or any(isinstance(one, bool) or not isinstance(one, int) for one in found):
            raise _refusal(key, operator)
        if any(abs(one) > _LARGEST for one in found):
            raise _refusal(key, operator)
        return Q(**{f"{path}__{lookup}": found if operator == "$in" else found[0]})

    return condition


def one_of(path: str, owners: Callable[[], QuerySet[Any]], change: Callable[[str], str] = str) -> Column:
    """Names in a table of their own, such as tags. `owners` selects from it the column that equals `path`."""

    def having(**wanted: Any) -> Q:
        return Q(**{f"{path}__in": owners().filter(**wanted)})

    def condition(_: Reader[Any], key: str, operator: str, value: Any) -> Q:
        if operator in {"$eq", "$in", "$contains"}:
            return having(name__in=[change(one) for one in _texts(key, operator, value)])
        if operator == "$all":
            return Q(*(having(name=change(one)) for one in _texts(key, operator, value)))
        if operator == "$regex":
            return having(name__regex=pattern(key, value))
        if operator == "$exists" and isinstance(value, bool):
            return having() if value else ~having()
        raise _refusal(key, operator)

    return condition


def listed(path: str) -> Column:
    """A JSON list of texts, such as the tags of a run."""

    def held(reader: Reader[Any], value: str) -> Q:
        # the databases write other letters than ASCII in JSON differently
        spelled = sorted({json.dumps(value), json.dumps(value, ensure_ascii=False)})
        written = reader.name(Cast(path, TextField()))
        return Q(*((f"{written}__contains", one) for one in spelled), _connector=Q.OR)

    def condition(reader: Reader[Any], key: str, operator: str, value: Any) -> Q:
        if operator in {"$eq", "$in", "$contains"}:
            found = [held(reader, one) for one in _texts(key, operator, value)]
            return Q(*found, _connector=Q.OR) if found else Q(pk__in=[])
        if operator == "$all":
            return Q(*(held(reader, one) for one in _texts(key, operator, value)))
        raise _refusal(key, operator)

    return condition


def json_path(column: str, key: str, *, wrapped: bool = False) -> KeyTransform:
    """Return the value at a dotted path. `wrapped`: every first key maps to {"value": …}, as in a run's config."""
    steps = [step for step in key.split(".")[1:] if step]
    if not steps or len(steps) > _MAX_DEPTH:
        raise InvalidInput(f"Name a key below {column!r}, such as '{column}.key'.")
    if wrapped and steps[1:2] != ["value"]:
        steps.insert(1, "value")
    found = KeyTransform(steps[0], column, output_field=JSONField())
    for step in steps[1:]:
        found = KeyTransform(step, found, output_field=JSONField())
    return found


def json_value(column: str, *, wrapped: bool = False) -> Column:
    """A value inside JSON: `config.learning_rate`, `summary_metrics.loss`."""

    def condition(reader: Reader[Any], key: str, operator: str, value: Any) -> Q:
        values = _values(key, operator, value)
        if not all(_is_plain(one) for one in values):
            raise _refusal(key, operator)
        at = reader.name(json_path(column, key, wrapped=wrapped))
        if operator == "$in":
            return Q(**{f"{at}__in": values})
        if operator == "$eq":
            return Q(**{at: None}) | Q(**{f"{at}__isnull": True}) if value is None else Q(**{at: value})
        if operator == "$exists" and isinstance(value, bool):
            return Q(**{f"{at}__isnull": not value})
        if operator in _COMPARED and isinstance(value, int | float | str):
            return Q(**{f"{at}__{_COMPARED[operator]}": value})
        if operator == "$regex":
            return Q(**{f"{at}__regex": pattern(key, value)})
        raise _refusal(key, operator)

    return condition


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return is_storable(value)
    return value is None or isinstance(value, bool | int | float)
