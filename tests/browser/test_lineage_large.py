"""A picture of hundreds of cards, which comes in slices."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from benchmarks.pipelines import graph_of
from tests.browser.lineage_page import LineagePage
from tests.server import LiveServer

SIZE = 450  # more than one slice of cards, and of arrows

UNDRAWN = """() => [...document.querySelectorAll(".outline [data-node]")]
    .map(entry => entry.dataset.node).filter(node => !window.lineagePlace(node))"""
MARKED = "window.stays = true"


@pytest.fixture(scope="module")
def large(site: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The lineage of a dataset from which everything in a large project descends."""
    file: Path = tmp_path_factory.mktemp("large") / "graph.json"
    file.write_text(json.dumps(graph_of(SIZE)))
    site.manage("load_graph", str(file), "--project", "wildlife/large")
    return "/wildlife/large/artifacts/dataset/raw/v0/lineage"


def test_every_card_of_a_large_picture_is_drawn_at_once_and_by_a_change(
    page: Page, lineage: LineagePage, large: str
) -> None:
    lineage.open("?expand=1", path=large)
    cards = int(lineage.container.get_attribute("data-visible") or 0)
    assert cards > 400
    assert lineage.drawn == cards
    assert page.evaluate(UNDRAWN) == []
    assert page.locator(".outline [form]").count() == 0, "thousands of these would take seconds to read"
    lineage.open(path=large)
    page.evaluate(MARKED)
    before = lineage.place("raw:v0")
    page.get_by_role("button", name="Custom").click()
    page.get_by_label("Expand clusters").check()
    page.wait_for_selector(f'[data-lineage-state=ready][data-visible="{cards}"]', state="attached")
    assert page.evaluate("window.stays"), "the page is the same, its picture has changed"
    assert page.evaluate(UNDRAWN) == []
    assert lineage.place("raw:v0") == pytest.approx(before, abs=2), "the base keeps its place"
