"""A live site, and the real wandb SDK in subprocesses of its own, as a user's scripts are."""

import os
import re
import signal
import subprocess
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.sdk.pages import Pages
from tests.sdk.versions import NEWEST, OLDEST, Sdk, sdk_of
from tests.server import ROOT, LiveServer, start_server

_LINE = re.compile(r"INFO registry\.api (?P<method>\S+) (?P<path>\S+) (?P<operation>\S+) (?P<status>\d{3}) ")
_FINAL = {400, 401, 403, 404, 409, 410, 413, 422}
_RETRYING = re.compile(r"api: retrying (?:HTTP )?(?:error|request)")
Script = Callable[..., "Outcome"]


@pytest.fixture(scope="session", params=[NEWEST, pytest.param(OLDEST, marks=pytest.mark.slow)])
def sdk(request: pytest.FixtureRequest) -> Sdk:
    return sdk_of(request.param)


@pytest.fixture(scope="session")
def site(sdk: Sdk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A site of its own for each version of the SDK, since all tests use the same names."""
    with start_server(tmp_path_factory.mktemp(f"site-{sdk.version}")) as server:
        yield server


@pytest.fixture(scope="session")
def organization(site: LiveServer) -> str:
    """The organisation that holds registries, with the site's user in it."""
    site.manage("create_organization", "lineage", "--member", site.username)
    return "lineage"


@pytest.fixture(scope="session")
def pages(site: LiveServer) -> Pages:
    return Pages(site)


@dataclass
class Outcome:
    """What a script printed, and what the server was asked meanwhile."""

    code: int
    output: str
    errors: str
    requests: list[dict[str, str]] = field(default_factory=list)
    retries: list[str] = field(default_factory=list)

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

    def retried(self) -> list[str]:
        """Answers after which the SDK asks again, and what the SDK itself logged of asking again."""
        return [
            *(f"{request} {status}" for request, status in self.refused() if int(status) not in _FINAL),
            *self.retries,
        ]


def environment(site: LiveServer, home: Path, api_key: str | None = None) -> dict[str, str]:
    """Return what the SDK runs with: nothing of the developer's own, nothing cached."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("WANDB_", "LINEAGE_", "DJANGO_", "PYTHONPATH"))
    }
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


def retries_in(home: Path) -> list[str]:
    """Return the lines by which the SDK logs, in its own files, that it asks again."""
    logs = [path.read_text(errors="replace") for path in sorted(home.rglob("*.log")) if not path.is_symlink()]
    return [line for log in logs for line in log.splitlines() if _RETRYING.search(line)]


@dataclass(frozen=True)
class Desk:
    """Where one test's scripts and commands run: a directory and caches of its own."""

    site: LiveServer
    sdk: Sdk
    directory: Path

    @property
    def home(self) -> Path:
        return self.directory / "home"

    def script(
        self, source: str, *, code: int | None = 0, api_key: str | None = None, retries: bool = False, **variables: str
    ) -> Outcome:
        """Run Python code that uses wandb; fails unless it ends with `code`, and when anything had to be repeated."""
        return self.run(self._saved(source), code=code, retries=retries, variables=self._variables(api_key) | variables)

    def command(self, *words: str, code: int | None = 0, signed_in: bool = True, folder: Path | None = None) -> Outcome:
        """Run `wandb` on the command line; not signed in, it knows neither the site nor a key but by what it saved."""
        variables = self._variables(None)
        if not signed_in:
            del variables["WANDB_API_KEY"], variables["WANDB_BASE_URL"]
        return self.run("-m", "wandb", *words, code=code, variables=variables, folder=folder)

    def start(self, source: str) -> subprocess.Popen[str]:
        """Start Python code that uses wandb, and do not wait for it."""
        return subprocess.Popen(
            [self.sdk.python, self._saved(source)],
            cwd=self.directory,
            env=self._variables(None),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def kill(self, process: subprocess.Popen[str]) -> None:
        """End a started script and the SDK's own process without a word."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=60)

    def _saved(self, source: str) -> str:
        path = self.directory / "script.py"
        path.write_text(textwrap.dedent(source), encoding="utf-8")
        return str(path)

    def _variables(self, api_key: str | None) -> dict[str, str]:
        return environment(self.site, self.home, api_key)

    def run(
        self,
        *words: str,
        code: int | None,
        variables: dict[str, str],
        retries: bool = False,
        folder: Path | None = None,
    ) -> Outcome:
        start = len(self.site.log())
        done = subprocess.run(
            [self.sdk.python, *words],
            cwd=folder or self.directory,
            env=variables,
            check=False,
            capture_output=True,
            text=True,
            timeout=110,
        )
        log = self.site.log()[start:]
        outcome = Outcome(done.returncode, done.stdout, done.stderr, requests_in(log), retries_in(self.home))
        assert code is None or done.returncode == code, f"{done.stdout}\n{done.stderr}\n{log}"
        assert retries or outcome.retried() == [], log
        return outcome


@pytest.fixture
def desk(site: LiveServer, sdk: Sdk, tmp_path: Path) -> Desk:
    return Desk(site, sdk, tmp_path)


@pytest.fixture
def script(desk: Desk) -> Script:
    return desk.script


@pytest.fixture(scope="session")
def animals(site: LiveServer, sdk: Sdk, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    desk = Desk(site, sdk, tmp_path_factory.mktemp("animals"))
    return desk.run(str(ROOT / "examples" / "animals.py"), code=0, variables=environment(site, desk.home))
