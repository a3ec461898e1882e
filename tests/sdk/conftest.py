"""A live site, and the real wandb SDK in subprocesses of its own, as a user's scripts are."""

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.server import ROOT, LiveServer, start_server

_LINE = re.compile(r"INFO registry\.api (?P<method>\S+) (?P<path>\S+) (?P<operation>\S+) (?P<status>\d{3}) ")
Script = Callable[..., "Outcome"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with start_server(tmp_path_factory.mktemp("site")) as server:
        yield server


@dataclass
class Outcome:
    """What a script printed, and what the server was asked meanwhile."""

    code: int
    output: str
    errors: str
    requests: list[dict[str, str]] = field(default_factory=list)

    @property
    def printed(self) -> list[str]:
        """The lines that the script itself printed."""
        return [line for line in self.output.splitlines() if line and not line.startswith("wandb:")]

    def refused(self) -> list[tuple[str, str]]:
        """Requests that were not answered with success, but the telemetry that the SDK tries."""
        return [
            (f"{one['method']} {one['path']} {one['operation']}", one["status"])
            for one in self.requests
            if int(one["status"]) >= 400 and not one["path"].startswith("/sdk/otel/")
        ]


def environment(site: LiveServer, home: Path, api_key: str | None = None) -> dict[str, str]:
    """Return what the SDK runs with: nothing of the developer's own, nothing cached."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WANDB_", "LINEAGE_", "DJANGO_"))}
    return kept | {
        "HOME": str(home),
        "NETRC": str(home / "netrc"),
        "WANDB_BASE_URL": site.url,
        "WANDB_API_KEY": api_key or site.api_key,
        "WANDB_DIR": str(home),
        "WANDB_CACHE_DIR": str(home / "cache"),
        "WANDB_CONFIG_DIR": str(home / "config"),
        "WANDB_DATA_DIR": str(home / "data"),
    }


def requests_in(log: str) -> list[dict[str, str]]:
    """Return the SDK's requests that a piece of the server's log tells of."""
    return [found.groupdict() for found in _LINE.finditer(log)]


@pytest.fixture
def script(site: LiveServer, tmp_path: Path) -> Script:
    """Run Python code that uses wandb, in a directory and with caches of its own; fails unless it ends with `code`."""

    def run(source: str, *, code: int | None = 0, api_key: str | None = None, **variables: str) -> Outcome:
        start = len(site.log())
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(source)],
            cwd=tmp_path,
            env=environment(site, tmp_path / "home", api_key) | variables,
            check=False,
            capture_output=True,
            text=True,
            timeout=110,
        )
        outcome = Outcome(done.returncode, done.stdout, done.stderr, requests_in(site.log()[start:]))
        assert code is None or done.returncode == code, f"{done.stdout}\n{done.stderr}\n{site.log()[start:]}"
        return outcome

    return run


@pytest.fixture(scope="session")
def animals(site: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    home = tmp_path_factory.mktemp("animals")
    start = len(site.log())
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "animals.py")],
        cwd=home,
        env=environment(site, home / "home"),
        check=False,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return Outcome(done.returncode, done.stdout, done.stderr, requests_in(site.log()[start:]))
