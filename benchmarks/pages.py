"""Measures how many Lineage pages the real server answers to 16 people at once, signed in.

    python -m benchmarks.pages [--hub 5000] [--families 400] [--seconds 10]

Each database is fresh, filled with generated lineage and served by gunicorn as `manage.py serve` does. Pages whose
layout is in the cache and pages that nobody has opened before are asked for in turn; what counts is the ratio, and that
no answer is an error. The CPU time is that of gunicorn alone, where /proc tells it, and hardly depends on what else the
machine does. Leaves with 1 for an error only.
"""

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import django

from tests.with_postgresql import postgresql

PEOPLE = 16
CACHED_ADDRESSES = 20
START_SECONDS = 60


@dataclass
class Answers:
    """What came back: seconds of each answer, its bytes on the wire, and whatever was not a page."""

    seconds: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    took: float = 0.0
    cpu: float = 0.0

    def add(self, other: "Answers") -> None:
        self.seconds += other.seconds
        self.sizes += other.sizes
        self.errors += other.errors


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hub", type=int, default=5_000, help="readers of the hub")
    parser.add_argument("--families", type=int, default=400, help="experiments beside it")
    parser.add_argument("--seconds", type=float, default=10, help="how long each kind of page is asked for")
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill:
        django.setup()
        fill = import_module("benchmarks.visitors").fill
        print(json.dumps(fill(hub=options.hub, families=options.families)))
        return 0
    errors = [error for name in ("SQLite", "PostgreSQL") for error in _measure(name, options)]
    for error in sorted(set(errors)):
        print(f"error: {error} ({errors.count(error)} times)")
    return 1 if errors else 0


def _measure(name: str, options: argparse.Namespace) -> list[str]:
    with ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="lineage-benchmark-"))
        port = _free_port()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lineage_site.settings",
            "LINEAGE_DATA_DIR": directory,
            "LINEAGE_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PORT": str(port),
        }
        environment.pop("DATABASE_URL", None)
        if name == "PostgreSQL":
            environment["DATABASE_URL"] = stack.enter_context(postgresql())
        sizes = [f"--{key}={getattr(options, key)}" for key in ("hub", "families")]
        filled = subprocess.run(
            [sys.executable, "-m", "benchmarks.pages", "--fill", *sizes],
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        visit = json.loads(filled.stdout.splitlines()[-1])
        group = stack.enter_context(_served(port, environment))
        return _report(name, visit, port, group, options.seconds)


def _report(name: str, visit: dict[str, Any], port: int, group: int, seconds: float) -> list[str]:
    few, many = visit["addresses"][:CACHED_ADDRESSES], visit["addresses"][CACHED_ADDRESSES:]
    # every worker keeps layouts of its own
    ask(port, visit["cookie"], cycle(few), 2)
    unseen = iter(many)
    found = {"cached": Answers(), "unseen": Answers()}
    for _ in range(2):
        for kind, addresses in (("cached", cycle(few)), ("unseen", unseen)):
            started, spent = time.perf_counter(), _cpu_seconds(group)
            found[kind].add(ask(port, visit["cookie"], addresses, seconds / 2))
            found[kind].took += time.perf_counter() - started
            found[kind].cpu += _cpu_seconds(group) - spent
    print(f"\n{name}: {visit['edges']:,} edges, {PEOPLE} people at once")
    for kind, answers in found.items():
        times = [moment * 1000 for moment in answers.seconds]
        print(
            f"  layout {kind:<8}{len(times) / answers.took:>7.1f} pages/s   "
            f"median {median(times):.0f} ms, 95 % {quantiles(times, n=20)[-1]:.0f} ms   "
            f"{answers.cpu * 1000 / len(times):.0f} ms of CPU each   "
            f"{median(answers.sizes) / 1024:.0f} kB, {len(times):,} pages, {len(answers.errors)} errors"
        )
    return found["cached"].errors + found["unseen"].errors


def ask(port: int, cookie: str, addresses: Iterator[str], seconds: float) -> Answers:
    """Ask for `addresses` over 16 connections that stay open, for so many seconds or until there are no more."""
    answers, lock, end = Answers(), threading.Lock(), time.perf_counter() + seconds

    def visit() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.perf_counter() < end:
            with lock:
                address = next(addresses, None)
            if address is None:
                break
            started = time.perf_counter()
            status, body = _get(connection, address, cookie)
            with lock:
                answers.seconds.append(time.perf_counter() - started)
                answers.sizes.append(len(body))
                if status != http.HTTPStatus.OK:
                    answers.errors.append(f"{status}")
        connection.close()

    people = [threading.Thread(target=visit) for _ in range(PEOPLE)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return answers


def _get(connection: http.client.HTTPConnection, address: str, cookie: str) -> tuple[int, bytes]:
    try:
        connection.request("GET", address, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0, b""


@contextmanager
def _served(port: int, environment: dict[str, str]) -> Iterator[int]:
    """Serve as `manage.py serve` does; yield the server's process group."""
    command: Sequence[str] = [sys.executable, "-m", "gunicorn", "-c", "python:lineage_site.gunicorn_config"]
    with subprocess.Popen(
        [*command, "--log-level", "error", "lineage_site.wsgi"],
        env=environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as server:
        try:
            _wait_for(port, server)
            yield server.pid
        finally:
            server.terminate()


def _cpu_seconds(group: int) -> float:
    """What the processes of a group have computed so far."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # a process that has just ended
            words = path.read_text().rpartition(")")[2].split()
            ticks += int(words[11]) + int(words[12]) if int(words[2]) == group else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.perf_counter() + START_SECONDS
    while time.perf_counter() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("The server did not start.")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
