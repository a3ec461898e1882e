"""A real Chromium before a real server with the demo project; what a page must never do fails its test."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.browser.lineage_page import LineagePage
from tests.server import LiveServer, start_server

CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The site with the demo project, administered by alice."""
    with start_server(tmp_path_factory.mktemp("site")) as server:
        server.manage("demo", "--owner", server.username)
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread to the end, in which Django would refuse the later tests' queries
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def cookies(site: LiveServer, chromium: Browser) -> list[dict[str, str]]:
    """Alice's session, signed in by the form once."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("User name").fill(site.username)
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.url}/")
    kept = context.cookies()
    context.close()
    return kept  # type: ignore[return-value]


class Faults:
    """What went wrong in a page: console errors (policy violations are some), exceptions, requests elsewhere."""

    def __init__(self, page: Page, host: str) -> None:
        self.found: list[str] = []
        self.host = host
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"exception: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.found.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != self.host:
            self.found.append(f"fetched from elsewhere: {request.url}")


@pytest.fixture
def context(site: LiveServer, chromium: Browser, cookies: list[dict[str, str]]) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=site.url)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def faults(page: Page) -> Faults:
    return page.faults  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def page(context: BrowserContext, site: LiveServer) -> Iterator[Page]:
    """A signed-in page; the test fails when anything went wrong in it, unless the test has cleared it away."""
    page = context.new_page()
    page.faults = Faults(page, urlsplit(site.url).netloc)  # type: ignore[attr-defined]
    yield page
    assert page.faults.found == []  # type: ignore[attr-defined]


@pytest.fixture
def plain_page(site: LiveServer, chromium: Browser, cookies: list[dict[str, str]]) -> Iterator[Page]:
    """The same without JavaScript."""
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, base_url=site.url, java_script_enabled=False
    )
    context.add_cookies(cookies)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def lonely(site: LiveServer) -> str:
    """The Lineage tab of a version that no run has used or logged."""
    site.query(
        "project = Project.objects.get(name='zoo')\n"
        "series = ArtifactCollection.objects.create(\n"
        "    project=project, kind='sequence', type_name='dataset', name='lonely')\n"
        "Artifact.objects.create(collection=series, version=0, digest='0' * 32, state='committed')\n"
        "answer = 1"
    )
    return "/wildlife/zoo/artifacts/dataset/lonely/v0/lineage"


@pytest.fixture
def lineage(page: Page) -> LineagePage:
    return LineagePage(page)
