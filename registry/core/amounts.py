"""How sizes, durations and moments are written, wherever they stand."""

from datetime import datetime

_UNITS = ("B", "kB", "MB", "GB", "TB", "PB", "EB")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class AtLeast(int):
    """A number that was counted no further; `count_text` writes it with a plus."""


def count_text(number: int) -> str:
    """Write 12000 as "12,000", and as "12,000+" when there may be more."""
    return f"{number:,}{'+' if isinstance(number, AtLeast) else ''}"


def size_text(size_bytes: int) -> str:
    """Write 1420000000 as "1.42 GB": decimal units, three significant digits."""
    amount = float(size_bytes)
    for unit in _UNITS:
        if amount < 999.5 or unit == _UNITS[-1]:
            break
        amount /= 1000
    return f"{size_bytes} B" if unit == "B" else f"{amount:.3g} {unit}"


def duration_text(seconds: float) -> str:
    """Write 4680 as "1 h 18 min", with the two largest units that count."""
    whole = max(0, int(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return _two(whole, _MINUTE, "min", 1, "s")
    if whole < _DAY:
        return _two(whole, _HOUR, "h", _MINUTE, "min")
    return _two(whole, _DAY, "d", _HOUR, "h")


def moment_text(local: datetime) -> str:
    """Write a moment, which is in the reader's time zone already, as "14 Mar 2026, 09:42"."""
    return f"{local.day} {local:%b %Y, %H:%M}"


def _two(seconds: int, large: int, large_unit: str, small: int, small_unit: str) -> str:
    rest = seconds % large // small
    return f"{seconds // large} {large_unit}" + (f" {rest} {small_unit}" if rest else "")
