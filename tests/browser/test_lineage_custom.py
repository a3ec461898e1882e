"""The Custom view in a real browser: types, hops, switches, orientation, colours, chips, focus, by mouse and by key."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lineage_page import LineagePage

BASE, SPLIT, CLUSTER = "split_zoo_dataset:v0", "ancient-forest-9", "24 train runs"


@pytest.fixture
def panel(page: Page, lineage: LineagePage) -> Locator:
    lineage.open()
    page.get_by_role("button", name="Custom", exact=True).click()
    panel = page.get_by_role("dialog", name="Custom view")
    expect(panel).to_be_visible()
    return panel


def chip(page: Page, text: str) -> Locator:
    return page.locator(".graph-bar [data-chip]").filter(has_text=text)


def test_custom_types_apply_at_once_and_leave_chips(page: Page, lineage: LineagePage, panel: Locator) -> None:
    everything = lineage.names()
    panel.get_by_label(re.compile("^dataset")).check()
    expect(page).to_have_url(re.compile("type=dataset"))
    expect(chip(page, "dataset")).to_be_visible()
    lineage.ready()
    types = page.locator('.outline [data-kind="artifact"]').evaluate_all("all => all.map(one => one.dataset.type)")
    assert set(types) == {"dataset"}
    expect(panel.get_by_label(re.compile("^dataset"))).to_be_focused()
    expect(panel.get_by_text("1 of 5")).to_be_visible()
    panel.get_by_label(re.compile("^model")).check()
    expect(chip(page, "2 of 5")).to_be_visible()
    chip(page, "Types").get_by_role("link", name="Remove filter").click()
    expect(chip(page, "Types")).to_have_count(0)
    lineage.ready()
    assert lineage.names() == everything


def test_custom_job_types_count_before_the_filters(page: Page, lineage: LineagePage, panel: Locator) -> None:
    panel.get_by_label(re.compile("^split")).check()
    expect(chip(page, "split")).to_be_visible()
    lineage.ready()
    jobs = page.locator('.outline [data-kind="run"]').evaluate_all("all => all.map(one => one.dataset.type)")
    assert set(jobs) == {"split"}
    expect(panel.locator("label", has_text="train").locator(".count")).to_have_text("24")
    bridged = page.locator(".outline [data-bridged-inputs], .outline [data-bridged-outputs]")
    assert bridged.count() > 0, "what the filter left out stays as a dotted arrow"
    panel.get_by_role("link", name="Reset").click()
    expect(page.locator(".graph-bar [data-chip]")).to_have_count(0)


def test_custom_hops_count_down_from_all_and_back(page: Page, lineage: LineagePage, panel: Locator) -> None:
    levels = "all => all.map(one => Number(one.dataset.level))"
    farthest = max(page.locator(".outline [data-node]").evaluate_all(levels))
    panel.get_by_role("button", name="Fewer downstream hops").click()
    expect(page).to_have_url(re.compile(rf"down={farthest - 1}\b"))
    for _ in range(2):
        panel.get_by_role("button", name="Fewer downstream hops").click()
    expect(page).to_have_url(re.compile(rf"down={farthest - 3}\b"))
    lineage.ready()
    assert max(page.locator(".outline [data-node]").evaluate_all(levels)) == farthest - 3
    expect(panel.get_by_text("further down")).to_be_visible()
    panel.get_by_role("button", name="More downstream hops").click()
    expect(page).to_have_url(re.compile(rf"down={farthest - 2}\b"))
    panel.get_by_role("button", name="All downstream hops").click()
    expect(page).not_to_have_url(re.compile("down="))
    panel.get_by_label("Upstream hops", exact=True).fill("1")
    panel.get_by_label("Upstream hops", exact=True).press("Tab")
    expect(page).to_have_url(re.compile(r"up=1\b"))


def test_custom_switches_say_what_they_would_draw(page: Page, lineage: LineagePage, panel: Locator) -> None:
    drawn = lineage.drawn
    switch = panel.get_by_role("switch", name=re.compile("Expand clusters"))
    effect = re.search(
        r"Draws (\d+) cards instead of (\d+)",
        panel.locator("label.switch").filter(has_text="Expand clusters").inner_text(),
    )
    assert effect is not None
    assert int(effect[2]) == drawn
    switch.check()
    expect(page.locator('.outline [data-kind="cluster"]')).to_have_count(0)
    lineage.ready()
    assert lineage.drawn == int(effect[1])
    extended = panel.get_by_role("switch", name=re.compile("extended"))
    extended.check()
    expect(chip(page, "Extended lineage")).to_be_visible()


def test_custom_orientation_and_colour(page: Page, lineage: LineagePage, panel: Locator) -> None:
    panel.get_by_label("Orientation").select_option("down")
    expect(chip(page, "Top to bottom")).to_be_visible()
    lineage.ready()
    page.wait_for_timeout(300)
    above, base = lineage.place(SPLIT), lineage.place(BASE)
    assert above["y"] < base["y"] - base["height"]
    panel.get_by_label("Colour by").select_option("job")
    expect(page.locator(".legend [data-legend]")).to_contain_text("split")
    panel.get_by_role("button", name="Close").click()
    page.locator(".graph-cy").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#live")).to_have_text(re.compile("^run .*split"))


def test_custom_card_rows_grow_the_cards(page: Page, lineage: LineagePage, panel: Locator) -> None:
    """Card rows: chosen by mouse and by key, on the cards, in the list, in the address; undone and taken off."""
    low = lineage.place(SPLIT)
    panel.get_by_label("Created, started").check()
    expect(chip(page, "Card rows")).to_contain_text("created")
    panel.get_by_label("Artifact size").focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"rows=created,size\b"))
    expect(panel.get_by_label("Artifact size")).to_be_focused()
    lineage.ready()
    expect(lineage.entry(SPLIT).locator("[data-row]")).to_have_count(1)
    expect(lineage.entry(BASE).locator("[data-row]")).to_have_count(2)
    page.wait_for_timeout(300)
    zoom = low["width"] / 200
    assert lineage.place(SPLIT)["height"] == pytest.approx(low["height"] + 18 * zoom, abs=1)
    assert lineage.place(BASE)["height"] == pytest.approx(low["height"] + 36 * zoom, abs=1)
    panel.get_by_role("button", name="Close").click()
    page.locator(".graph-cy").focus()
    page.keyboard.press("u")
    expect(lineage.entry(BASE).locator("[data-row]")).to_have_count(1)
    chip(page, "Card rows").get_by_role("link", name="Remove filter").click()
    expect(page.locator("[data-row]")).to_have_count(0)
    lineage.ready()
    page.wait_for_timeout(300)
    assert lineage.place(SPLIT)["height"] == pytest.approx(low["height"], abs=1)


def test_custom_by_keyboard_alone(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    page.locator(".graph-cy").focus()
    page.keyboard.press("c")
    panel = page.get_by_role("dialog", name="Custom view")
    expect(panel.get_by_role("link", name="Reset")).to_be_focused()
    for _ in range(6):
        if page.evaluate("document.activeElement.name") == "type":
            break
        page.keyboard.press("Tab")
    expect(panel.locator('input[name="type"]').first).to_be_focused()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("type="))
    expect(panel.locator('input[name="type"]').first).to_be_checked()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.get_by_role("button", name="Custom", exact=True)).to_be_focused()


# each control of the panel, the keys that change it, and what the address says then
BY_KEY = [
    ('input[name="type"][value="dataset"]', ["Space"], "type=dataset"),
    ('input[name="job"][value="split"]', ["Space"], "job=split"),
    ('[aria-label="Fewer upstream hops"]', ["Enter"], "up=[0-4]"),
    ("#hops-down", ["3", "Enter"], "down=3"),
    ('input[name="extended"]', ["Space"], "extended=1"),
    ('input[name="generated"]', ["Space"], "generated=1"),
    ('input[name="expand"]', ["Space"], "expand=1"),
    ('select[name="orientation"]', ["ArrowDown"], "orientation=down"),
    ('select[name="colour"]', ["j"], "colour=job"),
    ('input[name="rows"][value="size"]', ["Space"], "rows=size"),
]


def test_custom_every_row_by_keyboard_alone(page: Page, lineage: LineagePage) -> None:
    lineage.open("?custom=1")
    panel = page.locator(".pop-custom")
    panel.get_by_role("link", name="Reset").focus()
    for selector, keys, parameter in BY_KEY:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                break
        expect(panel.locator(selector)).to_be_focused()
        for key in keys:
            page.keyboard.press(key)
        expect(page).to_have_url(re.compile(rf"[?&]{parameter}(&|$)"))
        lineage.ready()
        # the panel shows the new view, and the control in use keeps the focus
        expect(panel.locator("[data-shown-here]")).to_have_text(page.locator(".legend .shown").inner_text())
        expect(panel.locator(":focus")).to_have_count(1)
    chips = page.locator(".graph-bar [data-chip]").evaluate_all("all => all.map(one => one.dataset.chip)")
    assert set(chips) >= {parameter.partition("=")[0] for _, _, parameter in BY_KEY}
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_custom_stays_open_after_a_reload(page: Page, lineage: LineagePage, panel: Locator) -> None:
    panel.get_by_label(re.compile("^dataset")).check()
    expect(chip(page, "dataset")).to_be_visible()
    page.reload()
    lineage.ready()
    expect(panel.get_by_label(re.compile("^dataset"))).to_be_checked()
    panel.get_by_label(re.compile("^dataset")).uncheck()
    expect(chip(page, "dataset")).to_have_count(0)


def test_custom_is_a_form_without_scripts(plain_page: Page) -> None:
    page, lineage = plain_page, LineagePage(plain_page)
    page.goto("/wildlife/zoo/artifacts/dataset/split_zoo_dataset/v0/lineage")
    everything = lineage.names()
    page.get_by_role("button", name="Custom", exact=True).click()
    page.locator('.pop-custom input[value="dataset"]').check()
    page.get_by_label("Downstream hops", exact=True).fill("2")
    page.get_by_role("button", name="Apply").click()
    expect(chip(page, "dataset")).to_be_visible()
    expect(chip(page, "2 hops")).to_be_visible()
    assert 0 < len(lineage.names()) < len(everything)
    page.get_by_role("dialog", name="Custom view").get_by_role("link", name="Reset").click()
    expect(page.locator(".graph-bar [data-chip]")).to_have_count(0)
    assert lineage.names() == everything


def test_cus_1_focus_moves_the_hops_and_keeps_the_base_marked(page: Page, lineage: LineagePage) -> None:
    lineage.open("?up=1&down=1")
    near = lineage.names()
    lineage.click_card(SPLIT)
    page.locator(".panel").get_by_role("button", name="Focus").click()
    expect(page).to_have_url(re.compile(r"focus=run-\d+"))
    expect(chip(page, SPLIT)).to_be_visible()
    lineage.ready()
    assert lineage.entry(BASE).get_attribute("data-base") == "true"
    assert lineage.entry(SPLIT).get_attribute("data-level") == "0"
    assert set(lineage.names()) != set(near)
    page.locator(".graph-cy").focus()
    page.keyboard.press("f")
    expect(page).not_to_have_url(re.compile("focus="))
    lineage.ready()
    assert lineage.names() == near


def test_everything_filtered_names_the_way_back(page: Page, lineage: LineagePage) -> None:
    lineage.open("?up=0&down=0")
    assert lineage.names() == [BASE]
    note = page.locator("[data-filtered]")
    expect(note).to_be_hidden()
    lineage.open("?type=none-such&job=none-such")
    expect(note).to_contain_text("The filters hide all")
    note.get_by_role("link", name="Reset filters").click()
    expect(note).to_be_hidden()
    lineage.ready()
    assert CLUSTER in lineage.names()
