"""An index that counts the present runs of a project, for every page; it takes the place of the key's own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_use_path_projects"),
    ]

    operations = [
        migrations.AlterField(
            model_name="run",
            name="project",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="registry.project"
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                condition=models.Q(("deleted_at", None)), fields=["project"], name="run_project_present"
            ),
        ),
    ]
