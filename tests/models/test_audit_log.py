"""REG-6: the audit log is append-only, enforced by the database itself."""

import pytest
from django.db import DatabaseError, connection, transaction

from registry.models import AuditEvent, Entity


@pytest.fixture
def event(acme: Entity) -> AuditEvent:
    return AuditEvent.objects.order_by("pk")[0]


def _refused(statement: str, *arguments: object) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)


def test_reg_6_an_event_cannot_be_changed(event: AuditEvent) -> None:
    _refused("UPDATE registry_auditevent SET actor_label = 'mallory' WHERE id = %s", event.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(actor_label="mallory")


def test_reg_6_an_event_cannot_be_deleted(event: AuditEvent) -> None:
    _refused("DELETE FROM registry_auditevent WHERE id = %s", event.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.delete()


def test_reg_6_an_event_cannot_be_replaced(event: AuditEvent) -> None:
    columns = ", ".join(field.column for field in AuditEvent._meta.concrete_fields)
    if connection.vendor == "sqlite":
        _refused(
            f"INSERT OR REPLACE INTO registry_auditevent ({columns}) SELECT {columns} FROM registry_auditevent"
            " WHERE id = %s",
            event.pk,
        )
    else:
        _refused(
            f"INSERT INTO registry_auditevent ({columns}) SELECT {columns} FROM registry_auditevent WHERE id = %s"
            " ON CONFLICT (id) DO UPDATE SET actor_label = 'mallory'",
            event.pk,
        )


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no TRUNCATE; its DELETE is tested above")
def test_reg_6_the_log_cannot_be_truncated(event: AuditEvent) -> None:
    _refused("TRUNCATE registry_auditevent")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="only PostgreSQL has replication roles")
def test_reg_6_a_replication_role_does_not_skip_the_triggers(event: AuditEvent) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        _refused("UPDATE registry_auditevent SET actor_label = 'mallory' WHERE id = %s", event.pk)
