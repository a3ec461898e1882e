"""Every interaction of the Lineage tab by keyboard alone: no test here touches the pointer."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lineage_page import LINEAGE, LineagePage

BASE, SPLIT, CLUSTER = "split_zoo_dataset:v0", "ancient-forest-9", "24 train runs"


@pytest.fixture
def keys(page: Page, lineage: LineagePage) -> LineagePage:
    """The tab with the focus on the drawing."""
    lineage.open()
    page.locator(".graph-cy").focus()
    return lineage


def walk_to(lineage: LineagePage, name: str) -> None:
    """Go through the columns until the focus is on the card."""
    said = re.compile(rf"(run |artifact |cluster of )?{re.escape(name)}, ")
    for key in ("ArrowUp", "ArrowDown"):
        before = ""
        while lineage.live != before:
            before = lineage.live
            lineage.page.keyboard.press(key)
            lineage.page.wait_for_timeout(40)
            if said.match(lineage.live):
                return
    raise AssertionError(f"{name} is not reached, the last is {lineage.live!r}")


def tab_to(page: Page, name: str, most: int = 30) -> None:
    """Press Tab until the focus is on what is called so."""
    named = "() => (document.activeElement.ariaLabel || document.activeElement.textContent).trim()"
    for _ in range(most):
        page.keyboard.press("Tab")
        if str(page.evaluate(named)).startswith(name):
            return
    raise AssertionError(f"{name} is not reached by Tab")


def test_int_2_zoom_and_fit(page: Page, keys: LineagePage) -> None:
    start = keys.place(BASE)["width"]
    page.keyboard.press("+")
    assert keys.place(BASE)["width"] == pytest.approx(start * 1.25)
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert keys.place(BASE)["width"] == pytest.approx(start / 1.25)
    page.keyboard.press("0")
    box = page.locator(".graph-cy").bounding_box()
    assert box is not None
    for name in keys.names():
        place = keys.place(name)
        assert box["x"] <= place["x"] - place["width"] / 2
        assert place["x"] + place["width"] / 2 <= box["x"] + box["width"]
    tab_to(page, "Full screen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Full screen")).to_have_attribute("aria-pressed", "true")


def test_int_1_a_card_is_moved_undone_and_put_in_order(page: Page, keys: LineagePage) -> None:
    walk_to(keys, SPLIT)
    before, other = keys.place(SPLIT), keys.place(BASE)
    zoom = before["width"] / 200
    for key in ("ArrowUp", "ArrowUp", "ArrowRight"):
        page.keyboard.press(f"Shift+{key}")
    after = keys.place(SPLIT)
    assert after["x"] - before["x"] == pytest.approx(24 * zoom)
    assert after["y"] - before["y"] == pytest.approx(-48 * zoom)
    assert keys.place(BASE) == other
    page.keyboard.press("u")
    expect(page.locator("#live")).to_have_text("Undone")
    page.wait_for_timeout(300)
    assert keys.place(SPLIT)["x"] == pytest.approx(before["x"])
    page.reload()
    keys.ready()
    page.wait_for_timeout(300)
    assert keys.place(SPLIT)["y"] - keys.place(BASE)["y"] == pytest.approx(before["y"] - other["y"] - 48 * zoom)
    page.locator(".graph-cy").focus()
    tab_to(page, "Rearrange")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert keys.place(SPLIT)["y"] - keys.place(BASE)["y"] == pytest.approx(before["y"] - other["y"])


def test_int_3_hide_and_show_again(page: Page, keys: LineagePage) -> None:
    names = keys.names()
    walk_to(keys, SPLIT)
    page.keyboard.press("h")
    expect(keys.entry(SPLIT)).to_have_count(0)
    keys.ready()
    expect(page.locator(".card-tools")).to_have_attribute("aria-label", "Actions for zoo_images_raw:v3")  # a neighbour
    page.get_by_label("Find in graph").focus()
    tab_to(page, "Hidden (1)")
    page.keyboard.press("Enter")
    tab_to(page, f"Show {SPLIT}")
    page.keyboard.press("Enter")
    expect(keys.entry(SPLIT)).to_have_count(1)
    assert keys.names() == names
    keys.ready()
    page.locator(".graph-cy").focus()
    walk_to(keys, BASE)
    page.keyboard.press("h")
    expect(page.locator("#live")).to_have_text("The base and the focus cannot be hidden.")
    assert keys.names() == names


def test_clu_3_and_clu_7_expand_collapse_extract_and_put_back(page: Page, keys: LineagePage) -> None:
    names = keys.names()
    walk_to(keys, CLUSTER)
    page.keyboard.press("x")
    expect(keys.entry(CLUSTER)).to_have_count(0)
    keys.ready()
    assert len(keys.names()) == len(names) + 23
    member = str(page.locator('.outline [data-kind="run"][data-type="train"]').first.get_attribute("data-name"))
    # the ring has gone to a member, and comes back with the cluster
    page.keyboard.press("x")
    expect(keys.entry(CLUSTER)).to_have_count(1)
    keys.ready()
    assert keys.names() == names
    page.keyboard.press("e")
    expect(page.locator('.pop-cluster input[type="search"]')).to_be_focused()
    page.keyboard.type(member)
    expect(page.locator("[data-member]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".panel h2")).to_have_text(member)
    page.keyboard.press("e")
    expect(keys.entry(member)).to_have_count(1)
    keys.ready()
    expect(page.locator('[data-member] [data-action="put-back"]')).to_have_count(1)
    expect(page.locator("[data-member] .member__main")).to_be_focused()  # also in the list that has come since
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator(".graph-cy").focus()
    walk_to(keys, member)
    page.keyboard.press("e")
    expect(keys.entry(CLUSTER)).to_have_count(1)
    assert keys.names() == names


def test_clu_6_put_all_back(page: Page, keys: LineagePage) -> None:
    names = keys.names()
    walk_to(keys, CLUSTER)
    page.keyboard.press("Enter")
    expect(page.locator("[data-member]")).to_have_count(24)
    for left in (23, 22):
        page.get_by_label("Search members").focus()
        for _ in range(24 - left):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("e")
        expect(keys.entry(f"{left} train runs")).to_have_count(1)
        expect(page.locator('[data-member][data-extracted="true"]')).to_have_count(24 - left)
    tab_to(page, "Put all back", most=80)
    page.keyboard.press("Enter")
    expect(keys.entry(CLUSTER)).to_have_count(1)
    assert keys.names() == names


def test_prv_3_preview_open_the_page_focus_and_back(page: Page, keys: LineagePage) -> None:
    walk_to(keys, SPLIT)
    page.keyboard.press("Enter")
    expect(page.locator(".panel h2")).to_have_text(SPLIT)
    page.keyboard.press("f")
    expect(page).to_have_url(re.compile(r"focus=run-\d+"))
    keys.ready()
    assert keys.entry(SPLIT).get_attribute("data-level") == "0"
    assert keys.entry(BASE).get_attribute("data-base") == "true"
    page.locator(".graph-cy").focus()
    walk_to(keys, SPLIT)
    page.keyboard.press("f")
    expect(page).not_to_have_url(re.compile("focus="))
    keys.ready()
    page.locator(".panel .panel-body").focus()
    tab_to(page, BASE)
    page.keyboard.press("Enter")
    expect(page.locator(".panel h2")).to_have_text(BASE)
    expect(page.locator(".panel :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    page.locator(".graph-cy").focus()
    walk_to(keys, SPLIT)
    tab_to(page, "Open page")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/wildlife/zoo/runs/[^/]+$"))


def test_cus_2_and_cus_3_chips_reset_and_a_saved_view(page: Page, lineage: LineagePage) -> None:
    lineage.open("?down=2&job=train")
    narrow = lineage.names()
    page.get_by_label("Find in graph").focus()
    tab_to(page, "Remove filter Job type train")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?down=2$"))
    lineage.ready()
    page.get_by_label("Find in graph").focus()
    tab_to(page, "Reset")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{LINEAGE}$"))
    lineage.ready()
    page.locator(".graph-cy").focus()
    page.keyboard.press("u")
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile(r"\?down=2&job=train$"))
    lineage.ready()
    assert lineage.names() == narrow
    page.get_by_label("Find in graph").focus()
    tab_to(page, "Saved views")
    page.keyboard.press("Enter")
    tab_to(page, "", most=1)
    page.keyboard.type("By key")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"down=2&job=train&saved=\d+"))
    lineage.open()
    page.get_by_label("Find in graph").focus()
    tab_to(page, "Saved views")
    page.keyboard.press("Enter")
    tab_to(page, "By key")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"down=2&job=train&saved=\d+"))
    lineage.ready()
    assert lineage.names() == narrow
    page.get_by_label("Find in graph").focus()
    tab_to(page, "Saved views")
    page.keyboard.press("Enter")
    tab_to(page, "Delete the view By key")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(page.locator("[data-saved-view]")).to_have_count(0)


def test_export_and_share(page: Page, keys: LineagePage) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("Find in graph").focus()
    tab_to(page, "Export or share")
    page.keyboard.press("Enter")
    tab_to(page, "Copy link")
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_have_text("Link copied")
    assert str(page.evaluate("navigator.clipboard.readText()")).endswith(LINEAGE)
    page.get_by_label("Export or share").focus()
    if not page.locator(".export-menu[open]").count():
        page.keyboard.press("Enter")
    tab_to(page, "JSON")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".json")
