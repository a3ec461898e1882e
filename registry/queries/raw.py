"""Runs SQL that is written by hand: where the ORM takes longer to write it than the database to run it."""

from collections.abc import Collection
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL


def read(sql: str, *parameters: str | int) -> list[tuple[Any, ...]]:
    """Return all rows; a list of numbers is given as `array` writes it."""
    # a log shows what is executed only where parameters are part of it
    is_prepared = connection.vendor == "postgresql" and not connection.queries_logged
    with _prepared_cursor() if is_prepared else connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _prepared_cursor() -> Any:
    """A cursor that gives parameters to PostgreSQL apart from the text, which is then planned once per connection.

    Django's own write them into the text: that was planned anew each time, which took longer than the reading.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    # not read where the database is SQLite
    backend = import_module("django.db.backends.postgresql.base")
    return connection.make_cursor(backend.ServerBindingCursor(connection.connection))


def array(numbers: Collection[int]) -> str:
    """Write numbers as the text of a list: of bigint[] for PostgreSQL, of JSON for SQLite."""
    text = ",".join(map(str, numbers))
    return f"{{{text}}}" if connection.vendor == "postgresql" else f"[{text}]"


def among(numbers: Collection[int]) -> RawSQL:
    """Return numbers as the ORM takes them after `__in`, as one parameter: a thousand take it ten milliseconds."""
    written = array(numbers)
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [written])
    return RawSQL("SELECT value FROM json_each(%s)", [written])


def moment(stored: datetime) -> datetime:
    """Return a moment as a raw query gives it: SQLite's are UTC and do not say so."""
    return stored if stored.tzinfo else stored.replace(tzinfo=UTC)
