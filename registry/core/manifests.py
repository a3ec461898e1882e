"""The SDK's manifest files: parsing one, checking what it names, overlaying several."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.core.digests import md5_hex
from registry.core.errors import InvalidInput, TooLarge
from registry.core.text import clean_text, clean_value

MAX_ENTRIES = 1_000_000
MAX_MANIFEST_BYTES = 128 << 20
# brackets and commas: what is parsed takes up to a hundred times the bytes of `[],` on disk
MAX_MANIFEST_VALUES = 6 * MAX_ENTRIES
MAX_PATH_BYTES = 1024
MAX_SEGMENT_BYTES = 255
_MAX_DIGEST = 2048
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, whose digest is a base64 MD5, or a reference to something elsewhere. `size` is None when not given."""

    path: str
    digest: str
    size: int | None
    ref: str
    extra: dict[str, Any] | None

    @property
    def md5(self) -> str:
        return md5_hex(self.digest)


def parse_manifest(content: bytes) -> dict[str, Entry]:
    """Return the entries by path.

    Raises `TooLarge` before parsing when there are too many, `InvalidInput` for anything that the SDK would not write.
    """
    if len(content) > MAX_MANIFEST_BYTES:
        raise TooLarge(f"The manifest has {len(content)} bytes; the limit is {MAX_MANIFEST_BYTES}.")
    if content.count(b'"digest"') > MAX_ENTRIES:
        raise TooLarge(f"The manifest has more than {MAX_ENTRIES} entries.")
    if sum(content.count(mark) for mark in (b",", b"[", b"{")) > MAX_MANIFEST_VALUES:
        raise TooLarge(f"The manifest has more than {MAX_MANIFEST_VALUES} values.")
    try:
        parsed = json.loads(content.decode(), object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError):
        raise InvalidInput("The manifest is not valid UTF-8 JSON.") from None
    if not isinstance(parsed, dict) or parsed.get("version") != 1 or not isinstance(parsed.get("contents"), dict):
        raise InvalidInput("The manifest must be a JSON object with version 1 and contents.")
    if len(parsed["contents"]) > MAX_ENTRIES:
        raise TooLarge(f"The manifest has more than {MAX_ENTRIES} entries.")
    entries = {path: _entry(path, fields) for path, fields in parsed["contents"].items()}
    refuse_files_as_directories(entries)
    return entries


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidInput("The manifest names a key twice.")
    return found


def _entry(path: str, fields: Any) -> Entry:
    path = clean_path(path)
    if not isinstance(fields, Mapping):
        raise InvalidInput(f"The manifest's entry {path!r} must be a JSON object.")
    digest, size, ref, extra = (fields.get(key) for key in ("digest", "size", "ref", "extra"))
    if not isinstance(digest, str) or not digest:
        raise InvalidInput(f"The manifest's entry {path!r} has no digest.")
    if size is not None and (isinstance(size, bool) or not isinstance(size, int) or not 0 <= size < 2**63):
        raise InvalidInput(f"The manifest's entry {path!r} has an impossible size.")
    if ref is not None and (not isinstance(ref, str) or not ref):
        raise InvalidInput(f"The manifest's entry {path!r} has a reference that is no text.")
    if extra is not None and not isinstance(extra, dict):
        raise InvalidInput(f"The manifest's entry {path!r} has an extra that is no object.")
    if ref is None:
        md5_hex(digest)
    return Entry(
        path=path,
        digest=clean_text("An entry's digest", digest, _MAX_DIGEST),
        size=size,
        ref=clean_text("An entry's reference", ref, 8192) if ref is not None else "",
        extra=clean_value("An entry's extra", extra) if extra else None,
    )


def clean_path(path: object) -> str:
    """Return the path of a file inside an artifact or a run unchanged, or raise `InvalidInput` saying "bad path"."""
    if not isinstance(path, str):
        raise InvalidInput("bad path: it must be text")
    shown = repr(path[:120])
    try:
        length = len(path.encode())
    except UnicodeEncodeError:
        raise InvalidInput(f"bad path {shown}: it is not valid Unicode text") from None
    if length > MAX_PATH_BYTES:
        raise InvalidInput(f"bad path {shown}: it is longer than {MAX_PATH_BYTES} bytes")
    if _CONTROLS.search(path):
        raise InvalidInput(f"bad path {shown}: it contains control characters")
    if path.startswith(("/", "~/", " ")) or "\\" in path or _DRIVE.match(path):
        raise InvalidInput(f"bad path {shown}: it must be relative, with / between its parts")
    for segment in path.split("/"):
        if segment in {"", ".", ".."}:
            raise InvalidInput(f"bad path {shown}: it has an empty part, '.' or '..'")
        if len(segment.encode()) > MAX_SEGMENT_BYTES:
            raise InvalidInput(f"bad path {shown}: a part of it is longer than {MAX_SEGMENT_BYTES} bytes")
    return path


def refuse_files_as_directories(paths: Iterable[str]) -> None:
    """Raise `InvalidInput` when one path is a folder of another, which no file system can hold."""
    known = set(paths)
    for path in known:
        cut = path.rfind("/")
        while cut != -1:
            if path[:cut] in known:
                raise InvalidInput(f"bad path {path[:120]!r}: {path[:cut][:120]!r} is a file")
            cut = path.rfind("/", 0, cut)
