"""Pictures of the Lineage tab, kept in build/screenshots, and what can be measured of them; axe on fixed states."""

import itertools
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FloatRect, Page, expect

from tests.browser.conftest import Faults
from tests.browser.lineage_page import LineagePage

SHOTS = Path("build/screenshots")
BASE, SPLIT, CLUSTER = "split_zoo_dataset:v0", "ancient-forest-9", "24 train runs"
SIZES = {"1440": (1440, 900), "900": (900, 700)}
STATES = ("first", "cluster", "custom", "run", "list", "failed", "empty")
MORE_STATES = ("artifact", "hidden", "filtered", "down", "find", "rows", "keys")
FIXED = {
    "list": "?list=1",
    "custom": "?custom=1&type=dataset&type=model&down=4",
    "rows": "?rows=state,created,author,size",
    "filtered": "?type=none-such&job=none-such",
    "down": "?orientation=down&colour=job",
}


def show(lineage: LineagePage, state: str, lonely: str) -> None:
    """Bring the page into one of the fixed states."""
    page = lineage.page
    if state == "empty":
        page.goto(lonely)
        page.wait_for_selector("[data-lineage-state=empty]")
        return
    lineage.open(FIXED.get(state, ""))
    if state in {"run", "artifact"}:
        name = SPLIT if state == "run" else BASE
        lineage.click_card(name)
        expect(page.locator(".panel h2")).to_have_text(name)
    elif state == "cluster":
        lineage.click_card(CLUSTER)
        expect(page.get_by_role("dialog").locator("[data-member]")).to_have_count(24)
    elif state == "hidden":
        lineage.hover_card("zoo_labels:v0")
        page.locator(".card-tools").get_by_role("button", name="Hide").click()
        page.get_by_text("Hidden (1)").click()
    elif state == "failed":
        page.route(
            "**/lineage?hide=*", lambda route: route.fulfill(status=500, headers={"X-Request-ID": "0123456789abcdef"})
        )
        lineage.entry(SPLIT).locator('[data-action="hide"]').dispatch_event("click")
        expect(page.get_by_role("alert").filter(has_text="could not be loaded")).to_be_visible()
    elif state == "keys":
        page.locator(".graph-cy").focus()
        page.keyboard.press("?")
    elif state == "find":
        page.get_by_label("Find in graph").fill("zoo")
        expect(page.locator(".pop-find [data-hit]").first).to_be_visible()
    page.mouse.move(5, 5)
    page.wait_for_timeout(400)


def serious_violations(page: Page, faults: Faults) -> list[str]:
    """What axe finds; it styles the page itself, which the policy forbids: those complaints are not the page's."""
    before = list(faults.found)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    faults.found = before
    return [
        f"{rule['id']}: {[node['html'][:160] for node in rule['nodes'][:4]]}"
        for rule in found.response["violations"]
        if rule["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("state", [*STATES, *(pytest.param(state, marks=pytest.mark.slow) for state in MORE_STATES)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_each_state_fits_its_window_and_satisfies_axe(
    page: Page, lineage: LineagePage, faults: Faults, lonely: str, size: str, scheme: str, state: str
) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    show(lineage, state, lonely)
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"lineage-{state}-{size}-{scheme}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    overlapping = overlaps(page, [".zoom", ".legend", ".minimap"])
    assert overlapping == [], "the docks do not overlap"
    for floating in (".pop-cluster", ".pop-custom", ".pop-find", ".panel", ".fail-note .empty-in", ".empty-in"):
        for box in boxes(page, floating):
            assert box["x"] >= 0, floating
            assert box["x"] + box["width"] <= width, floating
            assert box["y"] + box["height"] <= height, floating
    if state == "failed":
        faults.found = [fault for fault in faults.found if "status of 500" not in fault]
    assert cut_texts(page) == []
    assert serious_violations(page, faults) == []


def boxes(page: Page, selector: str) -> list[FloatRect]:
    """Where the visible elements are."""
    return [box for one in page.locator(selector).all() if one.is_visible() and (box := one.bounding_box())]


def overlaps(page: Page, selectors: list[str]) -> list[tuple[str, str]]:
    places = {selector: boxes(page, selector) for selector in selectors}
    return [
        (one, other)
        for one, other in itertools.combinations(selectors, 2)
        for a in places[one]
        for b in places[other]
        if a["x"] < b["x"] + b["width"] and b["x"] < a["x"] + a["width"]
        if a["y"] < b["y"] + b["height"] and b["y"] < a["y"] + a["height"]
    ]


def cut_texts(page: Page) -> list[str]:
    """Buttons, headings and chips whose text does not fit them; what may be cut says so with an ellipsis."""
    return page.locator(":is(.btn, h2, .filter, .facet, .chip, .pill, .tabs a):visible").evaluate_all(  # type: ignore[no-any-return]
        """all => all.filter(one => one.scrollWidth > one.clientWidth + 1
            && getComputedStyle(one).overflowX === "visible" && one.clientWidth
            && !one.closest("details")).map(one => one.outerHTML.slice(0, 120))"""
    )


def test_the_colours_lie_folded_on_a_narrow_window_and_stay_as_the_reader_leaves_them(
    page: Page, lineage: LineagePage
) -> None:
    colours = page.locator(".legend [data-legend]")
    lineage.open("?colour=job")
    expect(colours.get_by_text("split")).to_be_visible()
    page.set_viewport_size({"width": 900, "height": 700})
    lineage.open("?colour=job")
    expect(colours.get_by_text("split")).to_be_hidden()
    colours.get_by_text(re.compile(r"^\d colours$")).click()
    expect(colours.get_by_text("split")).to_be_visible()
    page.keyboard.press("c")
    page.get_by_label("Colour by").select_option("type")
    expect(colours.get_by_text("dataset", exact=True)).to_be_visible()


def test_the_version_of_a_long_name_is_never_cut(page: Page, lineage: LineagePage) -> None:
    lineage.open().with_modules()
    shorten = """async name => {
        const {shortenMiddle} = await import(new URL("/source/js/lib/shorten.js", location));
        const {textWidth} = await import(new URL("/source/js/lib/measure.js", location));
        const fits = text => textWidth(text, "500 13px sans-serif") <= 142;
        return shortenMiddle(name, fits);
    }"""
    for name in ("a" * 128 + ":v123", "zoo:v1", "Käfer " * 20 + ":v7"):
        assert page.evaluate(shorten, name).endswith(name[name.rindex(":") :])
