"""Records the demo project."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.core import clock
from registry.core.errors import LineageError
from registry.core.viewer import Viewer
from registry.management.demo.release import evaluate, release
from registry.management.demo.story import DEMO_PATH, TEAM, Story, prepare_people
from registry.queries.accounts import find_entity


class Command(BaseCommand):
    help = "Record a demo project, once; running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--owner", default="admin", metavar="NAME", help="the user who administers it")

    def handle(self, *args: Any, **options: Any) -> None:
        if find_entity(viewer=Viewer.system(), name=TEAM) is None:
            try:
                prepare_people(options["owner"])
                story = Story(clock.now())
                split, model, sweep = story.record()
                evaluate(story, model, sweep)
                release(story, split, model, sweep)
            except LineageError as error:
                raise CommandError(error.message) from error
        if options["verbosity"]:
            self.stdout.write(f"Demo: {settings.PUBLIC_URL}{DEMO_PATH}")
