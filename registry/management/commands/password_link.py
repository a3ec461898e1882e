"""Makes a link under which a user who has forgotten the password sets a new one."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from registry.core.errors import LineageError
from registry.core.viewer import Viewer
from registry.management.arguments import as_output
from registry.queries.accounts import get_user
from registry.services.people import create_password_link


class Command(BaseCommand):
    help = "Print a link to set a password: good once, for a day. Hand it to the user; nothing is mailed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="NAME")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        viewer = Viewer.system()
        try:
            user = get_user(viewer=viewer, username=options["username"])
            words = create_password_link(viewer=viewer, user=user)
        except LineageError as error:
            raise CommandError(error.message) from error
        link = settings.PUBLIC_URL + reverse("password_reset", args=words)
        self.stdout.write(as_output({"username": user.username, "link": link}, as_json=options["as_json"]))
