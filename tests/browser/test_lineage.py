"""The Lineage tab in a real browser: reached, drawn, moved, searched, changed, restored."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LINEAGE, Faults
from tests.browser.lineage_page import LineagePage, differing_pixels

BASE = "split_zoo_dataset:v0"
CLUSTER = "24 train runs"
SPLIT = "ancient-forest-9"


@pytest.fixture
def lineage(page: Page) -> LineagePage:
    return LineagePage(page)


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
    assert shot(page) == first


def test_int_1_a_card_is_dragged_with_its_arrows(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    before, other = lineage.place(SPLIT), lineage.place(BASE)
    page.mouse.move(before["x"], before["y"])
    page.mouse.down()
    page.mouse.move(before["x"] + 40, before["y"] - 120, steps=5)
    page.mouse.up()
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


def test_a_preview_is_there_within_a_tenth_of_a_second(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    lineage.click_card(SPLIT)
    expect(page.locator(".panel h2")).to_have_text(SPLIT)
    measure = """key => new Promise(done => {
        const start = performance.now();
        const seen = new MutationObserver(() => requestAnimationFrame(() => done(performance.now() - start)));
        seen.observe(document.querySelector(".panel"), {childList: true, subtree: true});
        document.querySelector(`.outline [data-node=${key}] [data-action=preview]`).click();
    })"""
    keys = [lineage.key(name) for name in (BASE, SPLIT, "zoo_labels:v0", BASE, SPLIT)]
    times = sorted(page.evaluate(measure, key) for key in keys)
    assert times[2] < 250, times  # 100 ms on a quiet machine; the tests share theirs


def test_prv_4_the_toolbar_leads_to_the_page(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    lineage.hover_card(SPLIT)
    page.locator(".card-tools").get_by_role("link", name="Open page").click()
    expect(page).to_have_url(re.compile(r"/wildlife/zoo/runs/[^/]+$"))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(60)


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
    press(page, "ArrowRight", "ArrowRight", "ArrowRight")
    for _ in range(6):
        if "cluster" in lineage.live and "train" in lineage.live:
            break
        press(page, "ArrowDown")
    press(page, "Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator('.pop-cluster input[type="search"]')).to_be_focused()
    press(page, "ArrowDown", "e")
    expect(page.locator('.outline [data-extracted="true"]')).to_have_count(1)
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_every_drawn_node_is_reached_by_the_arrow_keys(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    graph = page.evaluate("JSON.parse(document.getElementById('lineage-graph').textContent)")
    page.evaluate(
        """async () => {
            window.walk = (await import(new URL("/static/js/lineage/walk.js", location))).step;
        }"""
    )
    reached, frontier = {graph["base"]}, [graph["base"]]
    while frontier:
        node = frontier.pop()
        for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
            found = page.evaluate("([graph, node, key]) => window.walk(graph, node, key) ?? null", [graph, node, key])
            if found and found not in reached:
                reached.add(found)
                frontier.append(found)
    assert reached == {node["id"] for node in graph["nodes"]}


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
    assert SPLIT not in lineage.names()
    page.get_by_text("Hidden (1)").click()
    page.get_by_role("button", name=f"Show {SPLIT}").click()
    assert lineage.names() == names
    lineage.entry(SPLIT).locator('[data-action="preview"]').click()
    expect(page.locator('.panel [data-field="job-type"]')).to_have_text("split")
    page.goto(LINEAGE)
    lineage.entry(CLUSTER).locator('[data-action="open"]').click()
    page.get_by_label("Search members").fill("kudu")
    page.keyboard.press("Enter")
    expect(page.locator("[data-member]")).to_have_count(1)
    member = str(page.locator("[data-member]").get_attribute("data-name"))
    page.get_by_role("button", name=f"Extract {member}").click()
    assert {member, "23 train runs"} <= set(lineage.names())
    lineage.entry(member).locator('[data-action="put-back"]').click()
    assert lineage.names() == names


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_changes_without_a_reload(page: Page, lineage: LineagePage, scheme: str) -> None:
    lineage.open()
    page.emulate_media(color_scheme="light" if scheme == "dark" else "dark")
    page.wait_for_timeout(200)
    other = shot(page)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.wait_for_timeout(200)
    assert shot(page) != other


def test_forced_colours_reach_the_canvas(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    before = shot(page)
    page.emulate_media(forced_colors="active")
    page.wait_for_timeout(200)
    assert shot(page) != before


def test_nothing_moves_under_reduced_motion(page: Page, lineage: LineagePage) -> None:
    page.emulate_media(reduced_motion="reduce")
    lineage.open()
    lineage.click_card(CLUSTER)
    page.locator('[data-action="extract"]').first.click()
    expect(lineage.entry("23 train runs")).to_have_count(1)
    lineage.ready()
    first = lineage.place("23 train runs")
    page.wait_for_timeout(300)
    assert lineage.place("23 train runs") == first


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


def test_no_lineage_yet_shows_two_lines_to_copy(page: Page, lineage: LineagePage, lonely: str) -> None:
    page.goto(lonely)
    expect(lineage.container).to_have_attribute("data-lineage-state", "empty")
    expect(page.get_by_text("run.log_artifact(artifact)")).to_be_visible()
    assert page.evaluate("window.lineageReady") == 1
