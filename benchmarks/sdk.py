"""The real SDK at size, on both databases: seconds, the server's processor time, memory, requests asked again.

    python -m benchmarks.sdk [--only big-file|many-files|crowd] [--database sqlite|postgresql]

It fails when a limit of docs/protocol.md is missed. Beside each scenario stands the same amount of plain work of this
machine in the same minute: how long writing and syncing as many files takes without any server.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.loads import Load, big_file, crowd, describe, many_files
from tests.server import LiveServer, start_server
from tests.with_postgresql import postgresql

BIG_FILE_BYTES, MOST_MEMORY_BYTES = 2 << 30, 64 << 20
MANY_FILES, MOST_SECONDS = 10_000, 120
SCENARIOS: dict[str, Callable[[LiveServer, Path], Load]] = {
    "big-file": lambda site, directory: big_file(site, directory, BIG_FILE_BYTES),
    "many-files": lambda site, directory: many_files(site, directory, MANY_FILES),
    "crowd": lambda site, directory: crowd(site, directory, processes=20, artifacts=20, files=10),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=SCENARIOS)
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    chosen = parser.parse_args()
    missed: list[str] = []
    with postgresql() as url:
        for database, address in (("sqlite", "sqlite"), ("postgresql", url)):
            for name in SCENARIOS if chosen.database in {None, database} else ():
                if chosen.only in {None, name}:
                    missed += _measured(name, database, address)
    for line in missed:
        print(f"missed: {line}")
    return 1 if missed else 0


def _measured(name: str, database: str, address: str) -> list[str]:
    """Run one scenario on a fresh site, print its figures and return the limits that it missed."""
    with tempfile.TemporaryDirectory(prefix="lineage-bench-") as directory:
        bare = _bare_files(Path(directory) / "bare", 1000)
        with start_server(Path(directory) / "site", address) as site:
            load = SCENARIOS[name](site, Path(directory) / "sdk")
    figures: dict[str, Any] = {"scenario": name, "database": database, **describe(load)}
    print(json.dumps(figures | {"bare_1000_files_seconds": round(bare, 1), "load": os.getloadavg()[0]}), flush=True)
    what = f"{name} on {database}"
    found = [f"{what}: {len(load.repeated)} requests were refused or asked again"] if load.repeated else []
    if name == "many-files" and max(load.seconds.values()) > MOST_SECONDS:
        found.append(f"{what}: {max(load.seconds.values()):.0f} s instead of {MOST_SECONDS}")
    if load.memory_growth and max(load.memory_growth.values()) > MOST_MEMORY_BYTES:
        found.append(f"{what}: {max(load.memory_growth.values())} bytes of memory instead of {MOST_MEMORY_BYTES}")
    return found


def _bare_files(directory: Path, count: int) -> float:
    """Return the seconds that it takes to write and sync as many small files one after the other."""
    directory.mkdir()
    started = time.perf_counter()
    for number in range(count):
        with (directory / str(number)).open("wb") as file:
            file.write(b"content")
            file.flush()
            os.fsync(file.fileno())
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
