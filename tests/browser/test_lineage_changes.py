"""Changes of the view in a real browser: hide and show, search, extract and put back, restore, fail and try again."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Faults
from tests.browser.lineage_page import LINEAGE, LineagePage

BASE = "split_zoo_dataset:v0"
CLUSTER = "24 train runs"
SPLIT = "ancient-forest-9"


def test_int_3_the_eye_hides_and_the_chip_shows_again(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    drawn = lineage.drawn
    lineage.hover_card(SPLIT)
    page.locator(".card-tools").get_by_role("button", name="Hide").click()
    expect(page).to_have_url(re.compile(r"\?hidden=run-\d+$"))
    lineage.ready()
    assert SPLIT not in lineage.names()
    assert lineage.drawn == drawn - 1
    expect(page.locator("#live")).to_have_text(f"{SPLIT} hidden, {drawn - 1} nodes visible")
    page.get_by_text("Hidden (1)").click()
    page.get_by_role("button", name=f"Show {SPLIT}").click()
    expect(page.get_by_text("Hidden (1)")).to_have_count(0)
    assert SPLIT in lineage.names()
    assert page.url.endswith(LINEAGE)


def test_int_4_several_are_hidden_at_once_and_all_come_back(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    names = lineage.names()
    for name in ("zoo_labels:v0", "zoo-report:v0"):
        lineage.page.evaluate(
            "key => document.querySelector(`[data-node=${key}] [data-action=hide]`).click()", lineage.key(name)
        )
    expect(page.get_by_text("Hidden (2)")).to_be_visible()
    page.get_by_text("Hidden (2)").click()
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_text("Hidden (2)")).to_have_count(0)
    assert lineage.names() == names


def test_int_5_reload_back_and_a_copied_link_restore_the_view(
    page: Page, lineage: LineagePage, plain_page: Page
) -> None:
    lineage.open()
    everything = lineage.names()
    lineage.hover_card(SPLIT)
    page.locator(".card-tools").get_by_role("button", name="Hide").click()
    expect(page.get_by_text("Hidden (1)")).to_be_visible()
    hidden = lineage.names()
    page.reload()
    lineage.ready()
    assert lineage.names() == hidden
    plain_page.goto(page.url)
    assert LineagePage(plain_page).names() == hidden
    page.go_back()
    expect(page.get_by_text("Hidden (1)")).to_have_count(0)
    assert lineage.names() == everything
    page.go_forward()
    expect(page.get_by_text("Hidden (1)")).to_be_visible()
    assert lineage.names() == hidden


def test_clu_3_search_a_cluster_preview_extract_and_put_back(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    names, drawn = lineage.names(), lineage.drawn
    before = lineage.place(CLUSTER)
    lineage.click_card(CLUSTER)
    dialog = page.get_by_role("dialog", name=CLUSTER)
    expect(dialog.locator("[data-member]")).to_have_count(24)
    page.keyboard.type("kudu")
    expect(dialog.locator("[data-member]")).to_have_count(1)
    expect(dialog.get_by_text("1 of 24")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_timeout(400)
    expect(dialog.get_by_text("1 of 24")).to_be_visible()
    expect(dialog.locator('[aria-pressed="true"]')).to_have_count(0)
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    member = str(dialog.locator("[data-member]").get_attribute("data-name"))
    dialog.get_by_role("button", name=member).first.click()
    expect(page.locator(".panel h2")).to_have_text(member)
    assert member not in lineage.names(), "a member that is previewed stays in its cluster"
    at = lineage.page.evaluate(
        "key => window.lineagePlace(key)",
        page.locator('.outline [data-kind="cluster"][data-type="train"]').get_attribute("data-node"),
    )
    dialog.get_by_role("button", name=f"Extract {member}").click()
    expect(lineage.entry(member)).to_have_count(1)
    lineage.ready()
    page.wait_for_timeout(400)
    assert lineage.drawn == drawn + 1
    kept = lineage.place("23 train runs")
    assert (round(kept["x"]), round(kept["y"])) == (round(at["x"]), round(at["y"])), "the clicked card keeps its place"
    assert lineage.place(member)["x"] == pytest.approx(kept["x"], abs=10)
    expect(page.locator("#live")).to_have_text(f"{member} extracted, {drawn + 1} nodes visible")
    dialog.get_by_role("button", name=f"Put {member} back").click()
    expect(lineage.entry(member)).to_have_count(0)
    assert lineage.names() == names
    assert before["width"] > 0


def test_clu_6_put_all_back(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    names = lineage.names()
    lineage.click_card(CLUSTER)
    dialog = page.get_by_role("dialog")
    for left in (23, 22):
        dialog.locator('[data-action="extract"]').first.click()
        expect(lineage.entry(f"{left} train runs")).to_have_count(1)
        expect(dialog.locator('[data-member][data-extracted="true"]')).to_have_count(24 - left)
    dialog.get_by_role("button", name="Put all back").click()
    expect(lineage.entry(CLUSTER)).to_have_count(1)
    assert lineage.names() == names
    assert page.url.endswith(LINEAGE)


def test_a_failed_change_keeps_the_drawing_and_is_tried_again(page: Page, lineage: LineagePage, faults: Faults) -> None:
    lineage.open()
    drawn = lineage.drawn
    page.route("**/lineage?hide=*", lambda route: route.abort())
    lineage.hover_card(SPLIT)
    page.locator(".card-tools").get_by_role("button", name="Hide").click()
    expect(lineage.container).to_have_attribute("data-lineage-state", "failed")
    expect(page.get_by_role("alert").filter(has_text="could not be loaded")).to_be_visible()
    assert lineage.drawn == drawn
    page.unroute("**/lineage?hide=*")
    page.get_by_role("button", name="Try again").click()
    expect(lineage.entry(SPLIT)).to_have_count(0)
    lineage.ready()
    faults.found = [fault for fault in faults.found if "ERR_FAILED" not in fault]


def test_a_refused_change_names_the_request(page: Page, lineage: LineagePage, faults: Faults) -> None:
    lineage.open()
    page.evaluate("document.querySelector('.outline [data-action=hide]').value = 'run-0'")
    page.evaluate("document.querySelector('.outline [data-action=hide]').click()")
    expect(lineage.container).to_have_attribute("data-lineage-state", "failed")
    expect(page.locator("[data-fail-reason]")).to_contain_text("run-0")
    expect(page.locator("[data-fail-request]")).to_have_text(re.compile(r"Request [0-9a-f]{16}"))
    faults.found = [fault for fault in faults.found if "status of 400" not in fault]


def test_a_cluster_is_hidden_and_shown_like_a_node(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    names = lineage.names()
    lineage.hover_card(CLUSTER)
    page.locator(".card-tools").get_by_role("button", name="Hide").click()
    expect(page).to_have_url(re.compile(r"\?hidden=cluster-[0-9a-f]{10}$"))
    expect(lineage.entry(CLUSTER)).to_have_count(0)
    lineage.ready()
    page.get_by_text("Hidden (1)").click()
    page.get_by_role("button", name=f"Show {CLUSTER}").click()
    expect(lineage.entry(CLUSTER)).to_have_count(1)
    assert lineage.names() == names


def test_changes_in_quick_succession_build_on_one_another(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    page.evaluate("""() => {
        const hide = [...document.querySelectorAll(".outline [data-kind=artifact] [data-action=hide]")].slice(0, 3);
        for (const button of hide) button.click();
    }""")
    expect(page.get_by_text("Hidden (3)")).to_be_visible()
    lineage.ready()
    assert lineage.drawn == len(lineage.names())
