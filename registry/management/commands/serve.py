"""Brings the installation up to date and serves it."""

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from registry.core.viewer import Viewer
from registry.management.demo.story import DEMO_PATH, TEAM
from registry.queries.accounts import find_entity
from registry.services.first_start import ensure_credentials


class Command(BaseCommand):
    help = "Migrate, collect static files, make the first administrator, then serve with gunicorn."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="record the demo project on the first start")

    def handle(self, *args: Any, **options: Any) -> None:
        self._migrate()
        self._collect_static()
        credentials, is_first_start = ensure_credentials(data_dir=settings.DATA_DIR)
        if options["demo"] and is_first_start:
            self.stdout.write("Recording the demo project …")
            call_command("demo", owner=credentials.username, verbosity=0)
        self.stdout.write(
            f"\n  Lineage Site   {settings.PUBLIC_URL}\n"
            f"  Sign in        {credentials.username} / {credentials.password}\n"
            f"  API key        {credentials.api_key}\n"
            f"{self._demo()}\n"
            f"  WANDB_BASE_URL={settings.PUBLIC_URL} WANDB_API_KEY={credentials.api_key} python examples/animals.py\n"
        )
        self.stdout.flush()
        connections.close_all()
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:lineage_site.gunicorn_config"]
        os.execv(sys.executable, [*gunicorn, "lineage_site.wsgi"])  # noqa: S606 - our own words only

    @staticmethod
    def _demo() -> str:
        if find_entity(viewer=Viewer.system(), name=TEAM) is None:
            return ""
        return f"  Demo           {settings.PUBLIC_URL}{DEMO_PATH}\n"

    def _migrate(self) -> None:
        executor = MigrationExecutor(connections["default"])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database …")
            call_command("migrate", verbosity=0, interactive=False)

    def _collect_static(self) -> None:
        """Collect when a source file is newer than the last collection: hashing all of them takes seconds."""
        stamp = settings.STATIC_ROOT / ".collected"
        sources = [path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*")]
        newest = max((path.stat().st_mtime for path in sources), default=0)
        if stamp.exists() and stamp.stat().st_mtime >= newest:
            return
        self.stdout.write("Collecting static files …")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.touch()
