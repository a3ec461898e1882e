"""Runs the suite: everything on SQLite, what touches the database a second time on PostgreSQL, one closing line.

The two runs are separate processes, because Django knows one default database; their counts are added up.
"""

import argparse
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from tests.with_postgresql import postgresql

BUILD = Path("build")
ON_BOTH = [
    "tests/models",
    "tests/services",
    "tests/queries",
    "tests/views",
    "tests/protocol",
    "tests/commands",
    "tests/sdk",
    "tests/faults",
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slow", action="store_true", help="include tests marked slow")
    slow = parser.parse_args().slow
    BUILD.mkdir(exist_ok=True)
    with postgresql() as url:
        codes = [
            _pytest("sqlite", ["tests"], slow=slow, DATABASE_URL=""),
            _pytest("postgresql", [path for path in ON_BOTH if Path(path).exists()], slow=slow, DATABASE_URL=url),
        ]
    print(_closing_line(["sqlite", "postgresql"]))
    return max(codes)


def _pytest(name: str, paths: list[str], *, slow: bool, **variables: str) -> int:
    print(f"--- {name}", flush=True)
    report = BUILD / f"{name}.xml"
    report.unlink(missing_ok=True)
    environment = {**os.environ, **variables}
    if not environment["DATABASE_URL"]:
        del environment["DATABASE_URL"]
    selection = [] if slow else ["-m", "not slow"]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", *selection]
    return subprocess.call([*command, f"--junit-xml={report}", *paths], env=environment)


def _closing_line(names: list[str]) -> str:
    """Return `N passed, N failed, N skipped` over all runs; a run that left no report counts as one failure."""
    passed = failed = skipped = 0
    for name in names:
        try:
            suites = ET.parse(BUILD / f"{name}.xml").getroot().iter("testsuite")
        except (OSError, ET.ParseError):
            failed += 1
            continue
        for suite in suites:
            tests, bad, missed = (
                sum(int(suite.get(key, 0)) for key in keys)
                for keys in (("tests",), ("failures", "errors"), ("skipped",))
            )
            passed, failed, skipped = passed + tests - bad - missed, failed + bad, skipped + missed
    return f"{passed} passed, {failed} failed, {skipped} skipped"


if __name__ == "__main__":
    sys.exit(main())
