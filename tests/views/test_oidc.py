"""A9: signing in at an identity provider, a real one over HTTP, and everything that is refused there."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import Settings

from registry.models import AuditEvent, Entity, EntityMember, User
from tests.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, serve_identities
from tests.views.conftest import assert_valid

START = "/sign-in/with/oidc"
DANA = {
    "sub": "1234",
    "preferred_username": "dana",
    "name": "Dana D.",
    "email": "alice@example.org",
    "email_verified": 1,
}


@pytest.fixture
def provider(settings: Settings, acme: Entity) -> Iterator[IdentityProvider]:
    with serve_identities() as provider:
        settings.OIDC_ISSUER = provider.url
        settings.ROOT_URLCONF = "tests.oidc_urls"
        app = {
            "provider_id": "oidc",
            "name": "Example",
            "client_id": CLIENT_ID,
            "secret": CLIENT_SECRET,
            "settings": {"server_url": provider.url},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        provider.person = DANA
        clear_url_caches()
        yield provider
    clear_url_caches()


def _sign_in(provider: IdentityProvider, browser: Client, **words: str) -> int | str:
    """Return where the browser ends up, or the status of the refusal."""
    response = browser.post(START, words)
    assert response.url.startswith(f"{provider.url}/authorize?")
    response = browser.get(provider.authorize(response.url))
    return response.url if response.status_code == 302 else response.status_code


def test_the_sign_in_page_offers_it(provider: IdentityProvider, client: Client) -> None:
    page = client.get("/sign-in")
    assert_valid(page)
    assert "Sign in with single sign-on" in page.content.decode()


def test_without_the_settings_there_is_nothing(client: Client, db: None) -> None:
    assert "Sign in with" not in client.get("/sign-in").content.decode()
    assert client.post(START).status_code in (302, 403, 404, 405)
    assert "authorize?" not in client.post(START).headers.get("Location", "")


def test_an_unknown_identity_is_refused(provider: IdentityProvider, client: Client) -> None:
    assert _sign_in(provider, client) == 403
    assert not User.objects.filter(username="dana").exists()
    assert client.get("/account").status_code == 302


def test_a9_never_is_an_account_found_by_its_mail_address(
    provider: IdentityProvider, client: Client, alice: User
) -> None:
    User.objects.filter(pk=alice.pk).update(email="alice@example.org")
    assert _sign_in(provider, client) == 403
    assert client.get("/account").status_code == 302


def test_a_connected_identity_signs_in(provider: IdentityProvider, alice: User) -> None:
    inside = Client()
    inside.post("/sign-in", {"username": "alice", "password": "alice-password"})
    assert_valid(inside.get("/account"))
    assert _sign_in(provider, inside, process="connect") == "/account"
    assert AuditEvent.objects.latest("pk").after == {"identity": "connected"}
    assert "signs you in here" in inside.get("/account").content.decode()
    outside = Client()
    assert _sign_in(provider, outside, next="/people/acme") == "/people/acme"
    assert "Alice Adams" in outside.get("/account").content.decode()
    User.objects.filter(pk=alice.pk).update(is_active=False)
    other = Client()
    _sign_in(provider, other)
    assert other.get("/account").status_code == 302


def test_somebody_signed_out_connects_nothing(provider: IdentityProvider, client: Client) -> None:
    assert client.post(START, {"process": "connect"}).status_code == 403


def test_where_the_settings_say_so_an_unknown_identity_gets_an_account(
    provider: IdentityProvider, settings: Settings, acme: Entity
) -> None:
    settings.OIDC_CREATES_USERS = True
    for _ in range(2):
        assert _sign_in(provider, Client()) == "/"
    dana = User.objects.get(username="dana")
    assert (dana.name, dana.has_usable_password(), dana.is_superuser) == ("Dana D.", False, False)
    assert EntityMember.objects.get(user=dana, entity=acme).role == "member"


@pytest.mark.parametrize(
    ("name", "status"), [("alice", 409), ("ALICE", 409), ("account", 400), ("", 400), ("a b", 400)]
)
def test_a_name_that_is_taken_or_bad_is_refused(
    provider: IdentityProvider, settings: Settings, alice: User, name: str, status: int
) -> None:
    settings.OIDC_CREATES_USERS = True
    provider.person = {**DANA, "preferred_username": name, "email": ""}
    count = User.objects.count()
    assert _sign_in(provider, Client()) == status
    assert User.objects.count() == count


@pytest.mark.parametrize(
    "claims", [{"iss": "https://evil.example"}, {"aud": "another client"}, {"exp": 1}], ids=["iss", "aud", "exp"]
)
def test_a9_a_token_of_somebody_else_is_refused(
    provider: IdentityProvider, settings: Settings, claims: dict[str, object]
) -> None:
    settings.OIDC_CREATES_USERS = True
    provider.claims = claims
    browser = Client()
    assert _sign_in(provider, browser) == 403
    assert browser.get("/account").status_code == 302
    assert not User.objects.filter(username="dana").exists()


def test_a9_an_answer_that_was_not_asked_for_is_refused(provider: IdentityProvider, settings: Settings) -> None:
    settings.OIDC_CREATES_USERS = True
    address = Client().post(START).url
    victim = Client()
    assert victim.get(provider.authorize(address)).status_code == 403
    assert victim.get(f"{START}/return?error=access_denied&state=x").status_code == 403
    assert victim.get(f"{START}/return").status_code == 403


def test_next_never_leads_elsewhere(provider: IdentityProvider, settings: Settings) -> None:
    settings.OIDC_CREATES_USERS = True
    assert _sign_in(provider, Client(), next="https://evil.example/") == "/"


def test_a_provider_that_is_away_is_told_as_such(
    provider: IdentityProvider, settings: Settings, client: Client
) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"] = {"server_url": "http://127.0.0.1:9"}
    response = client.post(START)
    assert response.status_code == 503
    assert "identity provider cannot be reached" in response.content.decode()


def test_a_link_elsewhere_does_not_start_it(provider: IdentityProvider, client: Client) -> None:
    assert client.get(START).status_code == 405
    assert client.post("/sign-in/with/other").status_code == 404
