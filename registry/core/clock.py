"""The server's clock, the only one that dates what is recorded.

`at` sets it back for a block: for imports and the demo project, which record what happened earlier.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_fixed: ContextVar[datetime | None] = ContextVar("fixed clock", default=None)


def now() -> datetime:
    """Return the current time in UTC, or the time that an enclosing `at` has set."""
    return _fixed.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let `now` answer with an aware `moment` until the block ends."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
