"""The hash chains over the audit log: sealing and verifying.

Events are written without a hash, so that no change waits for another. Sealing runs later and gives each event of an
organisation its place in one chain. Whoever changes or removes a sealed event breaks the chain; a copy of the head kept
elsewhere also exposes a chain that was written anew.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from registry.models import AuditChain, AuditEvent, AuditSeal

_BATCH = 1000
_FIELDS = [field.attname for field in AuditEvent._meta.concrete_fields]


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link of a chain; two installations with the same head have the same history."""

    chain: int
    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying a chain found. `broken_at` is the first position that is wrong, None when all is well."""

    chain: int
    checked: int
    broken_at: int | None
    reason: str = ""


def seal_all() -> list[Head]:
    """Seal what is safe to seal in every chain and return the heads, by chain."""
    organizations = AuditEvent.objects.order_by().values_list("organization_id", flat=True).distinct()
    return [seal_chain(chain=chain) for chain in sorted({organization or 0 for organization in organizations})]


@transaction.atomic
def seal_chain(*, chain: int) -> Head:
    """Extend one chain by the events that can no longer be preceded by another, in the order of their ids."""
    AuditChain.objects.get_or_create(chain=chain)
    state = AuditChain.objects.select_for_update().get(chain=chain)
    newest = AuditEvent.objects.aggregate(newest=Max("id"))["newest"] or 0
    if connection.vendor == "sqlite":
        # one writer at a time: an id that is visible has no older one still to come
        state.horizon_event_id = newest
        _extend(state)
    else:
        oldest_running, next_transaction = _transactions()
        if oldest_running >= state.horizon_transaction:
            _extend(state)
            state.horizon_event_id, state.horizon_transaction = newest, next_transaction
    state.save()
    return _head(chain)


def _transactions() -> tuple[int, int]:
    """Return the oldest transaction that is still running and the next one to start, on PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint "
            "FROM pg_current_snapshot() AS now"
        )
        oldest, following = cursor.fetchone()
    return int(oldest), int(following)


def _extend(state: AuditChain) -> None:
    head = _head(state.chain)
    position, previous = head.position, head.hash
    for event in _events(state.chain, after=state.sealed_event_id, until=state.horizon_event_id):
        position, digest = position + 1, link_hash(previous, event)
        AuditSeal.objects.create(
            event_id=event["id"], chain=state.chain, position=position, previous_hash=previous, hash=digest
        )
        previous = digest
    state.sealed_event_id = max(state.sealed_event_id, state.horizon_event_id)


def _events(chain: int, *, after: int, until: int) -> Iterator[dict[str, Any]]:
    events = AuditEvent.objects.filter(organization_id=chain or None, id__gt=after, id__lte=until).order_by("id")
    yield from events.values(*_FIELDS).iterator(chunk_size=_BATCH)


def _head(chain: int) -> Head:
    newest = AuditSeal.objects.filter(chain=chain).order_by("-position").first()
    return Head(chain, newest.position, newest.hash) if newest else Head(chain, 0, "")


def link_hash(previous: str, event: dict[str, Any]) -> str:
    """Return hex SHA-256 over the previous hash, a newline, and the event as JSON with sorted names."""
    text = json.dumps(event, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_as_text)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def _as_text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def verify_chain(*, chain: int) -> Verdict:
    """Walk a chain from its start and compare every link with its event."""
    previous, position = "", 0
    seals = AuditSeal.objects.filter(chain=chain).order_by("position")
    for seal in seals.iterator(chunk_size=_BATCH):
        position += 1
        event = AuditEvent.objects.filter(pk=seal.event_id).values(*_FIELDS).first()
        reason = _fault(seal, event, previous, position)
        if reason:
            return Verdict(chain, position, position, reason)
        previous = seal.hash
    state = AuditChain.objects.filter(chain=chain).first()
    missing = _unsealed(chain, state.sealed_event_id) if state else 0
    if missing:
        return Verdict(chain, position, position + 1, f"{missing} events were slipped in below the sealed horizon")
    return Verdict(chain, position, None)


def _fault(seal: AuditSeal, event: dict[str, Any] | None, previous: str, position: int) -> str:
    if seal.position != position:
        return f"link {position} is missing"
    if event is None:
        return f"event {seal.event_id} was removed"
    if (event["organization_id"] or 0) != seal.chain:
        return f"event {seal.event_id} was moved to another organisation"
    if seal.previous_hash != previous or seal.hash != link_hash(previous, event):
        return f"event {seal.event_id} was changed"
    return ""


def _unsealed(chain: int, until: int) -> int:
    return AuditEvent.objects.filter(organization_id=chain or None, id__lte=until, seal=None).count()
