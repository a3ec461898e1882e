"""API keys: `Authorization: Basic api:KEY` or `Bearer KEY`. Never a cookie, never the address."""

import base64
import binascii
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest

from registry.api.errors import request_id
from registry.core import clock
from registry.core.errors import NotFound, Unauthenticated
from registry.core.viewer import ActorKind, Origin, Viewer
from registry.queries.accounts import get_viewer
from registry.queries.sdk_keys import find_usable_key
from registry.services.accounts import hash_key, note_key_use

_MAX_HEADER = 4096
_NOTE_USE_EVERY = timedelta(minutes=1)


def authenticate(request: HttpRequest) -> Viewer:
    """Return the viewer of the request's API key. Raises `Unauthenticated` for every kind of wrong key alike."""
    key_text = _key_text(request.headers.get("Authorization", ""))
    now = clock.now()
    key = find_usable_key(key_hash=hash_key(key_text), now=now)
    if key is None:
        raise Unauthenticated(f"The API key is not valid. Get one at {settings.PUBLIC_URL}/authorize")
    if key.last_used_at is None or now - key.last_used_at >= _NOTE_USE_EVERY:
        note_key_use(key_id=key.key_id, now=now)
    return viewer_of(request, key.user_id, ActorKind.API_KEY, key_prefix=key.public_id)


def viewer_of(request: HttpRequest, user_id: int, kind: ActorKind, key_prefix: str = "") -> Viewer:
    """Return the viewer of an active user who came by a key or a signed address."""
    origin = Origin(
        kind=kind,
        key_prefix=key_prefix,
        request_id=request_id(request),
        ip=request.META.get("REMOTE_ADDR", ""),
        user_agent=request.headers.get("User-Agent", "")[:255],
    )
    try:
        return get_viewer(user_id=user_id, origin=origin)
    except NotFound:
        raise Unauthenticated("This user may not sign in any more.") from None


def _key_text(header: str) -> str:
    """Return the key in the header, or an empty text, which is nobody's key."""
    scheme, _, value = header.partition(" ")
    if len(header) > _MAX_HEADER:
        return ""
    # two Authorization headers arrive joined by a comma, which is in no key and in no base64
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        decoded = base64.b64decode(value.strip(), validate=True).decode("ascii")
    except (ValueError, binascii.Error, UnicodeError):
        return ""
    return decoded.partition(":")[2]
