"""The SDK at size: memory that is bounded, no request repeated, every file right. benchmarks/sdk.py takes the time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.loads import CROWD, big_file, crowd, many_files
from tests.server import LiveServer, start_server

pytestmark = [pytest.mark.sdk, pytest.mark.slow]
MOST_MEMORY = 64 << 20


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[LiveServer]:
    with start_server(tmp_path / "fresh") as server:
        yield server


def test_a_file_of_two_gibibytes_takes_no_memory_to_speak_of(fresh: LiveServer, tmp_path: Path) -> None:
    load = big_file(fresh, tmp_path / "sdk", 2 << 30)
    assert load.repeated == []
    assert len(load.memory_growth) == 3
    assert max(load.memory_growth.values()) <= MOST_MEMORY, load.memory_growth


def test_ten_thousand_files_arrive_and_return(fresh: LiveServer, tmp_path: Path) -> None:
    assert many_files(fresh, tmp_path / "sdk", 10_000).repeated == []


def test_twenty_processes_save_at_once_without_a_gap_or_a_repetition(fresh: LiveServer, tmp_path: Path) -> None:
    load = crowd(fresh, tmp_path / "sdk", processes=20, artifacts=20, files=10)
    assert load.repeated == []
    found: Any = fresh.query(CROWD)
    assert found == {
        "numbers": {f"data-{number}": True for number in range(4)},
        "versions": 400,
        "wrong": [],
        "contents": 400,
        "entries": 4000,
        "edges": 400,
        "events": 400,
    }
