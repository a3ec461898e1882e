"""API keys: the one that a request comes with, when there is no viewer yet, and those of the viewer."""

from dataclasses import dataclass
from datetime import datetime

from registry.core import clock
from registry.core.viewer import Viewer
from registry.models import ApiKey

_MOST_KEYS = 200


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


def list_own_keys(*, viewer: Viewer) -> list[ApiKey]:
    """Return the viewer's usable keys, oldest first."""
    rows = ApiKey.objects.usable(clock.now()).filter(user_id=viewer.user_id or 0)
    return list(rows.order_by("pk")[:_MOST_KEYS])


def find_key(*, viewer: Viewer, pk: int) -> ApiKey | None:
    """Return a key of the viewer's own, also a revoked one; administrators of the installation find anybody's."""
    rows = ApiKey.objects.select_related("user").filter(pk=pk)
    return (rows if viewer.is_all_seeing else rows.filter(user_id=viewer.user_id or 0)).first()
