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


ARROWS = "() => document.querySelector('.graph-cy')._cyreg.cy.edges().length"
WANTED_ARROWS = "() => JSON.parse(document.querySelector('#lineage-graph').textContent).edges.length"
GROUNDS = """() => [...new Set(document.querySelector('.graph-cy')._cyreg.cy.nodes().map(
    node => node.style('background-color')))]"""
OPENED = """count => new Promise(done => {
    const listed = () => [...document.querySelectorAll(".outline [data-node]")].map(entry => entry.dataset.node);
    const cards = () => document.querySelector(".graph-cy")._cyreg.cy.nodes().map(node => node.id());
    const before = new Set(listed());
    const look = () => {
        const fresh = cards().filter(node => !before.has(node));
        if (fresh.length < count) return requestAnimationFrame(look);
        done({cards: fresh.length, listed: listed().filter(node => !before.has(node)).length,
            places: fresh.map(node => window.lineagePlace(node))});
    };
    document.querySelector(`.outline [data-count="${count}"] [data-action=unfold]`).click();
    requestAnimationFrame(look);
})"""


def test_clu_3_the_cards_of_a_large_cluster_do_not_wait_for_their_arrows_nor_for_the_list(
    page: Page, lineage: LineagePage, large: str
) -> None:
    lineage.open(path=large)
    counts = page.locator(".outline [data-count]").evaluate_all("all => all.map(one => Number(one.dataset.count))")
    seen = page.evaluate(OPENED, min(counts))
    assert seen["cards"] == min(counts)
    assert seen["listed"] == 0
    assert len({(place["x"], place["y"]) for place in seen["places"]}) == min(counts), "each in its place at once"
    lineage.ready()
    assert page.evaluate(UNDRAWN) == []
    assert page.evaluate(ARROWS) >= page.evaluate(WANTED_ARROWS) > 20


def test_the_theme_reaches_every_card_and_arrow_of_a_large_picture(
    page: Page, lineage: LineagePage, large: str
) -> None:
    lineage.open("?expand=1", path=large)
    arrows = page.evaluate(ARROWS)
    light = page.evaluate(GROUNDS)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_timeout(100)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    for _ in range(50):
        page.wait_for_timeout(100)
        if page.evaluate(ARROWS) == arrows:
            break
    assert page.evaluate(ARROWS) == arrows >= page.evaluate(WANTED_ARROWS)
    assert page.evaluate(UNDRAWN) == []
    assert len(page.evaluate(GROUNDS)) == len(light)
    assert set(page.evaluate(GROUNDS)).isdisjoint(light)


LIGHT = """node => {
    const {cy} = document.querySelector('.graph-cy')._cyreg;
    const one = cy.getElementById(node);
    const lineage = one.union(one.predecessors()).union(one.successors());
    return [cy.elements('.dim').same(node ? cy.elements().not(lineage) : cy.collection()),
        cy.elements('.lit').same(lineage.edges())];
}"""


def test_gra_7_the_last_of_two_selections_lights_its_lineage_in_a_large_picture(
    page: Page, lineage: LineagePage, large: str
) -> None:
    lineage.open("?expand=1", path=large)
    runs = page.locator(".outline [data-kind=run]").evaluate_all("all => all.map(one => one.dataset.node)")
    click = "node => document.querySelector(`.outline [data-node='${node}'] [data-action=preview]`).click()"
    page.evaluate(click, runs[3])
    page.evaluate(click, runs[-3])
    for selected in (runs[-3], ""):
        for _ in range(50):
            if page.evaluate(LIGHT, selected) == [True, True]:
                break
            page.wait_for_timeout(100)
        assert page.evaluate(LIGHT, selected) == [True, True]
        if selected:
            page.wait_for_selector(".panel [data-action=close]")
            page.locator(".panel [data-action=close]").click()
