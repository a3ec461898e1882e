"""What the canvas paints: kinds told by shape, badges, states, pills, headers; what is lit and what is dimmed."""

import itertools
import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.lineage_page import LineagePage, differing_pixels

BASE, SPLIT, OTHER, LABELS = "split_zoo_dataset:v0", "ancient-forest-9", "dulcet-sound-10", "zoo_labels:v0"

PAINT = """async nodes => {
    const load = path => import(new URL(`/source/js/lineage/${path}`, location));
    const {readTokens} = await import(new URL("/source/js/lib/tokens.js", location));
    const {CardPainter} = await load("cards.js");
    const painter = new CardPainter(readTokens());
    const text = uri => decodeURIComponent(uri.replace(/^[^,]*,/, ""));
    return nodes.map(node => text(node.kind === "cluster" ? painter.cluster(node, false) : painter.card(node)));
}"""
ELEMENTS = """async graph => {
    const load = path => import(new URL(`/source/js/lineage/${path}`, location));
    const {readTokens} = await import(new URL("/source/js/lib/tokens.js", location));
    const [{CardPainter}, {elementsOf}] = [await load("cards.js"), await load("elements.js")];
    return elementsOf(graph, new CardPainter(readTokens())).map(one => ({...one.data, at: one.position}));
}"""

COMPUTED = """async ([graph, marks]) => {
    const load = path => import(new URL(`/source/js/lineage/${path}`, location));
    const {readTokens} = await import(new URL("/source/js/lib/tokens.js", location));
    const [{CardPainter}, {elementsOf}, {styleSheet}] = [
        await load("cards.js"), await load("elements.js"), await load("style.js")
    ];
    const {cytoscape} = await load("cytoscape.js");
    const painter = new CardPainter(readTokens());
    const cy = cytoscape({headless: true, styleEnabled: true, style: styleSheet(painter, false)});
    cy.add(elementsOf(graph, painter));
    for (const [id, mark] of Object.entries(marks)) cy.getElementById(id).addClass(mark);
    const names = ["line-style", "line-opacity", "width", "border-style", "border-width", "outline-width", "opacity"];
    return Object.fromEntries(cy.elements().map(one => [
        one.id(), Object.fromEntries(names.map(name => [name, one.numericStyle?.(name) ?? one.style(name)]))
    ]));
}"""


def card(**facts: Any) -> dict[str, Any]:
    return {
        "id": "artifact-1",
        "kind": "artifact",
        "type": "model",
        "name": "net:v1",
        "level": 0,
        "x": 0,
        "y": 0,
    } | facts


