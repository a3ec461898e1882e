"""Every row of bad input that the project knows, and every fault of saving, has a test that bears its name."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
WANTED = {
    "U": range(1, 24),  # uploads, manifests, files
    "G": range(1, 21),  # GraphQL
    "F": range(8, 15),  # uploads cut short to deletion meanwhile
}
_NAMED = re.compile(r"\b(?:test_)?([UGFugf])(\d{1,2})(?=[-_\"])")


@pytest.mark.parametrize("letter", WANTED)
def test_every_row_has_a_test_of_its_name(letter: str) -> None:
    named = {
        int(number)
        for path in TESTS.rglob("test_*.py")
        for found, number in _NAMED.findall(path.read_text(encoding="utf-8"))
        if found.upper() == letter
    }
    assert set(WANTED[letter]) - named == set()
