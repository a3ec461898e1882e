"""A person's own account: name, password, keys."""

import re
from datetime import timedelta

from django.test import Client

from registry.core import clock
from registry.core.viewer import Viewer
from registry.models import ApiKey, AuditEvent, User
from registry.services import accounts
from tests.views.conftest import Get, assert_valid

NEW = "a better password"


def _change(browser: Client, current: str = "alice-password", password: str = NEW, again: str = NEW) -> int:
    words = {"current": current, "password": password, "again": again}
    return int(browser.post("/account/password", words).status_code)


def test_it_shows_name_keys_and_places(get: Get, alice: User) -> None:
    accounts.create_api_key(viewer=Viewer.system(), user=alice, name="laptop")
    page = get("/account")
    assert 'value="Alice Adams"' in page
    assert "laptop" in page
    assert '<a class="link" href="/people/ml">' in page


def test_the_name_is_changed_and_audited(alice_browser: Client, alice: User) -> None:
    assert alice_browser.post("/account/name", {"name": " Alice B. "}).status_code == 302
    alice.refresh_from_db()
    assert alice.name == "Alice B."
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.before, event.after) == ("user.changed", {"name": "Alice Adams"}, {"name": "Alice B."})
    assert alice_browser.post("/account/name", {"name": "x" * 129}).status_code == 422
    assert alice_browser.post("/account/name", {"name": "\x00"}).status_code == 422


def test_w7_a_new_password_ends_the_other_sessions_and_not_this_one(alice: User) -> None:
    here, there = Client(), Client()
    for browser in (here, there):
        browser.post("/sign-in", {"username": "alice", "password": "alice-password"})
        assert browser.get("/account").status_code == 200
    assert _change(here) == 302
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    assert AuditEvent.objects.latest("pk").action == "password.changed"
    assert Client().post("/sign-in", {"username": "alice", "password": "alice-password"}).status_code == 422
    assert Client().post("/sign-in", {"username": "alice", "password": NEW}).status_code == 302


def test_w7_all_other_sessions_are_ended_and_nobody_else_s(alice: User, bob: User, bob_browser: Client) -> None:
    here, there, third = Client(), Client(), Client()
    for browser in (here, there, third):
        browser.post("/sign-in", {"username": "alice", "password": "alice-password"})
    assert here.post("/account/sessions/end").status_code == 302
    assert [browser.get("/account").status_code for browser in (here, there, third)] == [200, 302, 302]
    assert bob_browser.get("/account").status_code == 200
    assert AuditEvent.objects.latest("pk").after == {"sessions_ended": 2}
    assert "Sign out everywhere else" in here.get("/account").content.decode()


def test_a_password_is_refused_with_the_reason(alice_browser: Client, alice: User) -> None:
    before = User.objects.get(pk=alice.pk).password
    assert _change(alice_browser, current="wrong") == 422
    assert _change(alice_browser, again="another password") == 422
    assert _change(alice_browser, password="short", again="short") == 422
    assert _change(alice_browser, password="alice-adams", again="alice-adams") == 422
    assert _change(alice_browser, password="password123", again="password123") == 422
    assert User.objects.get(pk=alice.pk).password == before
    response = alice_browser.post("/account/password", {"current": "", "password": "", "again": ""})
    assert_valid(response)


def test_guessing_the_present_password_is_throttled(alice_browser: Client) -> None:
    for _ in range(5):
        assert _change(alice_browser, current="wrong") == 422
    assert _change(alice_browser) == 422
    assert alice_browser.get("/account").status_code == 200


def test_a_key_is_revoked_by_its_owner_only(alice_browser: Client, bob_browser: Client, alice: User) -> None:
    key, _ = accounts.create_api_key(viewer=Viewer.system(), user=alice)
    assert bob_browser.post(f"/account/keys/{key.pk}/revoke").status_code == 404
    assert ApiKey.objects.get(pk=key.pk).revoked_at is None
    assert alice_browser.get(f"/account/keys/{key.pk}/revoke").status_code == 405
    assert alice_browser.post(f"/account/keys/{key.pk}/revoke").status_code == 302
    assert ApiKey.objects.get(pk=key.pk).revoked_at is not None
    page = alice_browser.get("/account").content.decode()
    assert f"The key {key.public_id}… was revoked." in page
    assert f"<code>{key.public_id}" not in page
    assert alice_browser.post(f"/account/keys/{10**30}/revoke").status_code == 404


def test_a_key_may_end_by_itself(alice_browser: Client) -> None:
    today = clock.now().date()
    response = alice_browser.post("/authorize", {"name": "week", "expires": str(today + timedelta(days=7))})
    assert response.status_code == 201
    text = re.search(r'data-field="api-key">([^<]+)<', response.content.decode())[1]
    key = ApiKey.objects.get(key_hash=accounts.hash_key(text))
    assert key.expires_at.date() == today + timedelta(days=7)
    with clock.at(key.expires_at + timedelta(seconds=1)):
        assert "expired" in alice_browser.get("/account").content.decode()
    for bad in ("yesterday", str(today - timedelta(days=1)), "9999-12-31", "2026-02-30"):
        assert alice_browser.post("/authorize", {"name": "", "expires": bad}).status_code == 422
