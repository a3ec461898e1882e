"""Makes a team in an organisation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from registry.core.errors import LineageError
from registry.core.viewer import Role, Viewer
from registry.management.arguments import as_output, parse_member
from registry.queries.accounts import get_organization, get_user, list_members
from registry.services import accounts


class Command(BaseCommand):
    help = "Create a team, the owner of shared projects; running it again adds members."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--organization", required=True, metavar="NAME")
        parser.add_argument(
            "--member", action="append", default=[], metavar="NAME[:ROLE]", help="viewer, member (default) or admin"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = self._create(options["name"], options["organization"], options["member"])
        except LineageError as error:
            raise CommandError(error.message) from error
        self.stdout.write(as_output(answer, as_json=options["as_json"]))

    @transaction.atomic
    def _create(self, name: str, organization_name: str, members: list[str]) -> dict[str, Any]:
        viewer = Viewer.system()
        organization = get_organization(viewer=viewer, name=organization_name)
        team = accounts.create_team(viewer=viewer, name=name, organization=organization)
        for username, role in (parse_member(text, Role.MEMBER) for text in members):
            user = get_user(viewer=viewer, username=username)
            accounts.add_member(viewer=viewer, entity=team, user=user, role=role)
            accounts.join_organization(viewer=viewer, organization=organization, user=user)
        return {
            "team": team.name,
            "organization": organization.name,
            "members": dict(list_members(viewer=viewer, entity=team)),
        }
