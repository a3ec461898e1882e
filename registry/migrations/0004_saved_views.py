"""Saved views of the lineage graph, and the indexes by which a cluster's runs are sorted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import registry.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_invitations"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("private", "Private"), ("shared", "Shared"), ("link", "Link")], max_length=8
                    ),
                ),
                (
                    "base",
                    models.CharField(blank=True, help_text="The node of the page, such as artifact-7.", max_length=32),
                ),
                ("name", models.CharField(blank=True, max_length=128)),
                ("query", models.TextField(blank=True)),
                (
                    "positions",
                    models.JSONField(blank=True, default=dict, help_text="[x, y] of dragged cards, by node."),
                ),
                ("token", models.CharField(blank=True, max_length=32)),
                ("created_at", models.DateTimeField(default=registry.core.clock.now)),
                ("updated_at", models.DateTimeField(default=registry.core.clock.now)),
            ],
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["group", "name", "-id"], name="run_group_names"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["group", "state", "-id"], name="run_group_states"),
        ),
        migrations.AddField(
            model_name="savedview",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_views",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="project",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_views",
                to="registry.project",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "link"), _negated=True),
                fields=("project", "base", "owner", "name"),
                name="saved_view_name_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "link")), fields=("token",), name="saved_view_token_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "link"), ("owner", None), ("project", None)),
                    models.Q(("kind__in", ["private", "shared"]), ("owner__isnull", False), ("project__isnull", False)),
                    _connector="OR",
                ),
                name="saved_view_has_an_owner",
            ),
        ),
    ]
