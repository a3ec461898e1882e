"""Invitations, and the table that counts failed sign-ins."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models

import registry.core.clock
import registry.models.accounts
import registry.models.audit

TABLE = "registry_throttle"


def make_throttle(apps: Any, editor: Any) -> None:
    call_command("createcachetable", TABLE, database=editor.connection.alias, verbosity=0)


def drop_throttle(apps: Any, editor: Any) -> None:
    editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_audit_is_append_only"),
    ]

    operations = [
        migrations.RunPython(make_throttle, drop_throttle, elidable=False),
        migrations.AlterField(
            model_name="auditevent",
            name="action",
            field=models.CharField(choices=registry.models.audit.action_choices, max_length=32),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(choices=registry.models.accounts.role_choices, max_length=16)),
                (
                    "note",
                    models.CharField(
                        blank=True, help_text="For whom it is meant, for the list of invitations.", max_length=128
                    ),
                ),
                ("token_hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(default=registry.core.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="registry.entity"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("token_hash",), name="invitation_token_unique")],
            },
        ),
    ]
