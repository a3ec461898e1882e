"""The members of teams and organisations: who sees them, who changes them, and what is refused."""

import pytest
from django.test import Client

from registry.core.viewer import Role, Viewer
from registry.models import AuditEvent, Entity, EntityMember, User
from registry.services import accounts
from tests.views.conftest import Get, assert_valid


def _role(entity: Entity, user: User) -> str | None:
    member = EntityMember.objects.filter(entity=entity, user=user).first()
    return member and member.role


@pytest.fixture
def chief(acme: Entity) -> User:
    """An admin of the organisation who is in no team."""
    user, _ = accounts.create_user(viewer=Viewer.system(), username="dana")
    accounts.add_member(viewer=Viewer.system(), entity=acme, user=user, role=Role.ADMIN)
    return user


@pytest.fixture
def chief_browser(chief: User) -> Client:
    browser = Client()
    browser.force_login(chief)
    return browser


def test_the_team_s_admin_sees_and_changes_roles(get: Get, alice_browser: Client, ml: Entity, bob: User) -> None:
    page = get("/people/ml")
    assert "Role of bob" in page
    assert alice_browser.post("/people/ml/set", {"username": "bob", "role": "viewer"}).status_code == 302
    assert _role(ml, bob) == "viewer"
    assert "bob is viewer of ml now." in get("/people/ml")
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.before, event.after) == ("role.changed", {"role": "member"}, {"role": "viewer"})


def test_a_member_sees_names_and_no_controls(bob_browser: Client, ml: Entity) -> None:
    response = bob_browser.get("/people/ml")
    assert_valid(response)
    page = response.content.decode()
    assert "alice" in page
    assert "<form" not in page.split('id="main"')[1]


def test_p4_a_member_changes_nobody_not_even_oneself(bob_browser: Client, ml: Entity, alice: User, bob: User) -> None:
    for username in ("bob", "alice", "charlie"):
        answer = bob_browser.post("/people/ml/set", {"username": username, "role": "admin", "is_superuser": "1"})
        assert answer.status_code in (403, 404)
    assert bob_browser.post("/people/ml/remove", {"username": "alice"}).status_code == 403
    assert (_role(ml, alice), _role(ml, bob)) == ("admin", "member")
    assert bob_browser.post("/people/ml/invite", {"role": "admin"}).status_code == 403


def test_p4_the_last_admin_stays(alice_browser: Client, ml: Entity, alice: User, bob: User) -> None:
    assert alice_browser.post("/people/ml/set", {"username": "alice", "role": "member"}).status_code == 409
    assert alice_browser.post("/people/ml/remove", {"username": "alice"}).status_code == 409
    assert _role(ml, alice) == "admin"
    alice_browser.post("/people/ml/set", {"username": "bob", "role": "admin"})
    assert alice_browser.post("/people/ml/remove", {"username": "alice"}).status_code == 302
    assert _role(ml, alice) is None


def test_everybody_may_leave(bob_browser: Client, ml: Entity, bob: User) -> None:
    assert bob_browser.post("/people/ml/remove", {"username": "bob"}).url == "/"
    assert _role(ml, bob) is None


def test_only_people_of_the_organisation_are_added(alice_browser: Client, ml: Entity, charlie: User) -> None:
    outsider = User.objects.create_user("olga")
    assert alice_browser.post("/people/ml/set", {"username": "olga", "role": "member"}).status_code == 400
    assert alice_browser.post("/people/ml/set", {"username": "nobody", "role": "member"}).status_code == 404
    assert alice_browser.post("/people/ml/set", {"username": "charlie", "role": "king"}).status_code == 400
    assert alice_browser.post("/people/ml/set", {"username": "charlie", "role": "member"}).status_code == 302
    assert (_role(ml, outsider), _role(ml, charlie)) == (None, "member")


def test_an_admin_of_the_organisation_tends_its_teams(
    chief_browser: Client, ml: Entity, acme: Entity, chief: User, charlie: User
) -> None:
    assert chief_browser.post("/people/ml/set", {"username": "charlie", "role": "member"}).status_code == 302
    assert chief_browser.post("/people/acme/teams", {"name": "vision"}).url == "/people/vision"
    team = Entity.objects.get(name="vision")
    assert (team.organization, _role(team, chief)) == (acme, "admin")
    for name in ("vision", "ML", "charlie", "acme", "account", "a/b", ""):
        assert chief_browser.post("/people/acme/teams", {"name": name}).status_code in (400, 409), name


def test_who_leaves_the_organisation_leaves_everything(
    chief_browser: Client, acme: Entity, ml: Entity, bob: User, bob_browser: Client, zoo: object
) -> None:
    assert bob_browser.get("/ml/zoo").status_code == 200
    assert chief_browser.post("/people/acme/remove", {"username": "bob"}).status_code == 302
    assert not EntityMember.objects.filter(user=bob).exists()
    for address in ("/ml/zoo", "/registry/Model", "/people/ml", "/people/acme"):
        assert bob_browser.get(address).status_code == 404, address
    removed = AuditEvent.objects.filter(action="member.removed").values_list("object_label", flat=True)
    assert set(removed) == {"bob in ml", "bob in acme"}


def test_a_person_has_no_members_and_a_stranger_finds_nobody(alice_browser: Client, ml: Entity) -> None:
    assert alice_browser.get("/people/alice").status_code == 404
    other = accounts.create_organization(viewer=Viewer.system(), name="umbrella")
    accounts.create_team(viewer=Viewer.system(), name="umbrella-ml", organization=other)
    for name in ("umbrella", "umbrella-ml", "nothing"):
        assert alice_browser.get(f"/people/{name}").status_code == 404
        assert alice_browser.post(f"/people/{name}/set", {"username": "alice", "role": "admin"}).status_code == 404


def test_the_page_s_queries_do_not_grow(get: Get, acme: Entity, ml: Entity) -> None:
    for number in range(20):
        user, _ = accounts.create_user(viewer=Viewer.system(), username=f"person-{number}")
        accounts.add_member(viewer=Viewer.system(), entity=ml, user=user)
        accounts.create_team(viewer=Viewer.system(), name=f"team-{number}", organization=acme)
    get("/people/ml")
    get("/people/acme")
