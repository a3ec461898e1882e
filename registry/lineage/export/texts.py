"""Text in drawings and files: how wide it is, where it is cut, what a format cannot hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final
from xml.sax.saxutils import quoteattr

WIDTHS: Final = {0.3: "iljtfrI.,:;'`|!()[]/\\ -", 0.5: "ckjsvxyz", 0.74: "w", 0.8: "GOQ", 0.87: "mM%", 1.02: "W@…"}
EMS: Final = {character: em for em, characters in WIDTHS.items() for character in characters}
BOLD: Final = 1.09  # how much wider bold letters are
VERSION: Final = re.compile(r":v\d+$")
UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def width_of(text: str, size: float) -> float:
    """About how wide a line of sans-serif text is, in the unit of `size`: no font is asked."""
    return size * sum(_em(character) for character in text)


def _em(character: str) -> float:
    if character in EMS:
        return EMS[character]
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.74 if character.isupper() else 0.56


def shorten(name: str, width: float, size: float) -> str:
    """Cut `name` in the middle until it fits; a version at its end is never cut. As the browser does it."""

    def fits(text: str) -> bool:
        return width_of(text, size) <= width

    if fits(name):
        return name
    match = VERSION.search(name)
    version = match[0] if match else ""
    stem = name[: len(name) - len(version)]
    return _longest(lambda keep: _cut(stem, keep, version), fits, len(stem) - 1)


def shorten_end(text: str, width: float, size: float) -> str:
    """Cut prose at its end until it fits."""

    def fits(shorter: str) -> bool:
        return width_of(shorter, size) <= width

    return text if fits(text) else _longest(lambda keep: f"{text[:keep].rstrip()}…", fits, len(text) - 1)


def _cut(stem: str, keep: int, version: str) -> str:
    back = keep // 3
    return f"{stem[: keep - back]}…{stem[-back:] if back else ''}{version}"


def _longest(cut: Callable[[int], str], fits: Callable[[str], bool], most: int) -> str:
    low, high = 0, max(0, most)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(cut(middle)) else (low, middle - 1)
    return cut(low)


def xml_text(text: str) -> str:
    """Text for XML, in an element or between quotes; what XML cannot hold becomes U+FFFD."""
    clean = UNWRITABLE.sub("\ufffd", text)
    return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def xml_attribute(text: str) -> str:
    """Text as an attribute's value, with its quotes."""
    return quoteattr(UNWRITABLE.sub("\ufffd", text))


def one_line(text: str) -> str:
    """Text without line breaks and control characters, for formats that go by lines."""
    return " ".join(UNWRITABLE.sub("\ufffd", text).split())
