"""Signing in and out."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from pytest_django import Settings

from registry.core.viewer import Viewer
from registry.models import Entity, User
from registry.services import accounts
from tests.views.conftest import assert_valid


def test_the_page_asks_for_name_and_password(client: Client, db: None) -> None:
    response = client.get("/sign-in")
    assert_valid(response)
    assert 'autocomplete="current-password"' in response.content.decode()


def test_a_signed_out_visitor_of_a_page_comes_back_to_it(client: Client, alice: User) -> None:
    response = client.get("/ml/zoo?x=1")
    assert response.url == "/sign-in?next=/ml/zoo%3Fx%3D1"
    response = client.post(response.url, {"username": "alice", "password": "alice-password", "next": "/ml/zoo?x=1"})
    assert response.url == "/ml/zoo?x=1"


def test_a_wrong_password_is_told_and_signs_nobody_in(client: Client, alice: User) -> None:
    response = client.post("/sign-in", {"username": "alice", "password": "wrong"})
    assert response.status_code == 422
    assert "do not belong together" in response.content.decode()
    assert_valid(response)
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("field", ["username", "password"])
def test_nul_and_empty_fields_are_refused(client: Client, alice: User, field: str) -> None:
    for value in ("", "\x00"):
        words = {"username": "alice", "password": "alice-password", field: value}
        assert client.post("/sign-in", words).status_code == 422


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "https:evil", "\t//evil"],
)
def test_next_never_leads_elsewhere(client: Client, alice: User, target: str) -> None:
    words = {"username": "alice", "password": "alice-password", "next": target}
    assert client.post("/sign-in", words).url == "/"
    assert client.get("/sign-in", {"next": target}).url == "/"


def test_signing_out_takes_a_post(alice_browser: Client) -> None:
    assert alice_browser.get("/sign-out").status_code == 405
    assert alice_browser.get("/").status_code == 200
    assert alice_browser.post("/sign-out").url == "/sign-in"
    assert alice_browser.get("/").status_code == 302


def test_a_form_without_its_token_is_refused(alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/sign-in", {"username": "alice", "password": "alice-password"})
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


def test_htmx_is_sent_to_sign_in_as_a_whole_page(client: Client, db: None) -> None:
    response = client.get("/ml/zoo/artifacts", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == "/sign-in"


def _fail(browser: Client, username: str = "alice", **headers: str) -> str:
    words = {"username": username, "password": "wrong"}
    response = browser.post("/sign-in", words, headers=headers)
    assert response.status_code == 422
    return response.content.decode().split('role="alert"')[1].split("</p>")[0]


def test_a1_the_sixth_try_is_refused_and_sessions_and_keys_go_on(alice: User, ml: Entity) -> None:
    inside = Client()
    assert inside.post("/sign-in", {"username": "alice", "password": "alice-password"}).url == "/"
    _, key = accounts.create_api_key(viewer=Viewer.system(), user=alice)
    browser = Client()
    for _ in range(5):
        assert "do not belong together" in _fail(browser)
    assert "Too many failed attempts" in _fail(browser)
    # neither another spelling of the host nor a claimed address makes new tries
    assert "Too many failed attempts" in _fail(browser, Host="localhost")
    assert "Too many failed attempts" in _fail(browser, **{"X-Forwarded-For": "203.0.113.9"})
    assert Client().post("/sign-in", {"username": "alice", "password": "alice-password"}).status_code == 422
    assert inside.get("/").status_code == 200
    query = {"query": "query Viewer { viewer { username } }"}
    answer = Client().post(
        "/graphql", query, content_type="application/json", headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 200


def test_a1_one_address_may_fail_ten_times_a_minute(acme: Entity, alice: User) -> None:
    for number in range(10):
        assert "do not belong together" in _fail(Client(), username=f"guess-{number}")
    assert "Too many failed attempts" in _fail(Client(), username="guess-11")


def test_a1_behind_a_proxy_the_last_trusted_hop_counts(acme: Entity, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    for number in range(11):
        said = {"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.7"}
        page = _fail(Client(), username=f"guess-{number}", **said)
    assert "Too many failed attempts" in page
    assert "do not belong together" in _fail(Client(), username="x", **{"X-Forwarded-For": "203.0.113.8"})


def test_a1_signing_in_rightly_uses_up_nothing(alice: User) -> None:
    for _ in range(12):
        assert Client().post("/sign-in", {"username": "alice", "password": "alice-password"}).status_code == 302


def test_a2_an_unknown_and_a_known_name_read_alike_and_cost_a_hash_each(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    original = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(password) or original(self, password, salt),
    )
    User.objects.filter(pk=bob.pk).update(is_active=False)
    told = []
    for username in ("alice", "nobody", "bob"):
        hashed.clear()
        told.append(_fail(Client(), username=username).replace(username, ""))
        assert hashed == ["wrong"], username
    assert len(set(told)) == 1


def test_w7_the_session_s_key_changes_at_sign_in(client: Client, alice: User) -> None:
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = client.cookies["sessionid"].value
    client.post("/sign-in", {"username": "alice", "password": "alice-password"})
    assert client.cookies["sessionid"].value != planted
    stale = Client()
    stale.cookies["sessionid"] = planted
    assert stale.get("/").status_code == 302


def test_w7_a_signed_out_session_is_dead(client: Client, alice: User) -> None:
    client.post("/sign-in", {"username": "alice", "password": "alice-password"})
    held = client.cookies["sessionid"].value
    client.post("/sign-out")
    stale = Client()
    stale.cookies["sessionid"] = held
    assert stale.get("/").status_code == 302
