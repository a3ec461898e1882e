"""U22, F8: one content from several clients at once, some of them broken; clients that are slow."""

import hashlib
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from tests.sdk.saver import Saver
from tests.server import LiveServer

CONTENT = b"the same bytes " * 200_000


def _begin(site: LiveServer, address: SplitResult, length: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", site.port), timeout=60)
    lines = [
        f"PUT {address.path}?{address.query} HTTP/1.1",
        f"Host: 127.0.0.1:{site.port}",
        f"Content-Length: {length}",
        "Connection: close",
    ]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    return connection


def _status(connection: socket.socket) -> int:
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
    return int(received.split(b" ", 2)[1])


def _put(site: LiveServer, address: SplitResult, content: bytes, barrier: threading.Barrier, *, cut: bool) -> int:
    """Send the content in two halves, the second when everybody is there; with `cut` it never comes."""
    half = len(content) // 2
    with _begin(site, address, len(content)) as connection:
        connection.sendall(content[:half])
        barrier.wait(timeout=60)
        if cut:
            connection.shutdown(socket.SHUT_WR)
        else:
            connection.sendall(content[half:])
        return _status(connection)


def _kept(site: LiveServer) -> list[Path]:
    return [path for path in (site.data_dir / "blobs").rglob("*") if path.is_file()]


def test_u22_one_content_from_two_clients_at_once_one_of_them_cut_off_is_one_good_blob(site: LiveServer) -> None:
    before = len(_kept(site))
    addresses = [urlsplit(Saver(site).upload_address(f"at-once-{number}", CONTENT)) for number in range(4)]
    wrong = CONTENT[:-1] + b"!"
    barrier = threading.Barrier(4)
    sent = [(CONTENT, False), (CONTENT, True), (CONTENT, False), (wrong, False)]
    with ThreadPoolExecutor(4) as pool:
        jobs = [
            pool.submit(_put, site, address, content, barrier, cut=cut)
            for address, (content, cut) in zip(addresses, sent, strict=True)
        ]
        statuses = [job.result() for job in jobs]
    # wrong bytes are a conflict when good ones were there before them
    assert statuses[:3] == [200, 400, 200]
    assert statuses[3] in {400, 409}
    sha256, md5 = hashlib.sha256(CONTENT).hexdigest(), hashlib.md5(CONTENT).hexdigest()
    path = site.data_dir / "blobs" / sha256[:2] / sha256
    assert path.read_bytes() == CONTENT
    assert len(_kept(site)) == before + 1
    assert site.query(f"answer = list(Blob.objects.filter(md5='{md5}').values_list('sha256', 'size_bytes'))") == [
        [sha256, len(CONTENT)]
    ]


def test_f8_a_slow_client_is_served_and_hinders_nobody(site: LiveServer) -> None:
    """Three of the four threads of a process wait, at worst, for clients that send 1 KB in a second."""
    content = b"slow" * 1024
    address = urlsplit(Saver(site).upload_address("slow", content))

    def slowly() -> int:
        with _begin(site, address, len(content)) as connection:
            for start in range(0, len(content), 1024):
                time.sleep(1)
                connection.sendall(content[start : start + 1024])
            return _status(connection)

    with ThreadPoolExecutor(3) as pool:
        slow = [pool.submit(slowly) for _ in range(3)]
        time.sleep(0.5)
        saved = Saver(site).save("beside", {"a": b"beside slow ones"})
        assert saved
        assert not any(job.done() for job in slow)
        assert [job.result() for job in slow] == [200] * 3
