"""What the reader's system asks for: forced colours, reduced motion, paper, no scripts."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.lineage_page import LINEAGE, LineagePage, differing_pixels

SHOTS = Path("build/screenshots")
CLUSTER = "24 train runs"


def picture(page: Page, name: str, *, full_page: bool = False) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"lineage-{name}.png", full_page=full_page)


def test_forced_colours_keep_what_is_chosen_and_current_visible(page: Page, lineage: LineagePage) -> None:
    page.emulate_media(forced_colors="active")
    lineage.open("?custom=1&extended=1&type=dataset")
    panel = page.locator(".pop-custom")
    for name in ("extended", "type"):
        on, off = panel.locator(f'[name="{name}"]:checked').first, panel.locator(f'[name="{name}"]:not(:checked)')
        shot = on.screenshot()
        on.focus()
        other = off.first.screenshot() if off.count() else panel.locator('[name="generated"]').screenshot()
        assert differing_pixels(page, shot, other) > 10, name
    width = "all => all.map(one => parseFloat(getComputedStyle(one).borderBottomWidth))"
    current = page.locator(".tabs a[aria-current]").evaluate_all(width)
    others = page.locator(".tabs a:not([aria-current])").evaluate_all(width)
    assert current == [2]
    assert set(others) == {0}
    outline = "one => getComputedStyle(one).outlineStyle"
    assert page.locator(".side-nav a[aria-current]").first.evaluate(outline) == "solid"
    picture(page, "forced-colours")


def test_paper_shows_types_relations_and_through_which_filters(page: Page, lineage: LineagePage) -> None:
    lineage.open("?down=2&type=dataset&type=model")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})  # A4 within its margins
    entry = lineage.entry("ancient-forest-9")
    expect(entry.locator(".outline__type")).to_be_visible()
    expect(entry.locator(".to")).to_be_visible()
    chips = page.locator(".graph-bar [data-chip]")
    assert [chip.inner_text().replace("\n", " ") for chip in chips.all()] == ["Types 2 of 3", "Downstream 2 hops"]
    for gone in (".graph-bar .btn", ".filter > a", ".outline__actions", ".tabs", ".app-head"):
        assert not any(one.is_visible() for one in page.locator(gone).all()), gone
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    picture(page, "paper", full_page=True)


def test_without_scripts_no_control_is_dead(plain_page: Page) -> None:
    page, lineage = plain_page, LineagePage(plain_page)
    page.goto(f"{LINEAGE}?custom=1")
    key = lineage.key("ancient-forest-9")
    for address in (f"{LINEAGE}?custom=1&selected={key}", LINEAGE):
        page.goto(address)
        dead = page.locator('[data-behaviour="copy"], [data-behaviour="theme-toggle"], .needs-script, .list-toggle')
        assert dead.count() > 3
        assert [one.get_attribute("aria-label") for one in dead.all() if one.is_visible()] == []
        # outside a form of GET or POST a button would do nothing
        loose = page.locator("button:visible").evaluate_all(
            "all => all.filter(one => !one.form || one.type === 'button').map(one => one.outerHTML.slice(0, 120))"
        )
        assert loose == []
    page.goto(f"{LINEAGE}?custom=1")
    labels = [page.get_by_text(f"{way} hops", exact=True).bounding_box() for way in ("Upstream", "Downstream")]
    assert labels[0] is not None
    assert labels[1] is not None
    assert labels[0]["x"] == labels[1]["x"]
    picture(page, "no-scripts")


def test_cards_glide_to_their_places_but_not_under_reduced_motion(page: Page, lineage: LineagePage) -> None:
    # how far the card of the cluster has come one frame after the new picture was taken in, and at its end
    watch = """key => new Promise(done => {
        const places = [];
        const look = () => {
            const place = window.lineagePlace(key);
            if (place) places.push(Math.round(place.y));
            if (places.length < 40) requestAnimationFrame(look);
            else done(new Set(places).size);
        };
        document.querySelector(".pop-cluster [data-action=extract]").click();
        const wait = () => document.querySelector(".outline [data-extracted]") ? look() : requestAnimationFrame(wait);
        wait();
    })"""
    seen = {}
    for motion in ("no-preference", "reduce"):
        page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
        lineage.open()
        lineage.click_card(CLUSTER)
        first = page.locator("[data-member]").first
        seen[motion] = page.evaluate(watch, first.get_attribute("data-member"))
    assert seen["reduce"] == 1
    assert seen["no-preference"] > 1
