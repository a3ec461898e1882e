"""Makes an organisation with its registries."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from registry.core.errors import LineageError
from registry.core.viewer import Role, Viewer
from registry.management.arguments import as_output, parse_member
from registry.queries.accounts import get_user, list_members
from registry.services import accounts


class Command(BaseCommand):
    help = "Create an organisation with the registries Model and Dataset; running it again adds members."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME")
        parser.add_argument(
            "--member",
            action="append",
            default=[],
            metavar="NAME[:ROLE]",
            help="a user who joins and whose home organisation it becomes; roles: viewer, member (default), admin",
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = self._create(options["name"], options["member"])
        except LineageError as error:
            raise CommandError(error.message) from error
        self.stdout.write(as_output(answer, as_json=options["as_json"]))

    @transaction.atomic
    def _create(self, name: str, members: list[str]) -> dict[str, Any]:
        viewer = Viewer.system()
        organization = accounts.create_organization(viewer=viewer, name=name)
        for username, role in (parse_member(text, Role.MEMBER) for text in members):
            user = get_user(viewer=viewer, username=username)
            accounts.add_member(viewer=viewer, entity=organization, user=user, role=role)
            accounts.set_home_organization(viewer=viewer, user=user, organization=organization)
        return {"organization": organization.name, "members": dict(list_members(viewer=viewer, entity=organization))}
