"""A10: an invitation is good once, for one role at one place, until a day; and A7: so is a password link."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from registry.core import clock
from registry.core.viewer import Role, Viewer
from registry.models import AuditEvent, Entity, EntityMember, Invitation, User
from registry.services import accounts, people
from tests.views.conftest import assert_valid

JOIN = {"username": "dana", "name": "Dana D.", "password": "a good password", "again": "a good password"}


def _link(response: Any) -> str:
    return str(re.search(r'data-field="link">http://127.0.0.1:8000([^<]+)<', response.content.decode())[1])


@pytest.fixture
def link(alice_browser: Client) -> str:
    response = alice_browser.post("/people/ml/invite", {"role": "member", "note": "Dana"})
    assert response.status_code == 201
    assert_valid(response)
    return _link(response)


def test_a10_somebody_new_joins_once(link: str, ml: Entity, acme: Entity) -> None:
    browser = Client()
    assert_valid(browser.get(link))
    assert browser.post(link, {**JOIN, "role": "admin", "is_superuser": "on", "entity": "acme"}).status_code == 302
    dana = User.objects.get(username="dana")
    assert (dana.name, dana.is_superuser, dana.entity.organization) == ("Dana D.", False, acme)
    roles = dict(EntityMember.objects.filter(user=dana).values_list("entity__name", "role"))
    assert roles == {"ml": "member", "acme": "member"}
    assert browser.get("/people/ml").status_code == 200
    assert Client().get(link).status_code == 404
    assert Client().post(link, {**JOIN, "username": "eve"}).status_code == 404
    assert not User.objects.filter(username="eve").exists()
    told = AuditEvent.objects.filter(actor_label="dana").values_list("action", flat=True)
    assert {"user.created", "invitation.accepted", "member.added"} <= set(told)


def test_a10_somebody_known_joins_and_loses_no_rights(link: str, charlie_browser: Client, charlie: User) -> None:
    assert_valid(charlie_browser.get(link))
    assert charlie_browser.post(link).url == "/people/ml"
    assert EntityMember.objects.get(user=charlie, entity__name="ml").role == "member"
    assert charlie_browser.post(link).status_code == 404


def test_an_invitation_never_takes_a_higher_role(link: str, alice_browser: Client, alice: User) -> None:
    assert alice_browser.post(link).status_code == 302
    assert EntityMember.objects.get(user=alice, entity__name="ml").role == "admin"


def test_a10_it_ends(link: str, alice_browser: Client) -> None:
    with clock.at(clock.now() + timedelta(days=7, seconds=1)):
        assert Client().get(link).status_code == 404
        assert Client().post(link, JOIN).status_code == 404
    invitation = Invitation.objects.get()
    assert alice_browser.post(f"/people/ml/invitations/{invitation.pk}/revoke").status_code == 302
    assert Client().post(link, JOIN).status_code == 404
    assert AuditEvent.objects.latest("pk").action == "invitation.revoked"
    before = AuditEvent.objects.count()
    alice_browser.post(f"/people/ml/invitations/{invitation.pk}/revoke")
    assert AuditEvent.objects.count() == before


def test_a10_it_dies_with_the_right_of_who_made_it(link: str, ml: Entity, alice: User, bob: User) -> None:
    accounts.add_member(viewer=Viewer.system(), entity=ml, user=bob, role=Role.ADMIN)
    accounts.add_member(viewer=Viewer.system(), entity=ml, user=alice, role=Role.MEMBER)
    assert Client().post(link, JOIN).status_code == 404
    assert not User.objects.filter(username="dana").exists()


def test_the_secret_is_stored_nowhere(link: str) -> None:
    token = link.rsplit("/", 1)[1]
    row = Invitation.objects.get()
    assert token not in repr(Invitation.objects.values().get(pk=row.pk))
    assert not [event for event in AuditEvent.objects.values() if token in repr(event)]


@pytest.mark.parametrize(
    "words",
    [
        {"username": "alice"},
        {"username": "ALICE"},
        {"username": "ml"},
        {"username": "account"},
        {"username": "a/b"},
        {"username": ""},
        {"password": "short", "again": "short"},
        {"again": "something else"},
        {"username": "somebody-new", "password": "somebody-new1", "again": "somebody-new1"},
    ],
)
def test_what_cannot_be_is_told_and_the_link_stays_good(link: str, words: dict[str, str]) -> None:
    response = Client().post(link, {**JOIN, **words})
    assert response.status_code == 422
    assert_valid(response)
    assert Client().post(link, JOIN).status_code == 302


@pytest.fixture
def root(client: Client, acme: Entity) -> Client:
    user, _ = accounts.create_user(viewer=Viewer.system(), username="root", is_admin=True)
    client.force_login(user)
    return client


def test_a7_a_password_link_is_good_once_and_names_our_address(root: Client, alice: User, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    response = root.post("/people/alice/password-link", headers={"Host": "evil.example"})
    assert response.status_code == 201
    assert_valid(response)
    assert "evil.example" not in response.content.decode()
    link = _link(response)
    assert_valid(Client().get(link))
    new = {"password": "another password", "again": "another password"}
    assert Client().post(link, {**new, "again": "differs"}).status_code == 422
    assert Client().post(link, new).url == "/sign-in"
    assert Client().post(link, new).status_code == 404
    assert Client().post("/sign-in", {"username": "alice", "password": "another password"}).url == "/"
    told = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert told[-2:] == ["password.link_created", "password.changed"]


def test_a7_it_opens_no_other_account_and_ends(root: Client, alice: User, bob: User) -> None:
    link = _link(root.post("/people/alice/password-link"))
    _, _, word, token = link.split("/")
    other, _ = people.create_password_link(viewer=Viewer.system(), user=bob)
    for address in (
        f"/reset-password/{other}/{token}",
        f"/reset-password/{word}/{token}x",
        f"/reset-password/x/{token}",
    ):
        assert Client().get(address).status_code == 404
        assert Client().post(address, {"password": "another password"}).status_code == 404
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert Client().get(link).status_code == 404


def test_a7_only_administrators_of_the_installation_make_one(alice_browser: Client, bob: User) -> None:
    assert alice_browser.post("/people/bob/password-link").status_code == 403
    assert alice_browser.post("/people/alice/password-link").status_code == 403
