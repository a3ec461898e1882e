"""Scalars beyond GraphQL's own."""

import json
from datetime import UTC, datetime
from typing import Any

from ariadne import ScalarType
from graphql import GraphQLError

_MAX_INT64 = 2**63


def _json_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise GraphQLError("JSONString takes JSON as a text.")
    return value


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _int64(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -_MAX_INT64 <= value < _MAX_INT64:
        raise GraphQLError("Int64 takes a whole number of 64 bits.")
    return value


def _duration(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _MAX_INT64 >> 20:
        raise GraphQLError("Duration takes whole milliseconds.")
    return value


SCALARS = [
    ScalarType("JSONString", serializer=_json_text, value_parser=_text),
    ScalarType("JSON", serializer=lambda value: value),
    ScalarType("DateTime", serializer=_moment),
    ScalarType("Duration", value_parser=_duration),
    ScalarType("Int64", serializer=_int64, value_parser=_int64),
]
