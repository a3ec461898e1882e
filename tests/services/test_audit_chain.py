"""REG-6: the log can be verified: a sealed event that was changed, removed or slipped in is found."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from registry.models import AuditEvent, AuditSeal, Entity, Project
from registry.services import audit_chain

_triggers = import_module("registry.migrations.0002_audit_is_append_only")


@contextmanager
def owner_of_the_database() -> Iterator[None]:
    """Act as somebody who can lift the triggers."""
    with connection.schema_editor() as editor:
        _triggers.backwards(None, editor)
    yield
    with connection.schema_editor() as editor:
        _triggers.forwards(None, editor)


def seal_until(is_done: Callable[[], bool]) -> None:
    """Seal until it is done: on PostgreSQL an event waits for every older transaction of the server to end."""
    deadline = time.monotonic() + 60
    while not is_done():
        assert time.monotonic() < deadline, "nothing was sealed for a minute"
        audit_chain.seal_all()


@pytest.fixture
def sealed(transactional_db: None, zoo: Project, acme: Entity) -> int:
    """The chain of acme, sealed to its end."""
    events = AuditEvent.objects.filter(organization_id=acme.pk).count()
    seal_until(lambda: AuditSeal.objects.filter(chain=acme.pk).count() == events)
    return acme.pk


def test_reg_6_an_untouched_log_verifies(sealed: int) -> None:
    verdict = audit_chain.verify_chain(chain=sealed)
    assert verdict.broken_at is None
    assert verdict.checked == AuditSeal.objects.filter(chain=sealed).count() > 3


def _change(event: AuditEvent) -> None:
    AuditEvent.objects.filter(pk=event.pk).update(actor_label="mallory")


def _remove(event: AuditEvent) -> None:
    AuditEvent.objects.filter(pk=event.pk).delete()


def _move(event: AuditEvent) -> None:
    AuditEvent.objects.filter(pk=event.pk).update(organization_id=None)


@pytest.mark.parametrize(
    ("tamper", "reason"), [(_change, "was changed"), (_remove, "was removed"), (_move, "was moved")]
)
def test_reg_6_a_tampered_event_is_found(sealed: int, tamper: Callable[[AuditEvent], None], reason: str) -> None:
    victim = AuditSeal.objects.select_related("event").get(chain=sealed, position=3)
    with owner_of_the_database():
        tamper(victim.event)
    verdict = audit_chain.verify_chain(chain=sealed)
    assert verdict.broken_at == 3
    assert reason in verdict.reason


def test_reg_6_an_event_slipped_in_below_the_horizon_is_found(sealed: int) -> None:
    victim = AuditSeal.objects.select_related("event").filter(chain=sealed).order_by("-position")[0]
    with owner_of_the_database():
        victim.delete()
    assert audit_chain.verify_chain(chain=sealed).reason == "1 events were slipped in below the sealed horizon"


def test_reg_6_sealing_again_adds_nothing(sealed: int) -> None:
    before = audit_chain.seal_chain(chain=sealed)
    assert audit_chain.seal_chain(chain=sealed) == before


def test_reg_6_seals_are_append_only_too(sealed: int) -> None:
    with pytest.raises(Exception, match="append-only"):
        AuditSeal.objects.filter(chain=sealed).update(hash="0" * 64)


def test_reg_6_the_command_fails_when_the_log_was_changed(sealed: int) -> None:
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    assert "ok" in out.getvalue()
    with owner_of_the_database():
        _change(AuditSeal.objects.select_related("event").get(chain=sealed, position=1).event)
    with pytest.raises(CommandError, match="was changed"):
        call_command("audit", "verify", stdout=out)
    assert "BROKEN at 1" in out.getvalue()


@pytest.mark.django_db
def test_reg_6_the_log_is_exported_as_json_lines(zoo: Project) -> None:
    out = StringIO()
    call_command("audit", "export", stdout=out)
    assert len(out.getvalue().splitlines()) == AuditEvent.objects.count()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer: no event can come late")
@pytest.mark.django_db(transaction=True)
def test_reg_6_an_event_of_a_transaction_that_is_still_open_is_waited_for(acme: Entity) -> None:
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('registry_auditevent', 'id')), txid_current()")
            held_id = cursor.fetchone()[0]
        for _ in range(3):
            audit_chain.seal_chain(chain=acme.pk)
        AuditEvent.objects.create(
            action="team.created", organization_id=acme.pk, object_type="entity", actor_kind="system"
        )
        for _ in range(3):
            audit_chain.seal_chain(chain=acme.pk)
        assert not AuditSeal.objects.filter(event_id__gt=held_id).exists()
    finally:
        other.rollback()
        other.close()
    seal_until(AuditSeal.objects.filter(event_id__gt=held_id).exists)
