"""Search in the graph, the list of keys, minimap, full screen, pictures, links, exports, saved views, live changes."""

import re
import struct
import xml.etree.ElementTree as ET
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from registry.lineage.export.svg import FONT
from registry.lineage.export.texts import BOLD, shorten
from tests.browser.lineage_page import LINEAGE, LineagePage

BASE, SPLIT, CLUSTER = "split_zoo_dataset:v0", "ancient-forest-9", "24 train runs"


def test_int_6_find_says_where_and_takes_you_there(page: Page, lineage: LineagePage) -> None:
    lineage.open("?up=1")
    page.locator(".graph-cy").focus()
    page.keyboard.press("/")
    field = page.get_by_label("Find in graph")
    expect(field).to_be_focused()
    page.keyboard.type("zoo")
    hits = page.locator(".pop-find [data-hit]")
    expect(hits.first).to_be_visible()
    count = hits.count()
    assert {"drawn", "beyond"} <= set(hits.evaluate_all("all => all.map(one => one.dataset.where)"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-find-count]")).to_have_text(re.compile(rf"^1 of (≥ )?{count}$"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-find-count]")).to_have_text(re.compile("^2 of"))
    page.keyboard.press("Shift+Enter")
    expect(page.locator("[data-find-count]")).to_have_text(re.compile("^1 of"))
    expect(field).to_be_focused()
    beyond = page.locator('.pop-find [data-where="beyond"]').first
    name = beyond.locator(".name").inner_text()
    beyond.locator("a").click()
    expect(lineage.entry(name)).to_have_count(1)
    expect(page.locator(".panel h2")).to_have_text(name)
    expect(field).to_have_value("zoo")
    page.keyboard.press("Escape")
    expect(page.locator(".pop-find")).to_be_hidden()


def test_find_reaches_into_clusters_and_works_without_scripts(
    page: Page, lineage: LineagePage, plain_page: Page
) -> None:
    lineage.open()
    lineage.click_card(CLUSTER)
    member = str(page.locator("[data-member]").first.get_attribute("data-name"))
    plain_page.goto(LINEAGE)
    plain_page.get_by_label("Find in graph").fill(member)
    plain_page.keyboard.press("Enter")
    hit = plain_page.locator('[data-where="cluster"]', has_text=member).first
    expect(hit).to_contain_text("in a cluster")
    hit.get_by_role("link").click()
    expect(LineagePage(plain_page).entry(member)).to_have_count(1)


