"""The Lineage tab by keyboard alone, as a list, and without scripts."""

import re

from playwright.sync_api import Page, expect

from tests.browser.lineage_page import LINEAGE, LineagePage

BASE = "split_zoo_dataset:v0"
CLUSTER = "24 train runs"
SPLIT = "ancient-forest-9"


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(60)


def walk_to(page: Page, lineage: LineagePage, name: str, key: str) -> None:
    """Press an arrow until the focus is on the card."""
    for _ in range(40):
        if name in lineage.live:
            return
        press(page, key)
    raise AssertionError(f"{name} is not reached by {key}")


def test_int_6_everything_by_keyboard_alone(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    reach = """() => {
        const control = document.activeElement;
        return control.classList.contains("graph-cy");
    }"""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(reach):
            break
    assert page.evaluate(reach), "Tab reaches the graph"
    press(page, "ArrowLeft")
    expect(page.locator("#live")).to_have_text(re.compile(r"^run .*, split, finished"))
    walked = lineage.live.split(",")[0].removeprefix("run ")
    press(page, "Enter")
    expect(page.locator(".panel h2")).to_have_text(walked)
    press(page, "Escape")
    expect(page.locator(".panel")).to_be_hidden()
    press(page, "h")
    expect(lineage.entry(walked)).to_have_count(0)
    lineage.ready()
    page.go_back()
    expect(lineage.entry(walked)).to_have_count(1)
    lineage.ready()
    page.locator(".graph-cy").focus()
    walk_to(page, lineage, CLUSTER, "ArrowDown")
    press(page, "Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator('.pop-cluster input[type="search"]')).to_be_focused()
    press(page, "ArrowDown", "e")
    expect(page.locator('.outline [data-extracted="true"]')).to_have_count(1)
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_int_6_two_keys_lead_through_every_card(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    page.locator(".graph-cy").focus()
    focused = "document.querySelector('.outline .outline__main[tabindex=\"0\"]').closest('[data-node]').dataset.name"
    seen: set[str] = set()
    for key in ("ArrowUp", "ArrowDown"):
        before = ""
        while (now := str(page.evaluate(focused))) != before:
            seen.add(now)
            before = now
            page.keyboard.press(key)
    assert seen == set(lineage.names())


def test_gra_12_the_list_has_one_tab_stop_and_walks(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    page.get_by_role("button", name="List").click()
    expect(page.locator(".graph")).to_be_hidden()
    expect(page).to_have_url(re.compile("list=1"))
    stops = page.locator('.outline .outline__main[tabindex="0"]')
    expect(stops).to_have_count(1)
    stops.focus()
    assert BASE in str(stops.get_attribute("aria-label"))
    press(page, "ArrowUp")
    assert page.evaluate("document.activeElement.closest('[data-node]').dataset.level") == "-1"
    press(page, "ArrowRight")
    assert page.evaluate("document.activeElement.closest('[data-node]').dataset.name") == BASE
    lineage.entry(SPLIT).locator('[data-action="hide"]').click()
    expect(lineage.entry(SPLIT)).to_have_count(0)
    page.get_by_role("button", name="List").click()
    expect(page.locator(".graph")).to_be_visible()


def test_without_scripts_the_outline_does_it_all(plain_page: Page) -> None:
    page, lineage = plain_page, LineagePage(plain_page)
    page.goto(LINEAGE)
    expect(page.locator(".graph")).to_be_hidden()
    names = lineage.names()
    lineage.entry(SPLIT).locator('[data-action="hide"]').click()
    expect(page.get_by_text("Hidden (1)")).to_be_visible()
    assert SPLIT not in lineage.names()
    page.get_by_text("Hidden (1)").click()
    page.get_by_role("button", name=f"Show {SPLIT}").click()
    expect(page.get_by_text("Hidden (1)")).to_have_count(0)
    assert lineage.names() == names
    lineage.entry(SPLIT).locator('[data-action="preview"]').click()
    expect(page.locator('.panel [data-field="job-type"]')).to_have_text("split")
    page.goto(LINEAGE)
    lineage.entry(CLUSTER).locator('[data-action="open"]').click()
    page.get_by_label("Search members").fill("kudu")
    page.keyboard.press("Enter")
    expect(page.locator("[data-member]")).to_have_count(1)
    expect(page.locator('.facet[aria-pressed="true"]')).to_have_count(0)
    member = str(page.locator("[data-member]").get_attribute("data-name"))
    page.get_by_role("button", name=f"Extract {member}").click()
    expect(lineage.entry("23 train runs")).to_have_count(1)
    lineage.entry(member).locator('[data-action="put-back"]').click()
    expect(lineage.entry(CLUSTER)).to_have_count(1)
    assert lineage.names() == names


def test_gra_12_paper_shows_every_entry(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    page.emulate_media(media="print")
    heights = page.locator(".outline [data-node]").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert len(heights) == lineage.drawn
    assert min(heights) >= 20
    expect(page.locator(".graph")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") > sum(heights)
