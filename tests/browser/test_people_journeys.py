"""Joining, protecting and leaving, as people do it: an invitation, an account, a second factor, the end."""

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Faults
from tests.server import LiveServer

PASSWORD = "a good long password"


@pytest.fixture
def guest(site: LiveServer, chromium: Browser) -> Iterator[Page]:
    """The page of somebody who has no account."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=site.url)
    context.set_default_timeout(10_000)
    page = context.new_page()
    faults = Faults(page, urlsplit(site.url).netloc)
    page.faults = faults  # type: ignore[attr-defined]
    yield page
    # what may not be seen is 404, which the console tells
    assert [fault for fault in faults.found if "404" not in fault] == []
    context.close()


def _violations(page: Page) -> list[str]:
    """What axe finds, in a page of its own: it styles the page, which the policy forbids and the console tells."""
    other = page.context.new_page()
    other.goto(page.url)
    found = Axe().run(other, options={"resultTypes": ["violations"]}).response["violations"]
    other.close()
    return [rule["id"] for rule in found]


def _join(page: Page, guest: Page) -> None:
    page.goto("/people/wildlife")
    page.get_by_label("For whom?").fill("Dana")
    page.get_by_role("button", name="Make an invitation").click()
    guest.goto(page.locator("[data-field=link]").inner_text())
    assert _violations(guest) == []
    guest.get_by_label("User name").fill("dana")
    guest.get_by_label("New password").fill(PASSWORD)
    guest.get_by_label("The same again").fill(PASSWORD)
    guest.get_by_role("button", name="Join").click()
    guest.goto("/wildlife/zoo")
    expect(guest.get_by_role("heading", level=1)).to_have_text("zoo")


def _set_up_second_factor(guest: Page) -> str:
    guest.goto("/account")
    guest.get_by_role("link", name="Set up").click()
    guest.get_by_role("link", name="Set it up").click()
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Confirm").click()
    # the picture must not be stopped by the page's own policy
    assert guest.locator("img[alt^='The secret']").evaluate("image => image.naturalWidth") > 0
    secret = guest.locator("[data-field=secret]").inner_text()
    guest.get_by_label("Code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    guest.get_by_role("button", name="Switch it on").click()
    codes = guest.locator("[data-field=codes]").inner_text().split()
    assert len(codes) == 10
    return codes[0]


def test_somebody_joins_protects_the_account_and_is_removed(page: Page, guest: Page) -> None:
    _join(page, guest)
    code = _set_up_second_factor(guest)
    for address in ("/account", "/account/second-factor", "/people/wildlife"):
        guest.goto(address)
        assert _violations(guest) == [], address
    guest.locator(".app-head summary").click()
    guest.get_by_role("button", name="Sign out").click()
    guest.get_by_label("User name").fill("dana")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Sign in").click()
    guest.get_by_label("Code").fill(code)
    guest.get_by_role("button", name="Sign in").click()
    guest.goto("/wildlife/zoo")
    expect(guest.get_by_role("heading", level=1)).to_have_text("zoo")

    for address in ("/people/wildlife", "/wildlife/zoo/settings", "/wildlife/zoo/members"):
        page.goto(address)
        assert _violations(page) == [], address
    page.goto("/people/wildlife")
    page.get_by_label("Role of dana").select_option("viewer")
    page.get_by_role("button", name="Change the role of dana").click()
    expect(page.get_by_text("dana is viewer of wildlife now.").first).to_be_visible()
    page.get_by_role("button", name="Remove dana").click()
    expect(page.get_by_text("dana is no member of wildlife any more.").first).to_be_visible()
    guest.goto("/wildlife/zoo")
    expect(guest.get_by_role("heading", level=1)).to_have_text("Not found")


def test_the_pages_of_people_work_without_a_script(plain_page: Page) -> None:
    plain_page.goto("/account")
    plain_page.get_by_label("Full name").fill("Alice Adams")
    plain_page.get_by_role("button", name="Save the name").click()
    expect(plain_page.get_by_text("Your name was saved.")).to_be_visible()
