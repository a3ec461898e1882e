"""W1 to W9 over every page and every form of the table."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from registry.models import AuditEvent
from tests.architecture.access_table import POSTS, ROUTES
from tests.architecture.conftest import World
from tests.architecture.test_access_pages import _address
from tests.architecture.test_environment import ROOT

# these need no session, so there is nothing to forge: signing out is checked by name below
FORMS = sorted(set(POSTS) - {"account_login", "account_logout"})


def _strict(world: World) -> Client:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.people["admin"])
    return browser


def test_w1_every_form_wants_its_token(world: World) -> None:
    browser, before = _strict(world), AuditEvent.objects.count()
    browser.get("/account")
    for headers in ({}, {"HX-Request": "true"}, {"X-CSRFToken": "x" * 64}):
        answers = {name: browser.post(_address(name, world), POSTS[name][1], headers=headers) for name in FORMS}
        assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(FORMS, 403)
    assert AuditEvent.objects.count() == before


def test_w1_another_site_s_origin_is_refused_even_with_a_token(world: World) -> None:
    browser = _strict(world)
    page = browser.get("/account").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    words = {"name": "Ada", "csrfmiddlewaretoken": token}
    assert browser.post("/account/name", words, headers={"Origin": "https://evil.example"}).status_code == 403
    assert browser.post("/account/name", words, headers={"Origin": "http://testserver"}).status_code == 302


def test_w4_w5_w6_every_page_is_unframed_uncached_and_varies_with_htmx(world: World) -> None:
    browser, wrong = world.browser("admin"), {}
    for name in ROUTES:
        response = browser.get(_address(name, world))
        for close in response._resource_closers:
            close()
        if response.status_code != 200 or "text/html" not in response.headers["Content-Type"]:
            continue
        headers = response.headers
        held = (
            headers.get("X-Frame-Options") == "DENY"
            and "frame-ancestors 'none'" in headers.get("Content-Security-Policy", "")
            and "no-store" in headers.get("Cache-Control", "")
        )
        if not held or ("HX-Request" not in headers.get("Vary", "") and name != "mfa_authenticate"):
            wrong[name] = dict(headers)
    assert wrong == {}
    assert '"historyCacheSize":0' in browser.get("/account").content.decode()


@pytest.mark.parametrize("address", ["/sign-in", "/account/name", "/people/ml/set"])
def test_w9_a_huge_form_is_refused(world: World, address: str) -> None:
    browser = world.browser("admin") if address != "/sign-in" else Client()
    fields = {f"f{number}": "x" for number in range(5000)}
    assert browser.post(address, fields).status_code == 400
    kind = "application/x-www-form-urlencoded"
    assert browser.post(address, "name=" + "x" * (33 << 20), content_type=kind).status_code == 400


def test_w9_a_file_in_a_form_is_refused_and_kept_nowhere(world: World, tmp_path: Path) -> None:
    sent = tmp_path / "sent"
    sent.write_bytes(b"x" * (4 << 20))
    with sent.open("rb") as file:
        assert world.browser("admin").post("/account/name", {"name": file}).status_code == 400


PRINT = (
    "import django; from django.conf import settings as s; django.setup(); "
    "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
    " s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.SECURE_HSTS_SECONDS > 0)"
)


def test_w8_under_https_cookies_are_secure_and_bound_to_the_host(tmp_path: Path) -> None:
    words = {"LINEAGE_PUBLIC_URL": "https://lineage.example.org", "LINEAGE_DATA_DIR": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-c", PRINT],
        cwd=ROOT,
        env={**words, "DJANGO_SETTINGS_MODULE": "lineage_site.settings", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.split() == ["__Host-session", "__Host-csrf", "True", "True", "True", "Lax", "True"]


def test_w8_the_session_s_cookie_is_hidden_from_scripts(world: World) -> None:
    browser = Client()
    browser.post("/sign-in", {"username": "ada", "password": "ada-password"})
    cookie = browser.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
