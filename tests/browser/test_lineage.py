"""The Lineage tab in a real browser: reached, drawn, moved, previewed."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lineage_page import LINEAGE, LineagePage, differing_pixels

BASE = "split_zoo_dataset:v0"
CLUSTER = "24 train runs"
SPLIT = "ancient-forest-9"


def shot(page: Page) -> bytes:
    return page.locator(".graph-cy").screenshot(animations="disabled")


def test_nav_1_from_the_project_to_the_graph(page: Page, lineage: LineagePage) -> None:
    page.goto("/")
    page.get_by_role("link", name="zoo", exact=True).first.click()
    page.get_by_role("link", name=re.compile("^Artifacts")).first.click()
    page.locator("#tree").get_by_role("link", name=re.compile("^dataset")).click()
    page.get_by_role("link", name="split_zoo_dataset").first.click()
    page.get_by_role("navigation", name="Tabs").get_by_role("link", name="Lineage").click()
    expect(page).to_have_url(re.compile(f"{LINEAGE}$"))
    lineage.ready()
    assert lineage.drawn == len(lineage.names())


def test_nav_2_from_the_registry_to_the_graph(page: Page, lineage: LineagePage) -> None:
    page.goto("/registry")
    page.get_by_role("main").get_by_role("link", name=re.compile("Dataset")).first.click()
    page.get_by_role("main").get_by_role("link", name=re.compile("Zoo split")).first.click()
    page.get_by_role("navigation", name="Tabs").get_by_role("link", name="Lineage").click()
    lineage.ready()
    assert BASE in lineage.names()
    lineage.click_card(SPLIT)
    expect(page.locator('.panel [data-field="job-type"]')).to_have_text("split")


def test_a_run_has_its_graph(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    href = lineage.entry(SPLIT).locator('a[data-action="open"]').get_attribute("href")
    lineage.open(path=f"{href}/lineage")
    assert lineage.entry(SPLIT).get_attribute("data-base") == "true"


def test_the_drawing_holds_what_the_outline_says(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    assert lineage.drawn == page.locator(".outline [data-node]").count()
    assert lineage.container.get_attribute("data-visible") == str(lineage.drawn)
    assert lineage.container.get_attribute("data-complete") == "true"
    for name in lineage.names():
        lineage.place(name)


def test_gra_11_the_base_stands_readable_in_the_middle(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    box = page.locator(".graph-cy").bounding_box()
    assert box is not None
    place = lineage.place(BASE)
    assert abs(place["x"] - (box["x"] + box["width"] / 2)) < 30
    assert abs(place["y"] - (box["y"] + box["height"] / 2)) < 40
    assert page.locator(".zoom output").inner_text() in {f"{percent} %" for percent in range(75, 101)}


def test_the_same_view_is_always_the_same_picture(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    page.mouse.move(5, 5)
    first = shot(page)
    lineage.open()
    assert differing_pixels(page, shot(page), first) < 20


def test_int_1_a_card_is_dragged_with_its_arrows(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    before, other = lineage.place(SPLIT), lineage.place(BASE)
    lineage.drag_card(SPLIT, 40, -120)
    after = lineage.place(SPLIT)
    assert (round(after["x"] - before["x"]), round(after["y"] - before["y"])) == (40, -120)
    assert lineage.place(BASE) == other


def test_dragging_the_ground_pans(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    before = lineage.place(BASE)
    box = page.locator(".graph-cy").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 130, steps=5)
    page.mouse.up()
    assert round(lineage.place(BASE)["x"] - before["x"]) == 100


def test_int_2_zoom_by_buttons_and_wheel(page: Page, lineage: LineagePage) -> None:
    def wide() -> float:
        return lineage.place(BASE)["width"]

    lineage.open()
    start, place = wide(), lineage.place(BASE)
    page.mouse.move(place["x"], place["y"])
    page.mouse.wheel(0, -200)
    page.wait_for_timeout(100)
    assert wide() == start, "the plain wheel belongs to the page until the graph has the focus"
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_timeout(100)
    assert wide() > start
    page.locator(".graph-cy").focus()
    zoomed = wide()
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(100)
    assert wide() < zoomed
    page.keyboard.press("Escape")
    given_back = wide()
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(100)
    assert wide() == given_back
    page.get_by_role("button", name="Zoom in").click()
    assert wide() > given_back
    page.get_by_role("button", name="Fit everything").click()
    box = page.locator(".graph-cy").bounding_box()
    assert box is not None
    for name in lineage.names():
        place = lineage.place(name)
        assert box["x"] <= place["x"] - place["width"] / 2
        assert place["x"] + place["width"] / 2 <= box["x"] + box["width"]


def test_gra_7_hover_lights_the_lineage_and_dims_the_rest(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    before = shot(page)
    lineage.hover_card("zoo_labels:v0")
    page.wait_for_timeout(300)
    assert differing_pixels(page, shot(page), before) > 1000
    expect(page.locator(".card-tools")).to_be_visible()
    page.mouse.move(5, 5)
    page.wait_for_timeout(400)
    assert differing_pixels(page, shot(page), before) < 20
    expect(page.locator(".card-tools")).to_be_hidden()


def test_prv_1_and_2_previews_have_their_fields(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    lineage.click_card(SPLIT)
    expect(page.locator(".panel h2")).to_have_text(SPLIT)
    for name in (
        "state",
        "started",
        "duration",
        "author",
        "job-type",
        "run-id",
        "inputs",
        "outputs",
        "config",
        "summary",
    ):
        assert lineage.field(name)
    assert lineage.field("state") == "Finished"
    assert BASE in lineage.field("outputs")
    expect(page).to_have_url(re.compile(r"selected=run-\d+"))
    lineage.click_card(BASE)
    expect(page.locator(".panel h2")).to_have_text(BASE)
    for name in (
        "aliases",
        "created",
        "type",
        "version",
        "description",
        "logged-by",
        "size",
        "consumers",
        "tags",
        "registry",
        "metadata",
    ):
        assert lineage.field(name)
    assert SPLIT in lineage.field("logged-by")
    page.reload()
    lineage.ready()
    expect(page.locator(".panel h2")).to_have_text(BASE)
    page.keyboard.press("Escape")
    page.locator(".graph-cy").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    assert page.url.endswith(LINEAGE)


def test_prv_4_the_toolbar_leads_to_the_page(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    lineage.hover_card(SPLIT)
    page.locator(".card-tools").get_by_role("link", name="Open page").click()
    expect(page).to_have_url(re.compile(r"/wildlife/zoo/runs/[^/]+$"))


def card_shot(page: Page, lineage: LineagePage) -> bytes:
    """The inside of a card: nothing there but what the canvas paints."""
    place = lineage.place(SPLIT)
    x, y = place["x"] - place["width"] / 2 + 4, place["y"] - place["height"] / 2 + 4
    return page.screenshot(clip={"x": x, "y": y, "width": place["width"] - 8, "height": place["height"] - 8})


@pytest.mark.parametrize("change", [{"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_the_theme_reaches_the_canvas_without_a_reload(
    page: Page, lineage: LineagePage, change: dict[str, str]
) -> None:
    lineage.open()
    before = card_shot(page, lineage)
    page.emulate_media(**change)  # type: ignore[arg-type]
    page.wait_for_timeout(200)
    assert differing_pixels(page, card_shot(page, lineage), before) > 80


def test_no_lineage_yet_shows_two_lines_to_copy(page: Page, lineage: LineagePage, lonely: str) -> None:
    page.goto(lonely)
    expect(lineage.container).to_have_attribute("data-lineage-state", "empty")
    expect(page.get_by_text("run.log_artifact(artifact)")).to_be_visible()
    assert page.evaluate("window.lineageReady") == 1
