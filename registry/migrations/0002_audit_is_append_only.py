"""Triggers that refuse every change of an audit row, on both databases."""

from typing import Any

from django.db import migrations

MESSAGE = "the audit log is append-only"

# SQLite: the third trigger stops INSERT OR REPLACE, which deletes without firing a delete trigger.
SQLITE = [
    f"""CREATE TRIGGER audit_no_update BEFORE UPDATE ON registry_auditevent
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    f"""CREATE TRIGGER audit_no_delete BEFORE DELETE ON registry_auditevent
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    f"""CREATE TRIGGER audit_no_replace BEFORE INSERT ON registry_auditevent
        WHEN EXISTS (SELECT 1 FROM registry_auditevent WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
]
SQLITE_UNDO = [f"DROP TRIGGER {name}" for name in ("audit_no_update", "audit_no_delete", "audit_no_replace")]

# PostgreSQL: ENABLE ALWAYS, or session_replication_role = replica would skip them.
POSTGRESQL = [
    f"""CREATE FUNCTION registry_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON registry_auditevent
       FOR EACH ROW EXECUTE FUNCTION registry_audit_append_only()""",
    """CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON registry_auditevent
       FOR EACH STATEMENT EXECUTE FUNCTION registry_audit_append_only()""",
    "ALTER TABLE registry_auditevent ENABLE ALWAYS TRIGGER audit_no_change",
    "ALTER TABLE registry_auditevent ENABLE ALWAYS TRIGGER audit_no_truncate",
]
POSTGRESQL_UNDO = [
    "DROP TRIGGER audit_no_truncate ON registry_auditevent",
    "DROP TRIGGER audit_no_change ON registry_auditevent",
    "DROP FUNCTION registry_audit_append_only()",
]


def _run(schema_editor: Any, sqlite: list[str], postgresql: list[str]) -> None:
    for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
        schema_editor.execute(statement)


def forwards(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, SQLITE, POSTGRESQL)


def backwards(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, SQLITE_UNDO, POSTGRESQL_UNDO)


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
