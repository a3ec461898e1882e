"""Signing in with a second factor: set up with the password, asked for afterwards, undone by proof only."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from registry.models import AuditEvent, User
from tests.views.conftest import assert_valid

SIGN_IN = {"username": "alice", "password": "alice-password"}


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@pytest.fixture
def browser(alice: User) -> Client:
    browser = Client()
    assert browser.post("/sign-in", SIGN_IN).url == "/"
    return browser


def _prove(browser: Client) -> None:
    response = browser.get("/account/second-factor/activate")
    assert response.url.startswith("/account/prove?next=")
    assert_valid(browser.get(response.url))
    assert browser.post(response.url, {"password": "wrong"}).status_code == 200
    assert browser.post(response.url, {"password": "alice-password"}).url == "/account/second-factor/activate"


@pytest.fixture
def secret(browser: Client) -> str:
    """alice's, set up."""
    _prove(browser)
    page = browser.get("/account/second-factor/activate")
    assert_valid(page)
    secret = re.search(r'data-field="secret">([A-Z2-7]+)<', page.content.decode())[1]
    assert browser.post("/account/second-factor/activate", {"code": "000000"}).status_code == 200
    response = browser.post("/account/second-factor/activate", {"code": _code(secret)})
    assert response.url == "/account/second-factor/codes"
    return secret


def test_signing_in_asks_for_the_code(browser: Client, secret: str) -> None:
    other = Client()
    assert other.post("/sign-in", {**SIGN_IN, "next": "/account"}).url == "/sign-in/code"
    assert other.get("/account").status_code == 302
    assert_valid(other.get("/sign-in/code"))
    assert "Incorrect code" in other.post("/sign-in/code", {"code": "000000"}).content.decode()
    assert other.get("/account").status_code == 302
    code = _code(secret)
    # the code that set it up was used: a code is good once
    Authenticator.objects.filter(type="totp").update(last_used_at=None)
    cache.clear()
    assert other.post("/sign-in/code", {"code": code}).url == "/account"
    assert other.get("/account").status_code == 200


def test_recovery_codes_are_shown_once_and_each_is_good_once(browser: Client, secret: str) -> None:
    page = browser.get("/account/second-factor/codes")
    assert_valid(page)
    codes = re.search(r'data-field="codes">([\d\s]+)<', page.content.decode())[1].split()
    assert len(codes) == 10
    again = browser.get("/account/second-factor/codes")
    assert_valid(again)
    assert codes[0] not in again.content.decode()
    for expected in ("/", None):
        other = Client()
        other.post("/sign-in", SIGN_IN)
        response = other.post("/sign-in/code", {"code": codes[0]})
        assert (response.url if response.status_code == 302 else None) == expected


def test_the_secret_is_encrypted_in_the_database(secret: str) -> None:
    kept = repr(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept


def test_removing_it_takes_proof_and_is_audited(browser: Client, secret: str) -> None:
    assert AuditEvent.objects.filter(action="second_factor.added", actor_label="alice").count() == 1
    assert_valid(browser.get("/account/second-factor"))
    assert_valid(browser.get("/account/second-factor/deactivate"))
    session = browser.session
    session["account_authentication_methods"] = []
    session.save()
    assert browser.post("/account/second-factor/deactivate").url.startswith("/account/")
    assert Authenticator.objects.filter(type="totp").exists()
    response = browser.post("/account/prove?next=/account/second-factor/deactivate", {"password": "alice-password"})
    assert response.url == "/account/second-factor/deactivate"
    assert browser.post("/account/second-factor/deactivate").url == "/account/second-factor"
    assert not Authenticator.objects.exists()
    assert AuditEvent.objects.filter(action="second_factor.removed").count() == 1
    assert Client().post("/sign-in", SIGN_IN).url == "/"


def test_guessing_codes_is_throttled(browser: Client, secret: str) -> None:
    other = Client()
    other.post("/sign-in", SIGN_IN)
    for _ in range(6):
        page = other.post("/sign-in/code", {"code": "000000"}).content.decode()
    assert "Too many failed" in page


def test_the_code_page_is_only_for_who_gave_the_password(client: Client, db: None) -> None:
    assert client.get("/sign-in/code").url == "/sign-in"


def test_proving_oneself_is_throttled(browser: Client) -> None:
    for _ in range(10):
        browser.post("/account/prove", {"password": "wrong"})
    response = browser.post("/account/prove", {"password": "alice-password"})
    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()
    assert_valid(response)


def test_next_after_proof_never_leads_elsewhere(browser: Client) -> None:
    response = browser.post("/account/prove?next=https://evil.example/", {"password": "alice-password"})
    assert response.url == "/"
