"""What no client library does on purpose: bodies that end early, that nobody reads, that say no length (F8, U14)."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.sdk.saver import Saver
from tests.sdk.versions import NEWEST
from tests.server import LiveServer

pytestmark = [
    pytest.mark.sdk,
    pytest.mark.xdist_group("sdk"),
    pytest.mark.parametrize("sdk", [NEWEST], indirect=True),  # no SDK takes part
]


@contextmanager
def _connection(site: LiveServer) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
        yield connection


def _head(site: LiveServer, method: str, target: str, *headers: str) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{site.port}", *headers, "", ""]
    return "\r\n".join(lines).encode()


def _answer(connection: socket.socket) -> tuple[int, bytes]:
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
        if b"\r\n\r\n" in received and received.endswith((b"}", b"]")):
            break
    return int(received.split(b" ", 2)[1]), received


def _files(site: LiveServer) -> list[Path]:
    return [path for path in (site.data_dir / "blobs").rglob("*") if path.is_file()]


def test_f8_an_upload_that_is_cut_off_leaves_nothing(site: LiveServer) -> None:
    content = b"cut off" * 100_000
    address = urlsplit(Saver(site).upload_address("cut", content))
    before = _files(site)
    with _connection(site) as connection:
        head = _head(site, "PUT", f"{address.path}?{address.query}", f"Content-Length: {len(content)}")
        connection.sendall(head + content[: len(content) // 2])
        connection.shutdown(socket.SHUT_WR)
        status, _ = _answer(connection)
    assert status == 400
    assert _files(site) == before
    assert site.query("import hashlib\nanswer = Blob.objects.filter(size_bytes=700000).count()") == 0


@pytest.mark.slow
def test_f8_a_client_that_falls_silent_gives_its_thread_back(site: LiveServer) -> None:
    address = urlsplit(Saver(site).upload_address("silent", b"silent"))
    before = _files(site)
    started = time.monotonic()
    with _connection(site) as connection:
        connection.settimeout(90)
        connection.sendall(_head(site, "PUT", f"{address.path}?{address.query}", "Content-Length: 6") + b"sil")
        status, _ = _answer(connection)
    assert (status, 55 < time.monotonic() - started < 75) == (400, True)
    assert _files(site) == before


def test_u14_an_upload_without_a_length_is_refused(site: LiveServer) -> None:
    address = urlsplit(Saver(site).upload_address("chunked", b"chunked"))
    with _connection(site) as connection:
        head = _head(site, "PUT", f"{address.path}?{address.query}", "Transfer-Encoding: chunked")
        connection.sendall(head + b"7\r\nchunked\r\n0\r\n\r\n")
        status, _ = _answer(connection)
    assert status == 400


@pytest.mark.parametrize("length", ["-1", "5, 5", "x"])
def test_u14_a_length_that_is_none_is_refused(site: LiveServer, length: str) -> None:
    with _connection(site) as connection:
        connection.sendall(_head(site, "PUT", "/storage/uf/x?token=x", f"Content-Length: {length}") + b"12345")
        status, _ = _answer(connection)
    assert status == 400


def test_a_refused_upload_gets_its_answer_although_nobody_wants_the_body(site: LiveServer) -> None:
    body = b"x" * (20 << 20)
    with _connection(site) as connection:
        connection.sendall(_head(site, "PUT", "/storage/uf/x?token=forged", f"Content-Length: {len(body)}") + body)
        status, _ = _answer(connection)
        assert status == 403
        # and the connection goes on with the next request, not with what is left of the last one
        connection.sendall(_head(site, "GET", "/sdk/otel/v1/logs"))
        status, _ = _answer(connection)
        assert status == 404


def test_a_refused_graphql_request_leaves_the_connection_usable(site: LiveServer) -> None:
    body = json.dumps({"query": "{viewer{id}}" + " " * 100_000}).encode()
    with _connection(site) as connection:
        for _ in range(2):
            head = _head(site, "POST", "/graphql", "Content-Type: application/json", f"Content-Length: {len(body)}")
            connection.sendall(head + body)
            status, _ = _answer(connection)
            assert status == 401
