"""The Lineage tab by touch, on a small screen, in forced colours and on the pages of runs and registries."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lineage_page import LineagePage
from tests.server import LiveServer

BASE, SPLIT = "split_zoo_dataset:v0", "ancient-forest-9"


@pytest.fixture
def touched(site: LiveServer, chromium: Browser, cookies: list[dict[str, str]]) -> Iterator[LineagePage]:
    """The tab on a tablet."""
    context = chromium.new_context(viewport={"width": 900, "height": 700}, base_url=site.url, has_touch=True)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    yield LineagePage(context.new_page()).open()
    context.close()


def test_int_2_two_fingers_zoom(touched: LineagePage) -> None:
    before = touched.place(BASE)
    session = touched.page.context.new_cdp_session(touched.page)
    session.send(
        "Input.synthesizePinchGesture",
        {"x": before["x"], "y": before["y"], "scaleFactor": 1.6, "gestureSourceType": "touch"},
    )
    touched.page.wait_for_timeout(300)
    assert touched.place(BASE)["width"] > before["width"] * 1.2


def test_a_tap_previews_and_the_sheet_is_dragged_higher(touched: LineagePage) -> None:
    page = touched.page
    place = touched.place(SPLIT)
    page.touchscreen.tap(place["x"], place["y"])
    expect(page.locator(".panel h2")).to_have_text(SPLIT)
    panel = page.locator(".panel")
    box = panel.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 90, steps=5)
    page.mouse.up()
    higher = panel.bounding_box()
    assert higher is not None
    assert box["y"] - higher["y"] == pytest.approx(98, abs=12)
    assert touched.place(SPLIT)["y"] < higher["y"], "the selected card stays in view"


def test_forced_colours_reach_the_canvas(page: Page, lineage: LineagePage) -> None:
    page.emulate_media(forced_colors="active")
    lineage.open().with_modules()
    colours = page.evaluate(
        """async () => {
            const {readTokens} = await import(new URL("/source/js/lib/tokens.js", location));
            const tokens = readTokens();
            return [tokens.card, tokens.text];
        }"""
    )
    assert colours[0] != colours[1]
    lineage.click_card(SPLIT)
    expect(page.locator(".panel h2")).to_have_text(SPLIT)


def test_the_tab_of_a_run_has_all_of_it(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    href = lineage.entry(SPLIT).locator('a[data-action="open"]').get_attribute("href")
    lineage.open(path=f"{href}/lineage")
    page.get_by_role("button", name="Custom", exact=True).click()
    page.locator('.pop-custom input[value="train"]').check()
    expect(page.locator('[data-chip="job"]')).to_be_visible()
    lineage.ready()
    page.get_by_label("Find in graph").fill("zoo")
    expect(page.locator(".pop-find [data-hit]").first).to_be_visible()


def test_the_tab_in_a_registry_has_all_of_it(page: Page, lineage: LineagePage) -> None:
    page.goto("/registry")
    page.get_by_role("main").get_by_role("link", name=re.compile("Dataset")).first.click()
    page.get_by_role("main").get_by_role("link", name=re.compile("Zoo split")).first.click()
    page.get_by_role("navigation", name="Tabs").get_by_role("link", name="Lineage").click()
    lineage.ready()
    page.locator(".graph-cy").focus()
    page.keyboard.press("c")
    page.locator('.pop-custom input[value="train"]').check()
    expect(page.locator('[data-chip="job"]')).to_be_visible()
    lineage.ready()
    page.keyboard.press("Escape")
    page.locator(".graph-cy").focus()
    page.keyboard.press("u")
    expect(page.locator('[data-chip="job"]')).to_have_count(0)
