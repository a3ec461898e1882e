"""What the browser fetches for the first picture, counted as it goes over the wire, with nothing cached."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.lineage_page import LineagePage

MOST_BYTES = 200_000  # heads of answers included; compressed with gzip, which is all that plain HTTP gets


@pytest.fixture
def fetched(page: Page, context: BrowserContext) -> dict[str, float]:
    """Bytes by path of everything that the page fetches over the network from now on."""
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": "gzip"}})
    paths: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def count(event: dict[str, float]) -> None:
        path = paths[str(event["requestId"])]
        sizes[path] = sizes.get(path, 0) + event["encodedDataLength"]

    session.on(
        "Network.requestWillBeSent",
        lambda event: paths.__setitem__(event["requestId"], urlsplit(event["request"]["url"]).path),
    )
    session.on("Network.loadingFinished", count)
    return sizes


def test_the_first_picture_takes_at_most_200_kilobytes(
    page: Page, lineage: LineagePage, fetched: dict[str, float]
) -> None:
    lineage.open()
    page.wait_for_load_state("networkidle")
    own = {path: size for path, size in fetched.items() if path.startswith("/")}
    assert any(path.endswith("/lineage") for path in own)
    assert any("cytoscape" in path for path in own)
    assert sum(own.values()) <= MOST_BYTES, own
