"""INT-5: the whole view is in the address, every action is undone and redone; a slow answer keeps the drawing."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.lineage_page import LINEAGE, LineagePage, differing_pixels
from tests.server import LiveServer

BASE, SPLIT, CLUSTER = "split_zoo_dataset:v0", "ancient-forest-9", "24 train runs"
LABELS = "zoo_labels:v0"

Snapshot = tuple[str, dict[str, tuple[float, float]]]


def snapshot(lineage: LineagePage) -> Snapshot:
    """The address without marks, and where every card stands beside the base."""
    lineage.ready()
    query = parse_qs(urlsplit(lineage.page.url).query)
    for mark in ("custom", "selected", "list"):
        query.pop(mark, None)
    base = lineage.place(BASE)
    places = {name: lineage.place(name) for name in lineage.names()}
    return urlencode(query, doseq=True), {
        name: (at["x"] - base["x"], at["y"] - base["y"]) for name, at in places.items()
    }


def is_same(one: Snapshot, other: Snapshot) -> bool:
    """Whether two snapshots are the same view; places are rounded on their way to the screen."""
    return one[0] == other[0] and one[1] == {name: pytest.approx(at, abs=1.5) for name, at in other[1].items()}


def test_int_5_every_action_is_undone_and_redone(page: Page, lineage: LineagePage) -> None:
    page.emulate_media(reduced_motion="reduce")
    lineage.open("?custom=1")

    def listed(name: str, action: str) -> Callable[[], None]:
        return press(f'[data-node="{lineage.key(name)}"] [data-action="{action}"]')

    def press(selector: str) -> Callable[[], None]:
        return lambda: page.locator(selector).first.dispatch_event("click")

    custom = page.locator(".pop-custom")

    def extract() -> None:
        press(f'[data-node="{lineage.key(CLUSTER)}"] [data-action="open"]')()
        expect(page.locator("[data-member]")).to_have_count(24)
        press(".pop-cluster [data-action=extract]")()
        expect(page.locator(".pop-cluster [data-action=put-back]")).to_have_count(1)
        press(".pop-cluster [data-action=close-cluster]")()

    actions: list[tuple[str, Callable[[], None]]] = [
        ("hide", listed(SPLIT, "hide")),
        ("hide a cluster", listed(CLUSTER, "hide")),
        ("show all", press("[data-action=show][value=all]")),
        ("extract", extract),
        ("put back", press(".outline [data-action=put-back]")),
        ("unfold", listed(CLUSTER, "unfold")),
        ("fold", press('.outline [data-action="fold"]')),
        ("focus", listed(LABELS, "focus")),
        ("filter", lambda: custom.locator('input[value="split"]').check()),
        ("hops", lambda: custom.get_by_role("button", name="Fewer downstream hops").click()),
        ("extended", lambda: custom.locator('input[name="extended"]').check()),
        ("orientation", lambda: custom.get_by_label("Orientation").select_option("down")),
        ("colour", lambda: custom.get_by_label("Colour by").select_option("job")),
        ("reset", lambda: custom.get_by_role("link", name="Reset").click()),
        ("drag", lambda: lineage.drag_card(SPLIT, 60, 90)),
        ("rearrange", lambda: page.get_by_role("button", name="Rearrange").click()),
    ]
    seen = [snapshot(lineage)]
    for name, act in actions:
        act()
        seen.append(snapshot(lineage))
        assert not is_same(seen[-1], seen[-2]), name
    for number in reversed(range(len(actions))):
        page.get_by_role("button", name="Undo").click()
        assert is_same(snapshot(lineage), seen[number]), f"undo of {actions[number][0]}"
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    for number in range(len(actions)):
        page.get_by_role("button", name="Redo").click()
        assert is_same(snapshot(lineage), seen[number + 1]), f"redo of {actions[number][0]}"
    expect(page.get_by_role("button", name="Redo")).to_be_disabled()


def test_int_5_a_copied_link_draws_the_same_in_a_new_browser(
    page: Page, lineage: LineagePage, site: LiveServer, chromium: Browser
) -> None:
    lineage.open()
    lineage.entry(CLUSTER).locator('[data-action="open"]').click()
    member = str(page.locator("[data-member]").nth(3).get_attribute("data-member"))
    keys = {name: lineage.key(name) for name in (SPLIT, LABELS, "6 finetune runs", "zoo-report:v0")}
    asked = {
        "focus": keys[SPLIT],
        "up": "3",
        "down": "4",
        "type": ["dataset", "labels", "model", "report"],
        "extended": "1",
        "hidden": keys["zoo-report:v0"],
        "extracted": member,
        "expanded": keys["6 finetune runs"],
        "selected": keys[SPLIT],
        "orientation": "down",
        "colour": "job",
    }
    lineage.open("?" + urlencode(asked, doseq=True, safe=","))
    page.mouse.move(5, 5)
    page.wait_for_timeout(300)
    assert set(parse_qs(urlsplit(page.url).query)) == set(asked)
    expect(page.locator(".panel h2")).to_have_text(SPLIT)
    first, view = page.screenshot(), snapshot(lineage)
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=site.url)
    other = LineagePage(context.new_page())
    other.page.goto(page.url)
    other.page.get_by_label("User name").fill(site.username)
    other.page.get_by_label("Password").fill(site.password)
    other.page.get_by_role("button", name="Sign in").click()
    other.ready()
    expect(other.page.locator(".panel h2")).to_have_text(SPLIT)
    other.page.mouse.move(5, 5)
    other.page.wait_for_timeout(300)
    assert other.page.url == page.url
    assert is_same(snapshot(other), view)
    assert differing_pixels(page, other.page.screenshot(), first) < 200
    context.close()


def test_states_loading_keeps_the_old_drawing_until_the_new_one_is_there(page: Page, lineage: LineagePage) -> None:
    page.emulate_media(reduced_motion="reduce")
    lineage.open()
    held: list[Route] = []
    page.route("**/lineage?hide=*", lambda route: held.append(route))  # noqa: PLW0108 -- it marks its handler
    page.mouse.move(5, 5)
    canvas = page.locator(".graph-cy")
    before, place = canvas.screenshot(), lineage.place(SPLIT)
    page.evaluate("key => document.querySelector(`[data-node=${key}] [data-action=hide]`).click()", lineage.key(SPLIT))
    expect(lineage.container).to_have_attribute("data-lineage-state", "loading")
    expect(lineage.container).to_have_attribute("aria-busy", "true")
    page.wait_for_timeout(300)
    bar = "getComputedStyle(document.querySelector('.graph'), '::after').height"
    assert page.evaluate(bar) == "2px", "a thin bar says that something is on its way"
    assert lineage.place(SPLIT) == place
    assert differing_pixels(page, canvas.screenshot(), before) < 4000, "nothing but the bar has changed"
    lineage.click_card(BASE)
    expect(page.locator(".panel h2")).to_have_text(BASE)
    held[0].continue_()
    expect(lineage.entry(SPLIT)).to_have_count(0)
    lineage.ready()
    expect(lineage.container).to_have_attribute("aria-busy", "false")


def test_cus_2_what_is_shown_of_how_many_is_said_everywhere(page: Page, lineage: LineagePage) -> None:
    lineage.open("?custom=1")
    total = int(str(lineage.container.get_attribute("data-total")))
    expect(page.locator(".legend .shown")).to_have_text(f"{lineage.drawn} of {total} shown")
    page.locator('.pop-custom input[value="dataset"]').check()
    expect(page).to_have_url(re.compile("type=dataset"))
    lineage.ready()
    assert int(str(lineage.container.get_attribute("data-total"))) == total, "a filter takes nothing off the total"
    expect(page.locator(".legend .shown")).to_have_text(f"{lineage.drawn} of {total} shown")
    expect(page.locator(".pop-custom [data-shown-here]")).to_have_text(f"{lineage.drawn} of {total} shown")
    assert page.url.startswith(page.url.split("/wildlife")[0] + LINEAGE)
