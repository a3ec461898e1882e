"""Alerts that runs send."""

import django.db.models.deletion
from django.db import migrations, models

import registry.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0004_saved_views"),
    ]

    operations = [
        migrations.CreateModel(
            name="RunAlert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=128)),
                ("text", models.TextField(blank=True)),
                (
                    "level",
                    models.CharField(
                        choices=[("INFO", "info"), ("WARN", "warning"), ("ERROR", "error")],
                        default="INFO",
                        max_length=5,
                    ),
                ),
                ("created_at", models.DateTimeField(default=registry.core.clock.now)),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="registry.run",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["run", "-id"], name="run_alert_newest")],
            },
        ),
    ]
