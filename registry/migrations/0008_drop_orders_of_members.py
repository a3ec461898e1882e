"""The orders of a cluster's members need no index of their own: members are read by their keys."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0007_count_present_runs"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="run",
            name="run_group_newest",
        ),
        migrations.RemoveIndex(
            model_name="run",
            name="run_group_names",
        ),
        migrations.RemoveIndex(
            model_name="run",
            name="run_group_states",
        ),
    ]
