"""Digests as the wandb SDK writes them."""

import base64
import binascii
import hashlib
from collections.abc import Iterable

from registry.core.errors import InvalidInput

_MD5_BYTES = 16


def md5_hex(base64_md5: str) -> str:
    """Return the hex form of a base64 MD5 digest; raises `InvalidInput` when it is none."""
    try:
        raw = base64.b64decode(base64_md5, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput(f"{base64_md5[:80]!r} is not a base64 MD5 digest.") from None
    if len(raw) != _MD5_BYTES:
        raise InvalidInput(f"{base64_md5[:80]!r} is not a base64 MD5 digest.")
    return raw.hex()


def md5_base64(hex_md5: str) -> str:
    return base64.b64encode(bytes.fromhex(hex_md5)).decode()


def artifact_digest(entries: Iterable[tuple[str, str]]) -> str:
    """Return the artifact's digest for its (path, entry digest) pairs, in any order.

    It is the SDK's own: hex MD5 over a header line and `path:digest` lines sorted by code point.
    """
    hasher = hashlib.md5(b"wandb-artifact-manifest-v1\n", usedforsecurity=False)
    for path, digest in sorted(entries):
        hasher.update(f"{path}:{digest}\n".encode())
    return hasher.hexdigest()
