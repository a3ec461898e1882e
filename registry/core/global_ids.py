"""Ids as the SDK sees them: standard base64 of `<Kind>:<number>`. The SDK decodes those of artifacts itself."""

import base64
import binascii
import re

_ID = re.compile(r"([A-Za-z]+):(\d{1,19})")
_REFERENCE = re.compile(r"wandb-artifact://([0-9a-fA-F]{2,128})/")


def encode_id(kind: str, number: int) -> str:
    return base64.b64encode(f"{kind}:{number}".encode()).decode()


def decode_id(kind: str, text: str) -> int | None:
    """Return the number in an id of that kind; None for anything else."""
    try:
        found = _ID.fullmatch(base64.b64decode(text, validate=True).decode("ascii"))
    except (ValueError, binascii.Error, UnicodeError):
        return None
    if found is None or found[1] != kind or int(found[2]) >= 2**63:
        return None
    return int(found[2])


def referenced_artifact(uri: str) -> int | None:
    """Return the number of the artifact to whose file a `wandb-artifact://<hex id>/<path>` URI refers."""
    found = _REFERENCE.match(uri)
    if found is None or len(found[1]) % 2:
        return None
    return decode_id("Artifact", base64.b64encode(bytes.fromhex(found[1])).decode())
