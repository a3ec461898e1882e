"""Starts the site as users do: gunicorn in processes of its own, with its own data directory and database."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
USERNAME, PASSWORD, FULL_NAME = "alice", "alice-password", "Alice Adams"


@dataclass
class LiveServer:
    """A running site. `environment` is what a command of the project needs to work on the same installation."""

    url: str
    port: int
    username: str
    password: str
    api_key: str
    log_path: Path
    data_dir: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def manage(self, *arguments: str, timeout: float = 180) -> str:
        """Run a management command against this installation and return what it prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def create_user(self, username: str, **options: str) -> str:
        """Make a user and return a new API key."""
        extra = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)]
        answer: dict[str, str] = json.loads(self.manage("create_user", username, "--new-key", "--json", *extra))
        return answer["api_key"]

    def query(self, code: str) -> object:
        """Run Python with the project's models loaded; what it assigns to `answer` comes back, through JSON."""
        program = (
            "import django, json; django.setup()\n"
            "from registry.models import *\n"
            f"{code}\n"
            "print('\\n' + json.dumps(answer))"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def start(self) -> None:
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "python:lineage_site.gunicorn_config", "lineage_site.wsgi"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/livez", timeout=2):
                    return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{self.log()}")

    def kill(self) -> None:
        """End all processes of the server as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=25)
            except subprocess.TimeoutExpired:
                self.kill()

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace") if self.log_path.exists() else ""


@contextmanager
def start_server(directory: Path, database_url: str | None = None) -> Iterator[LiveServer]:
    """Serve a fresh installation on a free port until the block ends.

    The database is of the kind that DATABASE_URL names: a SQLite file in the directory, or a new database on that
    PostgreSQL server, dropped afterwards.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with _database(directory, database_url or os.environ.get("DATABASE_URL", "")) as url:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("LINEAGE_", "WANDB_"))},
            "DJANGO_SETTINGS_MODULE": "lineage_site.settings",
            "DATABASE_URL": url,
            "LINEAGE_DATA_DIR": str(directory / "data"),
            "LINEAGE_PUBLIC_URL": address,
            "PORT": str(port),
        }
        server = LiveServer(
            url=address,
            port=port,
            username=USERNAME,
            password=PASSWORD,
            api_key="",
            log_path=directory / "server.log",
            data_dir=directory / "data",
            environment=environment,
        )
        server.manage("migrate", "--verbosity", "0")
        server.manage("collectstatic", "--noinput", "--verbosity", "0")
        server.api_key = server.create_user(USERNAME, password=PASSWORD, full_name=FULL_NAME)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def _database(directory: Path, url: str) -> Iterator[str]:
    if not url.startswith("postgres"):
        yield f"sqlite:///{directory / 'lineage.sqlite3'}"
        return
    name = f"live_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    parts = urlsplit(url)
    try:
        yield parts._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