def words(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_gra_2_kinds_differ_in_shape_and_sign_not_in_colour_alone(page: Page, lineage: LineagePage) -> None:
    lineage.open().with_modules()
    run, artifact, locked = page.evaluate(PAINT, [card(kind="run"), card(), card(kind="locked", type="")])

    def shapes(svg: str) -> str:
        return re.sub(r'(fill|stroke)="[^"]*"', "", svg)

    assert len({shapes(run), shapes(artifact), shapes(locked)}) == 3
    assert "<circle" in run
    assert "<circle" not in artifact
    assert words(locked) == ["RESTRICTED"]


def test_gra_8_two_badges_then_how_many_more(page: Page, lineage: LineagePage) -> None:
    lineage.open().with_modules()
    aliases = [["latest", "sys"], ["best", ""], ["gold", "lock"], ["x", ""]]
    many, more, few = page.evaluate(
        PAINT,
        [
            card(type="m", aliases=aliases),
            card(type="m", aliases=aliases, more_aliases=9),
            card(type="m", aliases=aliases[:2]),
        ],
    )
    assert set(words(many)) == {"gold", "best", "+2", "M"}
    assert "+11" in words(more)
    assert set(words(few)) == {"latest", "best", "M"}
    stale, gone, linked = page.evaluate(
        PAINT,
        [
            card(kind="run", type="t", stale=[["latest", "zoo:v0", "zoo:v1"]]),
            card(type="t", state="deleted", deleted="3 Mar"),
            card(type="t", registry=["Model / zoo v4", "Other / zoo v1"]),
        ],
    )
    assert "stale" in words(stale)
    assert "deleted 3 Mar" in words(gone)
    assert "2" in words(linked)
    states = page.evaluate(PAINT, [card(kind="run", state=state) for state in ("finished", "running", "failed", "")])
    assert len(set(states)) == 4


def test_clu_5_a_cluster_says_what_it_is_and_bubbles_its_aliases_up(page: Page, lineage: LineagePage) -> None:
    lineage.open().with_modules()
    facts = {"id": "cluster-0", "kind": "cluster", "count": 12, "type": "model"}
    versions, runs = page.evaluate(
        PAINT,
        [
            card(**facts, name="12 versions of zoo", member_kind="artifact", aliases=[["best", ""], ["latest", "sys"]]),
            card(**facts, name="12 train runs", member_kind="run", states=[["finished", 9], ["failed", 3]]),
        ],
    )
    assert words(versions) == ["MODEL", "12 versions of zoo", "best", "latest"]
    assert words(runs) == ["MODEL", "12 train runs"]
    bars = [float(width) for width in re.findall(r'width="([\d.]+)" height="4"', runs)]
    assert [round(width / sum(bars), 1) for width in bars] == [0.8, 0.2]


def test_cus_2_a_cut_has_a_pill_with_its_number_and_a_merged_edge_too(page: Page, lineage: LineagePage) -> None:
    lineage.open().with_modules()
    graph = {
        "base": "artifact-1",
        "nodes": [card(base=True, up=3, down=12_400), card(id="run-2", kind="run", x=258)],
        "edges": [
            {"source": "artifact-1", "target": "run-2", "kind": "used", "count": 37},
            {"source": "run-2", "target": "artifact-1", "kind": "logged", "back": True},
            {"source": "artifact-1", "target": "run-2", "kind": "used", "via": 2, "extended": True},
        ],
    }
    found = {one["id"]: one for one in page.evaluate(ELEMENTS, graph)}
    assert found["more-up-artifact-1"]["text"] == "+3 up"
    assert found["more-down-artifact-1"]["text"] == "+12k", "beside the next card there is no room for more"
    assert found["more-up-artifact-1"]["at"]["x"] < -100
    assert found["artifact-1>run-2"]["label"] == "37"
    assert found["run-2>artifact-1"]["back"] is True
    assert found["artifact-1>run-2~"]["via"] == "via 2 hidden"
    assert found["artifact-1>run-2~"]["extended"] is True
    down = {one["id"]: one for one in page.evaluate(ELEMENTS, {**graph, "orientation": "down"})}
    assert down["more-down-artifact-1"]["text"] == "+12k down"
    assert down["more-down-artifact-1"]["at"]["y"] > 26


def test_gra_10_cycles_bridges_cuts_and_what_is_pointed_at_look_different(page: Page, lineage: LineagePage) -> None:
    lineage.open().with_modules()
    nodes = [
        card(id="plain"),
        card(id="base", base=True),
        card(id="locked", kind="locked"),
        card(id="gone", state="deleted"),
        card(id="focused"),
        card(id="selected"),
        card(id="dim"),
        card(id="cut", down=3),
    ]
    edges = [
        {"source": "plain", "target": "base"},
        {"source": "base", "target": "plain", "back": True},
        {"source": "plain", "target": "gone", "via": 2},
        {"source": "plain", "target": "dim", "extended": True},
        {"source": "plain", "target": "cut", "count": 12},
    ]
    marks = {name: name for name in ("focused", "selected", "dim")}
    found = page.evaluate(COMPUTED, [{"base": "base", "nodes": nodes, "edges": edges}, marks])

    def of(name: str, *ids: str) -> list[Any]:
        return [found[one][name] for one in ids]

    ends = ("plain>base", "base>plain", "plain>gone~", "more-down-cut-edge")
    assert of("line-style", *ends) == ["solid", "dashed", "dotted", "dashed"]
    assert found["plain>dim"]["line-opacity"] < found["plain>base"]["line-opacity"] == 1
    assert found["plain>cut"]["width"] > found["plain>base"]["width"]
    assert of("border-style", "plain", "locked", "gone", "more-down-cut") == ["solid", "dashed", "dotted", "dashed"]
    assert of("outline-width", "plain", "base", "focused") == [0, 2, 2]
    assert found["selected"]["border-width"] > found["plain"]["border-width"]
    assert found["dim"]["opacity"] < 0.5 < found["plain"]["opacity"]


def region(page: Page, lineage: LineagePage, name: str) -> bytes:
    place = lineage.place(name)
    x, y = place["x"] - place["width"] / 2, place["y"] - place["height"] / 2
    return page.screenshot(clip={"x": x + 6, "y": y + 6, "width": place["width"] - 12, "height": place["height"] - 12})


def test_gra_7_ancestors_and_descendants_are_lit_the_rest_is_dimmed_and_selection_keeps_it(
    page: Page, lineage: LineagePage
) -> None:
    lineage.open()
    page.mouse.move(5, 5)
    page.wait_for_timeout(300)
    names = (SPLIT, OTHER, LABELS, BASE)
    before = {name: region(page, lineage, name) for name in names}

    def dimmed() -> set[str]:
        page.wait_for_timeout(400)
        return {name for name in names if differing_pixels(page, region(page, lineage, name), before[name]) > 100}

    lineage.hover_card(SPLIT)
    assert dimmed() == {OTHER}
    page.mouse.move(5, 5)
    assert dimmed() == set()
    lineage.click_card(SPLIT)
    expect(page.locator(".panel h2")).to_have_text(SPLIT)
    page.mouse.move(5, 5)
    assert OTHER in dimmed()
    lineage.hover_card(OTHER)
    assert OTHER in dimmed(), "what is selected stays lit while the pointer moves on"
    page.locator(".panel").get_by_role("button", name="Close preview").click()
    page.mouse.move(5, 5)
    assert dimmed() == set()


def test_gra_7_what_was_extracted_is_lit_with_its_cluster(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    lineage.click_card("24 train runs")
    rows = page.locator(".pop-cluster [data-member]")
    member = str(rows.first.get_attribute("data-name"))
    page.wait_for_timeout(300)  # it opens moving
    rows.first.locator('[data-action="extract"]').click()
    expect(lineage.entry(member)).to_have_count(1)
    lineage.ready()
    page.mouse.move(5, 5)
    page.wait_for_timeout(500)
    beside_its_cluster = region(page, lineage, member)
    lineage.click_card(BASE)  # which lights all of it
    expect(page.locator(".panel h2")).to_have_text(BASE)
    page.mouse.move(5, 5)
    page.wait_for_timeout(500)
    assert differing_pixels(page, region(page, lineage, member), beside_its_cluster) < 100


def test_gra_12_actions_of_the_list_stand_below_one_another(page: Page, lineage: LineagePage) -> None:
    lineage.open("?list=1")
    for action in ("open", "focus", "hide"):
        places = page.locator(f'.outline__actions > [data-action="{action}"]')
        lefts = places.evaluate_all("all => all.map(one => Math.round(one.getBoundingClientRect().left))")
        assert len(lefts) > 9
        assert len(set(lefts)) == 1
    assert lineage.entry(BASE).locator('[data-action="focus"]').count() == 0, "the base has the focus already"


def test_a_header_stands_over_each_level_and_goes_with_it(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    graph = page.evaluate("JSON.parse(document.getElementById('lineage-graph').textContent)")
    marks = page.locator(".ruler > span")
    said = [text.split("\n") for text in marks.all_inner_texts()]
    assert [parts[0] for parts in said] == [level["label"] for level in graph["levels"]]
    assert {parts[0]: parts[1] for parts in said if len(parts) > 1}["2 down"] == "16 artifacts"

    def beside() -> float:
        mark = page.locator(".ruler > .is-base").bounding_box()
        assert mark is not None
        place = lineage.place(BASE)
        return place["x"] - place["width"] / 2 - mark["x"]

    assert abs(beside()) < 3
    page.get_by_role("button", name="Zoom out").click()
    box = page.locator(".graph-cy").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 130, steps=5)
    page.mouse.up()
    page.wait_for_timeout(100)
    assert abs(beside()) < 3


def test_headings_do_not_stand_on_one_another(page: Page, lineage: LineagePage) -> None:
    def one_column(route: Route) -> None:
        """Let two levels stand in the column of the base, as they do when a cycle leads back to it."""
        response = route.fetch()
        body = re.sub(r'("label": "[12] down", "text": "[^"]*", "x": )[\d.]+', r"\g<1>0", response.text())
        route.fulfill(response=response, body=body)

    def visible() -> list[Any]:
        return [one.bounding_box() for one in page.locator(".ruler > span").all() if one.is_visible()]

    page.route("**/lineage", one_column)
    lineage.open()
    shared = page.locator(".ruler > .is-base")
    assert shared.locator("b").all_inner_texts() == ["Base", "1 down", "2 down"]
    page.unroute("**/lineage")
    for query in ("", "?orientation=down"):
        lineage.open(query)
        counts = []
        for _ in range(6):
            boxes = visible()
            counts.append(len(boxes))
            for one, other in itertools.combinations(boxes, 2):
                apart_x = one["x"] >= other["x"] + other["width"] or other["x"] >= one["x"] + one["width"]
                apart_y = one["y"] >= other["y"] + other["height"] - 9 or other["y"] >= one["y"] + one["height"] - 9
                assert apart_x or apart_y
            for _ in range(3):
                page.get_by_role("button", name="Zoom out").click()
            page.wait_for_timeout(60)
        assert counts[-1] < counts[0] == page.locator(".ruler > span").count()
        expect(page.locator(".ruler > .is-base")).to_be_visible()
