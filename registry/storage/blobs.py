"""The bytes of files, content-addressed in a local directory. Names that people give never become paths here."""

import contextlib
import errno
import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from registry.core.errors import InvalidInput, NotFound, TooLarge, Unavailable

_SHA256 = re.compile(r"[0-9a-f]{64}")
CHUNK_BYTES = 1 << 18
# directories whose entry in their parent this process has written to disk; there are at most 256 in a store
_durable: set[Path] = set()


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """What was written: both digests in hex, and the length."""

    sha256: str
    md5: str
    size_bytes: int


class BlobStore:
    """Keeps each content once, under its SHA-256. What can be read is whole: files appear by an atomic rename."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def write(
        self, chunks: Iterable[bytes], *, length: int, md5: str | None = None, limit: int | None = None
    ) -> StoredBytes:
        """Store the bytes and return their digests; on any failure nothing is left behind.

        Raises `InvalidInput` when the bytes are not `length` many or do not have the hex MD5 `md5`, `TooLarge` over
        `limit`, `Unavailable` when the disk refuses. Memory use is one chunk.
        """
        if limit is not None and length > limit:
            raise TooLarge(f"The upload has {length} bytes; the limit is {limit}.")
        temporary = self._root / "tmp" / secrets.token_hex(16)
        try:
            temporary.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                stored = _write_checked(temporary, chunks, length, md5)
                self._publish(temporary, stored.sha256)
            finally:
                temporary.unlink(missing_ok=True)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise Unavailable("insufficient storage: the disk of the server is full") from error
            if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.EIO}:
                raise Unavailable("the server cannot write to its storage right now") from error
            raise
        return stored

    def _publish(self, temporary: Path, sha256: str) -> None:
        target = self._path(sha256)
        if not target.exists():
            self._ensure_directory(target.parent)
            temporary.replace(target)
        # also when it was there: who put it there may not have come to this line yet
        _sync_directory(target.parent)

    def _ensure_directory(self, directory: Path) -> None:
        """Make the directory durable before the first file of this process goes into it."""
        if directory in _durable and directory.is_dir():
            return
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sync_directory(self._root)
        _durable.add(directory)

    def open(self, sha256: str) -> BinaryIO:
        """Return the content, to be closed by the caller; `NotFound` when it was lost."""
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError:
            raise NotFound(f"The stored bytes with the digest {sha256} are gone.") from None

    def has(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise InvalidInput("not a SHA-256 digest")
        return self._root / sha256[:2] / sha256


def blob_store() -> BlobStore:
    return BlobStore(Path(settings.DATA_DIR) / "blobs")


def read_range(content: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    """Yield `length` bytes from `start` on, and close the file at the end or when the reader gives up."""
    with contextlib.closing(content):
        content.seek(start)
        while length > 0:
            chunk = content.read(min(CHUNK_BYTES, length))
            if not chunk:
                return
            length -= len(chunk)
            yield chunk


def _write_checked(path: Path, chunks: Iterable[bytes], length: int, md5: str | None) -> StoredBytes:
    sha256_hash, md5_hash, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    with path.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > length:
                raise InvalidInput(f"The upload is longer than the {length} bytes it announced.")
            file.write(chunk)
            sha256_hash.update(chunk)
            md5_hash.update(chunk)
        if size != length:
            raise InvalidInput(f"The upload ended after {size} of {length} bytes.")
        if md5 is not None and md5_hash.hexdigest() != md5:
            raise InvalidInput("digest mismatch: the bytes do not have the MD5 that was announced")
        file.flush()
        os.fsync(file.fileno())
    return StoredBytes(sha256_hash.hexdigest(), md5_hash.hexdigest(), size)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
