"""Looking up an API key. There is no viewer yet: the key is what makes one."""

from dataclasses import dataclass
from datetime import datetime

from registry.models import ApiKey


@dataclass(frozen=True, slots=True)
class UsableKey:
    """What authentication needs to know of a key."""

    key_id: int
    user_id: int
    public_id: str
    last_used_at: datetime | None


def find_usable_key(*, key_hash: str, now: datetime) -> UsableKey | None:
    """Return the key with that SHA-256 unless it is revoked, expired or of a disabled user; one query."""
    row = (
        ApiKey.objects.usable(now).filter(key_hash=key_hash).values_list("pk", "user_id", "public_id", "last_used_at")
    ).first()
    return None if row is None else UsableKey(*row)
