"""What the pointer does on the Lineage tab beside hiding and dragging: toolbar, popover, panel, copying, closing."""

import re

from playwright.sync_api import Page, expect

from tests.browser.lineage_page import LineagePage, differing_pixels

BASE, SPLIT, CLUSTER = "split_zoo_dataset:v0", "ancient-forest-9", "24 train runs"


def test_the_toolbar_stands_over_its_card_and_the_popover_hangs_under_it(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    lineage.hover_card(SPLIT)
    tools = page.locator(".card-tools")
    expect(tools).to_be_visible()
    page.wait_for_timeout(100)
    box, place = tools.bounding_box(), lineage.place(SPLIT)
    assert box is not None
    assert 0 <= place["y"] - place["height"] / 2 - (box["y"] + box["height"]) <= 10
    assert abs(place["x"] + place["width"] / 2 - (box["x"] + box["width"])) <= 2
    labels = [one.get_attribute("aria-label") for one in tools.locator("button, a").all() if one.is_visible()]
    assert labels == ["Hide (h)", "Focus lineage here (f)", "Open page"]
    page.mouse.move(box["x"] + 10, box["y"] + box["height"] - 4, steps=4)
    page.wait_for_timeout(300)
    expect(tools).to_be_visible()
    page.mouse.move(5, 5)
    expect(tools).to_be_hidden()
    lineage.hover_card(CLUSTER)
    labels = [one.get_attribute("aria-label") for one in tools.locator("button, a").all() if one.is_visible()]
    assert labels == ["Hide (h)", "Expand in place (x)", "Search its members (Enter)"]
    lineage.click_card(CLUSTER)
    popover = page.locator(".pop-cluster")
    expect(popover).to_be_visible()
    page.wait_for_timeout(300)
    box, place = popover.bounding_box(), lineage.place(CLUSTER)
    assert box is not None
    assert abs(box["y"] - (place["y"] + place["height"] / 2)) <= 16
    assert abs(box["x"] - (place["x"] - place["width"] / 2)) <= 4


def test_prv_3_hide_from_the_preview_copy_ids_and_close_on_the_ground(page: Page, lineage: LineagePage) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lineage.open()
    names = lineage.names()
    lineage.click_card(SPLIT)
    panel = page.locator(".panel")
    panel.get_by_role("button", name="Copy run id").click()
    expect(page.locator("#live")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == lineage.field("run-id")
    box = page.locator(".graph-cy").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 40, box["y"] + 60)
    expect(panel).to_be_hidden()
    expect(page).not_to_have_url(re.compile("selected="))
    lineage.click_card(CLUSTER)
    expect(page.locator(".pop-cluster")).to_be_visible()
    page.mouse.click(box["x"] + 40, box["y"] + 60)
    expect(page.locator(".pop-cluster")).to_be_hidden()
    report = lineage.entry("glamorous-planet-41")
    report.locator('[data-action="preview"]').click()
    panel.get_by_role("button", name=re.compile("^Hide with the 1 only reachable")).click()
    expect(page.get_by_text("Hidden (2)")).to_be_visible()
    lineage.ready()
    assert set(names) - set(lineage.names()) == {"glamorous-planet-41", "zoo-report:v0"}
    lineage.entry(SPLIT).locator('[data-action="preview"]').click()
    expect(panel.locator("h2")).to_have_text(SPLIT)
    panel.get_by_role("button", name="Hide", exact=True).click()
    expect(lineage.entry(SPLIT)).to_have_count(0)
    page.get_by_text("Hidden (3)").click()
    page.get_by_role("button", name="Show zoo-report:v0").click()
    expect(lineage.entry("zoo-report:v0")).to_have_count(1)
    expect(page.get_by_text("Hidden (2)")).to_be_visible()


def test_gra_11_int_6_a_click_gives_the_graph_the_wheel_and_the_keys(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    lineage.click_card(SPLIT)
    expect(page.locator(".panel h2")).to_have_text(SPLIT)
    ring = "getComputedStyle(document.querySelector('.graph-cy')).outlineStyle"
    assert page.evaluate(ring) == "none"
    wide = lineage.place(BASE)["width"]
    page.mouse.wheel(0, -200)
    page.wait_for_timeout(100)
    assert lineage.place(BASE)["width"] > wide
    page.keyboard.press("h")
    expect(lineage.entry(SPLIT)).to_have_count(0)
    assert page.evaluate(ring) != "none", "the keyboard sees where it is"
    lineage.ready()
    page.keyboard.press("u")
    expect(lineage.entry(SPLIT)).to_have_count(1)
    lineage.ready()
    lineage.click_card(BASE)
    expect(page.locator(".panel h2")).to_have_text(BASE)
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()


def test_int_6_keys_of_the_view_hold_when_what_was_clicked_is_gone(page: Page, lineage: LineagePage) -> None:
    lineage.open(f"?selected={lineage.open().key(SPLIT)}")
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    lineage.hover_card(SPLIT)
    page.locator('.card-tools [data-action="hide"]').click()
    expect(lineage.entry(SPLIT)).to_have_count(0)
    lineage.ready()
    page.keyboard.press("u")
    expect(lineage.entry(SPLIT)).to_have_count(1)
    page.keyboard.press("?")
    expect(page.locator("dialog.keys")).to_be_visible()


def test_a_cluster_is_asked_for_once_while_its_button_is_pressed(page: Page, lineage: LineagePage) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "unfold=" in request.url else None)
    lineage.open()
    before = lineage.drawn
    for is_late in (False, True):
        lineage.hover_card(CLUSTER)
        page.locator('.card-tools [data-action="unfold"]').hover()
        with page.expect_request(lambda request: "unfold=" in request.url):
            page.mouse.down()
        assert lineage.drawn == before
        page.wait_for_timeout(1100 if is_late else 0)  # what was asked for long ago may be stale
        page.mouse.up()
        page.wait_for_selector(f'[data-lineage-state=ready]:not([data-visible="{before}"])', state="attached")
        assert len(asked) == 1 + is_late
        asked.clear()
        page.keyboard.press("u")
        page.wait_for_selector(f'[data-lineage-state=ready][data-visible="{before}"]', state="attached")


def test_int_1_pills_and_arrows_go_with_the_dragged_card(page: Page, lineage: LineagePage) -> None:
    lineage.open("?up=1&down=1")
    pill = "key => window.lineagePlace(`more-up-${key}`)"
    before, key = lineage.place(SPLIT), lineage.key(SPLIT)
    beside = page.evaluate(pill, key)["x"] - before["x"]
    lineage.drag_card(SPLIT, -30, -150)
    after = lineage.place(SPLIT)
    moved = page.evaluate(pill, key)
    assert round(after["y"] - before["y"]) == -150
    assert (round(moved["x"] - after["x"]), round(moved["y"] - after["y"])) == (round(beside), 0)
    page.mouse.move(5, 5)
    page.wait_for_timeout(400)
    canvas = page.locator(".graph-cy")
    first = canvas.screenshot()
    for scheme in ("dark", "light"):  # paints everything anew
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_timeout(300)
    assert differing_pixels(page, canvas.screenshot(), first) < 30


def test_cus_2_reset_and_what_is_hidden_stay_in_sight_however_many_chips(page: Page, lineage: LineagePage) -> None:
    page.set_viewport_size({"width": 900, "height": 700})
    hidden = lineage.open().key(SPLIT)
    lineage.open(f"?up=3&down=3&extended=1&generated=1&colour=job&rows=state,created&hidden={hidden}")
    filters = page.locator(".filters").bounding_box()
    assert filters is not None
    for control in (page.get_by_role("link", name="Reset"), page.locator(".hidden-nodes > summary")):
        box = control.bounding_box()
        assert box is not None
        assert filters["x"] <= box["x"]
        assert box["x"] + box["width"] <= filters["x"] + filters["width"] + 1
        control.click(trial=True)
    page.locator(".hidden-nodes > summary").click()
    page.get_by_role("button", name=f"Show {SPLIT}").click()
    expect(lineage.entry(SPLIT)).to_have_count(1)
    page.get_by_role("link", name="Reset").click()
    expect(page.locator("[data-chip]")).to_have_count(0)


def test_cus_3_the_custom_panel_leads_to_saving(page: Page, lineage: LineagePage) -> None:
    lineage.open("?custom=1&down=2")
    page.locator(".pop-custom").get_by_role("button", name="Save view…").click()
    expect(page.get_by_label("Name of the view")).to_be_focused()
