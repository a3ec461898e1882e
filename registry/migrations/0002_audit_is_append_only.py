"""Triggers that refuse every change of an audit row and of its seal, on both databases."""

from typing import Any

from django.db import migrations

MESSAGE = "the audit log is append-only"
TABLES = ("registry_auditevent", "registry_auditseal")


def _sqlite(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    known = f"SELECT 1 FROM {table} WHERE id = NEW.id"  # noqa: S608 - our own names
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        # INSERT OR REPLACE deletes without firing a delete trigger
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({known}) {refuse}",
    ]


def _sqlite_undo(table: str) -> list[str]:
    return [f"DROP TRIGGER {table}_no_{what}" for what in ("update", "delete", "replace")]


POSTGRESQL_FUNCTION = f"""
    CREATE FUNCTION registry_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""


def _postgresql(table: str) -> list[str]:
    execute = "EXECUTE FUNCTION registry_audit_append_only()"
    return [
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {execute}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {execute}",
        # ALWAYS, or session_replication_role = replica would skip them
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate",
    ]


def _postgresql_undo(table: str) -> list[str]:
    return [f"DROP TRIGGER {table}_no_{what} ON {table}" for what in ("change", "truncate")]


def forwards(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        statements = [statement for table in TABLES for statement in _sqlite(table)]
    else:
        statements = [POSTGRESQL_FUNCTION, *(statement for table in TABLES for statement in _postgresql(table))]
    for statement in statements:
        schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        statements = [statement for table in TABLES for statement in _sqlite_undo(table)]
    else:
        statements = [statement for table in TABLES for statement in _postgresql_undo(table)]
        statements.append("DROP FUNCTION registry_audit_append_only()")
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
