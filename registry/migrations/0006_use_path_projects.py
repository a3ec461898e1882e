"""The project that a use was named by, also after it was renamed."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from registry.core.names import key


def fill(apps: Any, _schema_editor: Any) -> None:
    """Find the projects of the paths that are there already, by the names that they have now."""
    paths, projects = apps.get_model("registry", "UsePath"), apps.get_model("registry", "Project")
    for entity_name, project_name in paths.objects.values_list("entity_name", "project_name").distinct():
        named = projects.objects.filter(entity__name_key=key(entity_name), name_key=key(project_name))
        paths.objects.filter(entity_name=entity_name, project_name=project_name).update(project=named.first())


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_run_alerts"),
    ]

    operations = [
        migrations.AddField(
            model_name="usepath",
            name="project",
            field=models.ForeignKey(
                help_text="The project that had this name then; it may have another one now.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="registry.project",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
