"""Tokens that make an address a capability: what it is for, for whom, and until when."""

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core import signing

from registry.core.errors import Forbidden


class Purpose(StrEnum):
    """What a token opens. One made for one purpose is worth nothing for another."""

    UPLOAD_FILE = "uf"
    UPLOAD_MANIFEST = "um"
    UPLOAD_RUN_FILE = "ur"
    DOWNLOAD_FILE = "df"
    DOWNLOAD_MANIFEST = "dm"
    DOWNLOAD_RUN_FILE = "dr"


@dataclass(frozen=True, slots=True)
class Grant:
    """The user on whose behalf the address was made, the row it is for, and the expected hex MD5 of an upload."""

    user_id: int
    row_id: int
    md5: str = ""


def sign(purpose: Purpose, grant: Grant) -> str:
    return signing.dumps([grant.user_id, grant.row_id, grant.md5], salt=f"lineage.{purpose}")


def read_token(purpose: Purpose, token: str) -> Grant:
    """Return what the token grants; `Forbidden` when it is forged, expired or made for something else."""
    try:
        user_id, row_id, md5 = signing.loads(token, salt=f"lineage.{purpose}", max_age=settings.SIGNED_URL_SECONDS)
    except signing.SignatureExpired:
        raise Forbidden("This address has expired; ask for a new one.") from None
    except (signing.BadSignature, ValueError, TypeError):
        raise Forbidden("This address is not valid.") from None
    return Grant(user_id=user_id, row_id=row_id, md5=md5)
