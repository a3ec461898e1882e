"""`make run`: the first start prepares everything and prints how to enter; the next prints it again, unchanged."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.server import free_port

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(data_dir: Path) -> Iterator[str]:
    """Run `manage.py serve --demo` until it answers, and yield what it printed until then."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("LINEAGE_", "DJANGO_", "DATABASE_"))
    }
    log = data_dir / f"{port}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--demo"],
            cwd=ROOT,
            env={**kept, "LINEAGE_DATA_DIR": str(data_dir), "LINEAGE_PUBLIC_URL": url, "PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(f"{url}/readyz", process, log)
        yield log.read_text().replace(url, "<address>")
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(log.read_text())


def test_the_first_start_prepares_everything_and_the_next_changes_nothing(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        assert "Recording the demo project" in first
    kept = tmp_path / "credentials.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    credentials = json.loads(kept.read_text())
    with serving(tmp_path) as second:
        assert "Recording" not in second
        assert "Preparing" not in second
        assert "Collecting" not in second
    for printed in (first, second):
        assert "Lineage Site   <address>" in printed
        assert f"Sign in        {credentials['username']} / {credentials['password']}" in printed
        assert f"API key        {credentials['api_key']}" in printed
        assert "Demo           <address>/wildlife/zoo/" in printed
    assert json.loads(kept.read_text()) == credentials