def test_int_6_the_question_mark_lists_all_keys(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    page.locator(".graph-cy").focus()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    for word in ("Walk along the edges", "Hide", "Focus", "Find", "Undo"):
        expect(keys).to_contain_text(word)
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_gra_11_the_minimap_moves_the_view_and_goes_when_all_is_seen(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    canvas = page.locator(".minimap canvas")
    expect(canvas).to_be_visible()
    before = lineage.place(BASE)
    canvas.click(position={"x": 150, "y": 40})
    page.wait_for_timeout(100)
    assert lineage.place(BASE)["x"] < before["x"] - 50
    page.get_by_role("button", name="Fit everything").click()
    expect(canvas).to_be_hidden()


def test_gra_11_full_screen(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    button = page.get_by_role("button", name="Full screen")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_export_saves_a_picture_and_every_format(page: Page, lineage: LineagePage) -> None:
    lineage.open("?down=2")
    page.get_by_label("Export or share").click()
    with page.expect_download() as picture:
        page.get_by_role("button", name="PNG image").click()
    assert re.fullmatch(r"lineage-split_zoo_dataset-v0-\d{4}-\d\d-\d\d\.png", picture.value.suggested_filename)
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    formats = page.locator("[data-export]")
    assert formats.count() >= 6
    for link in formats.all():
        href = str(link.get_attribute("href"))
        assert urlsplit(href).query == "down=2"
        response = page.request.get(href)
        assert response.ok
        assert "attachment" in response.headers["content-disposition"]
        assert "split_zoo_dataset" in response.text()


def test_an_exported_drawing_is_what_is_on_screen(page: Page, lineage: LineagePage) -> None:
    """Sharing: dragged cards, the page's theme, colours, rows and orientation are in the file."""
    page.emulate_media(color_scheme="dark")
    lineage.open("?down=2&colour=job&rows=created")
    place, base = lineage.place(SPLIT), lineage.place(BASE)
    page.mouse.move(place["x"], place["y"])
    page.mouse.down()
    page.mouse.move(place["x"] + 20, place["y"] - 90, steps=5)
    page.mouse.up()
    moved = lineage.place(SPLIT)
    page.get_by_label("Export or share").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="SVG image").click()
    expect(page.locator("#live")).to_have_text("SVG image is being saved")
    assert re.fullmatch(r"lineage-split_zoo_dataset-v0-\d{4}-\d\d-\d\d\.svg", download.value.suggested_filename)
    svg = ET.parse(download.value.path()).getroot()
    groups = {group.get("id"): group for group in svg.iter("{http://www.w3.org/2000/svg}g") if group.get("id")}
    assert set(groups) == set(page.locator(".outline [data-node]").evaluate_all("all => all.map(e => e.dataset.node)"))
    spots = []
    for name in (SPLIT, BASE):
        x, y = re.findall(r"-?[\d.]+", str(groups[lineage.key(name)].get("transform")))
        spots.append((float(x), float(y)))
    zoom = base["width"] / 200
    assert (spots[0][0] - spots[1][0]) * zoom == pytest.approx(moved["x"] - base["x"], abs=1.5)
    assert (spots[0][1] - spots[1][1]) * zoom == pytest.approx(moved["y"] - base["y"], abs=1.5)
    text = ET.tostring(svg, encoding="unicode")
    assert "#0f1217" in text, "the ground of the dark theme"
    assert "■" in text
    created = lineage.entry(SPLIT).locator('[data-row="created"] bdi').inner_text()
    assert f">{created}<" in text
    assert page.url.endswith("?down=2&colour=job&rows=created"), "the page stays"
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG image").click()
    width, height = struct.unpack(">II", download.value.path().read_bytes()[16:24])
    assert (width, height) == pytest.approx((2 * float(svg.get("width", 0)), 2 * float(svg.get("height", 0))), abs=2)


@pytest.mark.parametrize(
    ("weight", "size", "room"), [(500, 13.0, 142), (600, 12.5 * BOLD, 152), (600, 10.5 * BOLD, 134)]
)
def test_names_stay_on_their_cards_whatever_their_letters(page: Page, weight: int, size: float, room: int) -> None:
    names = [
        "W" * 40,
        "GOODDOGGO" * 6,
        "mmmm-wwww" * 6,
        "数据集合训练版本" * 6,
        "🦓🐘" * 20,
        "i.l:" * 30,
        "zoo-finetuned-b" * 5,
    ]
    fitting = [shorten(name, room, size) for name in names]
    face = f'font-size="{size if weight == 500 else size / BOLD}" font-weight="{weight}"'
    page.set_content("".join(f'<svg font-family="{FONT}"><text {face}>{name}</text></svg>' for name in fitting))
    widths = page.locator("text").evaluate_all("all => all.map(one => one.getComputedTextLength())")
    for name, width in zip(fitting, widths, strict=True):
        assert width <= room + 1, name
        assert width > room * 0.6, f"{name} could have been longer"


def test_the_link_is_copied(page: Page, lineage: LineagePage) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lineage.open("?down=2")
    page.get_by_label("Export or share").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#live")).to_have_text("Link copied")
    assert str(page.evaluate("navigator.clipboard.readText()")).endswith(f"{LINEAGE}?down=2")


def test_cus_3_a_view_is_saved_with_its_places_shown_and_deleted(page: Page, lineage: LineagePage) -> None:
    lineage.open("?down=2")
    lineage.drag_card(SPLIT, 20, -90)
    moved = lineage.place(SPLIT)
    page.get_by_label("Saved views").click()
    page.get_by_label("Name of the view").fill("Near")
    page.get_by_role("button", name="Save view", exact=True).click()
    expect(page).to_have_url(re.compile(r"down=2&saved=\d+"))
    lineage.ready()
    kept = lineage.place(SPLIT)
    assert (round(kept["x"]), round(kept["y"])) == (round(moved["x"]), round(moved["y"]))
    lineage.open()
    assert lineage.place(SPLIT)["y"] != moved["y"]
    page.get_by_label("Saved views").click()
    page.get_by_role("link", name="Near").click()
    expect(page).to_have_url(re.compile(r"down=2&saved=\d+"))
    lineage.ready()
    page.wait_for_timeout(300)
    card, base = lineage.place(SPLIT), lineage.place(BASE)
    assert round(base["y"] - card["y"]) > 60
    page.get_by_label("Saved views").click()
    page.get_by_role("button", name="Delete the view Near").click()
    page.get_by_label("Saved views").click()
    expect(page.get_by_text("No view has been saved here yet.")).to_be_visible()


def test_a_view_too_long_for_an_address_gets_a_short_one(page: Page, lineage: LineagePage) -> None:
    members = ",".join(f"run-{number}" for number in range(100_000, 100_200))
    lineage.open(f"?down=2&hidden={members}")
    page.get_by_role("button", name="Custom", exact=True).click()
    page.locator('.pop-custom input[value="dataset"]').check()
    expect(page).to_have_url(re.compile(r"type=dataset&v=[0-9a-f]{24}"))
    lineage.ready()
    assert len(page.url) < 1000
    shorter = page.url
    lineage.entry(SPLIT).locator('[data-action="hide"]').click()
    expect(lineage.entry(SPLIT)).to_have_count(0)
    assert page.url != shorter
    page.reload()
    lineage.ready()
    assert SPLIT not in lineage.names()
