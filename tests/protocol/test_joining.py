"""Teams, their members, users and keys through the SDK's own documents. SDK-1, ACC-1."""

from datetime import timedelta
from typing import Any

import pytest

from registry.core import clock
from registry.core.viewer import Role, Viewer
from registry.models import ApiKey, AuditEvent, Entity, EntityMember, User
from registry.services import accounts
from tests.protocol.conftest import Sdk, new_sdk
from tests.protocol.sdk_operations import operations

pytestmark = pytest.mark.django_db


def _ask(sdk: Sdk, operation: str, **variables: Any) -> Any:
    return sdk.ask(operations()[operation][0], **variables)


def _found(sdk: Sdk, text: str) -> list[Any]:
    document = operations()["SearchUsers"][0].replace("users(query: $query)", f'users(query: "{text}")')
    return [edge["node"] for edge in sdk.ask(document)["users"]["edges"]]


def _refusal(sdk: Sdk, operation: str, **variables: Any) -> tuple[int, str]:
    return sdk.refusal(operations()[operation][0], **variables)


def _roles(team: str) -> dict[str, str]:
    return dict(EntityMember.objects.filter(entity__name=team).values_list("user__username", "role"))


@pytest.fixture
def admin_sdk(sdk: Sdk, acme: Entity, alice: User) -> Sdk:
    """alice's SDK, who is an admin of the organisation here."""
    accounts.add_member(viewer=Viewer.system(), entity=acme, user=alice, role=Role.ADMIN)
    return sdk


def test_a_team_is_made_once_with_the_admin_that_was_named(admin_sdk: Sdk) -> None:
    made = _ask(admin_sdk, "CreateTeam", teamName="vision", teamAdminUserName="bob")["result"]["entity"]
    events = AuditEvent.objects.count()
    again = _ask(admin_sdk, "CreateTeam", teamName="vision", teamAdminUserName="bob")["result"]["entity"]
    assert (made["id"], made["name"], AuditEvent.objects.count()) == (again["id"], "vision", events)
    assert _roles("vision") == {"alice": "admin", "bob": "admin"}
    assert Entity.objects.get(name="vision").organization_id == Entity.objects.get(name="acme").pk
    team = _ask(admin_sdk, "GetTeamEntity", name="vision")["entity"]
    assert [(one["username"], one["admin"]) for one in team["members"]] == [("alice", True), ("bob", True)]


def test_a_team_is_refused_with_the_reason(admin_sdk: Sdk, bobs_sdk: Sdk, charlie: User) -> None:
    assert _refusal(bobs_sdk, "CreateTeam", teamName="vision") == (403, "Only admins of acme may do this.")
    assert _refusal(admin_sdk, "CreateTeam", teamName="bob") == (409, "The name 'bob' is already taken.")
    # it is there, but not so as it was asked for
    assert _refusal(admin_sdk, "CreateTeam", teamName="ml", teamAdminUserName="charlie")[0] == 409
    assert _refusal(admin_sdk, "CreateTeam", teamName="vision", teamAdminUserName="nobody")[0] == 404
    assert _refusal(admin_sdk, "CreateTeam", teamName="a/b")[0] == 400
    assert not Entity.objects.filter(name="vision").exists()


def test_a_colleague_joins_a_team_at_once_and_leaves_it_again(sdk: Sdk, charlie: User) -> None:
    invite = {"entity": "ml", "username": "charlie", "admin": False}
    made = _ask(sdk, "CreateInvite", **invite)["result"]["invite"]
    events = AuditEvent.objects.count()
    _ask(sdk, "CreateInvite", **invite)
    assert (made["toUser"]["name"], _roles("ml")["charlie"]) == ("Charlie Chen", "member")
    # never less than before
    _ask(sdk, "CreateInvite", entity="ml", username="alice", admin=False)
    assert (AuditEvent.objects.count(), _roles("ml")["alice"]) == (events, "admin")
    _ask(sdk, "CreateInvite", entity="ml", username="bob", admin=True)
    assert _roles("ml")["bob"] == "admin"
    for _ in range(2):
        assert _ask(sdk, "DeleteInvite", id=made["id"], entity="ml") == {"result": {"success": True}}
    assert _roles("ml") == {"alice": "admin", "bob": "admin"}


