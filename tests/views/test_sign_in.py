"""Signing in and out."""

import pytest
from django.test import Client

from registry.models import User
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
