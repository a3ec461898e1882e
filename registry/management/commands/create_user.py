"""Makes a user who can sign in and, on request, an API key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from registry.core.errors import LineageError
from registry.core.viewer import Viewer
from registry.management.arguments import as_output
from registry.services import accounts


class Command(BaseCommand):
    help = "Create a user, or change an existing one; running it again is harmless."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="NAME", help="up to 64 letters, digits, '_' and '-'")
        parser.add_argument("--admin", action="store_true", help="may use the admin site and sees everything")
        parser.add_argument("--password", help="without one, the user can use API keys but not sign in")
        parser.add_argument("--full-name", default="")
        key = parser.add_mutually_exclusive_group()
        key.add_argument("--api-key", metavar="KEY", help="use this key; the SDK must accept its form")
        key.add_argument("--new-key", action="store_true", help="make a key and print it; it is not shown again")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            api_key = self._create(options)
        except LineageError as error:
            raise CommandError(error.message) from error
        answer = {"username": options["username"], "api_key": api_key}
        self.stdout.write(as_output(answer, as_json=options["as_json"]))

    @transaction.atomic
    def _create(self, options: dict[str, Any]) -> str | None:
        viewer = Viewer.system()
        user, _ = accounts.create_user(
            viewer=viewer,
            username=options["username"],
            password=options["password"],
            name=options["full_name"],
            is_admin=options["admin"],
        )
        if not options["new_key"] and options["api_key"] is None:
            return None
        _, text = accounts.create_api_key(viewer=viewer, user=user, text=options["api_key"])
        return text
