"""Settings and members of a project and of a registry, for its admins."""

import pytest
from django.test import Client

from registry.models import AuditEvent, Entity, Project, ProjectMember, User
from tests.views.conftest import Get, assert_valid

GIVE = "/ml/zoo/members/set"
TAKE = "/ml/zoo/members/remove"


def test_an_admin_changes_what_is_to_decide(get: Get, alice_browser: Client, zoo: Project) -> None:
    assert 'value="private" checked' in get("/ml/zoo/settings")
    words = {"description": "All *animals*.", "visibility": "organisation"}
    assert alice_browser.post("/ml/zoo/settings", words).url == "/ml/zoo/settings"
    zoo.refresh_from_db()
    assert (zoo.description, zoo.visibility, zoo.accepted_types) == ("All *animals*.", "organisation", None)
    assert AuditEvent.objects.latest("pk").after == words
    assert "All *animals*." in get("/ml/zoo/settings")
    assert '<a href="/ml/zoo/settings"' in get("/ml/zoo")


def test_nonsense_is_told_and_kept_in_the_form(alice_browser: Client, zoo: Project) -> None:
    for words in ({"visibility": "public"}, {"visibility": "private", "description": "x" * 20_001}, {}):
        response = alice_browser.post("/ml/zoo/settings", {"description": "kept", **words})
        assert response.status_code == 422
        assert_valid(response)
    zoo.refresh_from_db()
    assert zoo.description == ""


def test_a_registry_s_types_are_changed(acme: Entity, alice: User, registry: Project, alice_browser: Client) -> None:
    ProjectMember.objects.create(project=registry, user=alice, role="admin")
    page = alice_browser.get("/acme/wandb-registry-Model/settings")
    assert_valid(page)
    assert ">model</textarea>" in page.content.decode()
    words = {"description": "", "visibility": "organisation", "accepted_types": "model\r\n\r\n checkpoint "}
    assert alice_browser.post("/acme/wandb-registry-Model/settings", words).status_code == 302
    registry.refresh_from_db()
    assert registry.accepted_types == ["checkpoint", "model"]
    bad = alice_browser.post("/acme/wandb-registry-Model/settings", {**words, "accepted_types": "a/b"})
    assert bad.status_code == 422
    assert_valid(bad)
    assert alice_browser.get("/registry/Model").status_code == 200


@pytest.mark.parametrize("address", ["/ml/zoo/settings", "/ml/zoo/members"])
def test_members_are_refused_and_strangers_find_nothing(
    bob_browser: Client, charlie_browser: Client, zoo: Project, address: str
) -> None:
    assert bob_browser.get(address).status_code == 403
    assert charlie_browser.get(address).status_code == 404
    assert "/ml/zoo/settings" not in bob_browser.get("/ml/zoo").content.decode()


def test_p4_only_admins_give_roles(
    bob_browser: Client, charlie_browser: Client, zoo: Project, bob: User, charlie: User
) -> None:
    for browser, status in ((bob_browser, 403), (charlie_browser, 404)):
        for name in ("bob", "charlie"):
            assert browser.post(GIVE, {"kind": "user", "name": name, "role": "admin"}).status_code == status
            assert browser.post(TAKE, {"kind": "user", "name": name}).status_code == status
    assert not ProjectMember.objects.exists()


def test_a_role_opens_and_closes_the_project(
    get: Get, alice_browser: Client, charlie_browser: Client, zoo: Project, charlie: User, ml: Entity
) -> None:
    assert alice_browser.post(GIVE, {"kind": "user", "name": "charlie", "role": "viewer"}).status_code == 302
    assert "Role of charlie" in get("/ml/zoo/members")
    assert charlie_browser.get("/ml/zoo").status_code == 200
    assert charlie_browser.get("/ml/zoo/members").status_code == 403
    assert alice_browser.post(TAKE, {"kind": "user", "name": "charlie"}).status_code == 302
    assert charlie_browser.get("/ml/zoo").status_code == 404
    assert alice_browser.post(GIVE, {"kind": "team", "name": "ML", "role": "viewer"}).status_code == 302
    assert ProjectMember.objects.get().team == ml
    get("/ml/zoo/members")


def test_bad_words_are_refused(alice_browser: Client, zoo: Project) -> None:
    for words, status in [
        ({"kind": "user", "name": "nobody", "role": "viewer"}, 404),
        ({"kind": "team", "name": "nobody", "role": "viewer"}, 404),
        ({"kind": "team", "name": "alice", "role": "viewer"}, 404),
        ({"kind": "user", "name": "bob", "role": "owner"}, 400),
        ({"kind": "robot", "name": "bob", "role": "viewer"}, 400),
        ({"kind": "user", "name": "\x00", "role": "viewer"}, 400),
        ({}, 400),
    ]:
        assert alice_browser.post(GIVE, words).status_code == status, words


def test_w10_what_somebody_else_wrote_meanwhile_is_not_overwritten_unseen(alice_browser: Client, zoo: Project) -> None:
    page = alice_browser.get("/ml/zoo/settings").content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    mine = {"description": "mine", "visibility": "private", "seen": seen}
    assert alice_browser.post("/ml/zoo/settings", {**mine, "description": "theirs"}).status_code == 302
    response = alice_browser.post("/ml/zoo/settings", mine)
    assert response.status_code == 409
    assert_valid(response)
    page = response.content.decode()
    assert ">mine</textarea>" in page
    assert "theirs" in page
    zoo.refresh_from_db()
    assert zoo.description == "theirs"
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert alice_browser.post("/ml/zoo/settings", {**mine, "seen": seen}).status_code == 302
