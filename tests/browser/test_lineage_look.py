"""Pictures of the Lineage tab, kept in build/screenshots, and what can be measured of them; axe on fixed states."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Faults
from tests.browser.lineage_page import LineagePage

SHOTS = Path("build/screenshots")
BASE, SPLIT, CLUSTER = "split_zoo_dataset:v0", "ancient-forest-9", "24 train runs"
SIZES = {"1440": (1440, 900), "900": (900, 700)}
STATES = ("first", "run", "artifact", "cluster", "list", "hidden")
MORE_STATES = ("custom", "filtered", "down", "find")
FIXED = {
    "list": "?list=1",
    "custom": "?custom=1&type=dataset&type=model&down=4",
    "filtered": "?type=none-such&job=none-such",
    "down": "?orientation=down&colour=job",
}


def show(lineage: LineagePage, state: str) -> None:
    """Bring the page into one of the fixed states."""
    page = lineage.page
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
    page: Page, lineage: LineagePage, faults: Faults, size: str, scheme: str, state: str
) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    show(lineage, state)
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"lineage-{state}-{size}-{scheme}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [page.locator(part).bounding_box() for part in (".zoom", ".legend")]
    if all(boxes) and state != "list":
        zoom, legend = boxes
        assert zoom is not None
        assert legend is not None
        assert zoom["x"] + zoom["width"] <= legend["x"], "the docks do not overlap"
    popover = page.locator(".pop-cluster").bounding_box()
    if state == "cluster":
        assert popover is not None
        assert popover["x"] >= 0
        assert popover["x"] + popover["width"] <= width
        assert popover["y"] + popover["height"] <= height
    if size == "1440":
        assert serious_violations(page, faults) == []


def test_the_version_of_a_long_name_is_never_cut(page: Page, lineage: LineagePage) -> None:
    lineage.open().with_modules()
    shorten = """async name => {
        const {shortenMiddle} = await import(new URL("/source/lib/shorten.js", location));
        const {textWidth} = await import(new URL("/source/lib/measure.js", location));
        const fits = text => textWidth(text, "500 13px sans-serif") <= 142;
        return shortenMiddle(name, fits);
    }"""
    for name in ("a" * 128 + ":v123", "zoo:v1", "Käfer " * 20 + ":v7"):
        assert page.evaluate(shorten, name).endswith(name[name.rindex(":") :])