def test_who_cannot_be_invited_is_told_why(sdk: Sdk, bobs_sdk: Sdk, charlie: User, acme: Entity) -> None:
    status, message = _refusal(sdk, "CreateInvite", entity="ml", email="new@example.org")
    assert (status, message) == (
        400,
        "This server sends no mail. Name a user, or make an invitation link at /people/ml.",
    )
    assert _refusal(sdk, "CreateInvite", entity="ml", username="nobody")[0] == 404
    other = accounts.create_organization(viewer=Viewer.system(), name="umbrella")
    accounts.new_user(viewer=Viewer.system(), username="olga", password=None, name="", organization=other)
    assert "Send an invitation" in _refusal(sdk, "CreateInvite", entity="ml", username="olga")[1]
    assert _refusal(bobs_sdk, "CreateInvite", entity="ml", username="charlie")[0] == 403
    number = _ask(sdk, "GetTeamEntity", name="ml")["entity"]["members"][0]["id"]
    assert _refusal(sdk, "DeleteInvite", id=number, entity="ml")[0] == 409
    assert _refusal(sdk, "DeleteInvite", id="nonsense", entity="ml")[0] == 404
    assert set(_roles("ml")) == {"alice", "bob"}


def test_a_key_is_made_shown_once_listed_by_its_beginning_and_deleted(sdk: Sdk, bobs_sdk: Sdk) -> None:
    made = _ask(sdk, "GenerateApiKey", description="for CI")["result"]["apiKey"]
    assert made["description"] == "for CI"
    fresh = Sdk(made["name"], "ml")
    assert _ask(fresh, "Viewer")["viewer"]["username"] == "alice"
    listed = [edge["node"] for edge in _ask(fresh, "GetViewer")["viewer"]["apiKeys"]["edges"]]
    assert {"id": made["id"], "name": made["name"].partition("-")[0], "description": "for CI"} in listed
    assert made["name"] not in str(listed)
    # nobody sees or deletes another's
    assert _found(bobs_sdk, "alice")[0]["apiKeys"] == {"edges": []}
    assert _refusal(bobs_sdk, "DeleteApiKey", id=made["id"]) == (404, "This API key does not exist.")
    for _ in range(2):
        assert _ask(sdk, "DeleteApiKey", id=made["id"]) == {"result": {"success": True}}
    assert fresh.refusal("query { viewer { id } }")[0] == 401
    assert AuditEvent.objects.filter(action="key.revoked").count() == 1
    assert _refusal(sdk, "GenerateApiKey", description="x" * 129)[0] == 400


def test_a_key_makes_none_that_outlives_it(alice: User, sdk: Sdk) -> None:
    end = clock.now() + timedelta(hours=1)
    _, text = accounts.create_api_key(viewer=Viewer.system(), user=alice, expires_at=end)
    made = _ask(Sdk(text, "ml"), "GenerateApiKey", description=None)["result"]["apiKey"]["name"]
    assert ApiKey.objects.get(key_hash=accounts.hash_key(made)).expires_at == end


def test_an_administrator_makes_users_by_mail(sdk: Sdk, admin_sdk: Sdk, acme: Entity) -> None:
    root, _ = accounts.create_user(viewer=Viewer.system(), username="root", is_admin=True)
    roots_sdk = new_sdk(root, "root")
    made = _ask(roots_sdk, "CreateUserFromAdmin", email="ann.lee@example.org")["result"]["user"]
    events = AuditEvent.objects.count()
    again = _ask(roots_sdk, "CreateUserFromAdmin", email="ann.lee@example.org")["result"]["user"]
    assert (made, AuditEvent.objects.count()) == (again, events)
    assert (made["username"], made["email"], made["admin"]) == ("ann-lee", "ann.lee@example.org", False)
    assert _found(roots_sdk, "ann.lee@example.org")[0]["id"] == made["id"]
    assert _found(sdk, "ann.lee@example.org") == []
    # somebody could have written this address into an account of their own
    assert _refusal(roots_sdk, "CreateUserFromAdmin", email="ann.lee@example.org", admin=True)[0] == 409
    assert _refusal(roots_sdk, "CreateUserFromAdmin", email="alice@example.org")[0] == 409
    for wrong in ("ann", "@example.org", "a b@example.org", "..@example.org", "x" * 200 + "@example.org"):
        assert _refusal(roots_sdk, "CreateUserFromAdmin", email=wrong)[0] in (400, 413), wrong
    status, message = _refusal(admin_sdk, "CreateUserFromAdmin", email="new@example.org")
    assert (status, message.endswith("Invite people instead.")) == (403, True)


def test_a_service_account_is_refused_with_the_way_to_make_one(sdk: Sdk) -> None:
    status, message = _refusal(sdk, "CreateServiceAccount", entity="ml", description="CI")
    assert status == 400
    assert "manage.py create_user NAME --new-key" in message
