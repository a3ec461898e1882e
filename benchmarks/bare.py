"""The plainest page that draws a whole graph with the same renderer: what drawing costs here and now."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

RENDERER = Path(__file__).resolve().parent.parent / "static" / "vendor" / "cytoscape" / "cytoscape.esm.min.mjs"
ADDRESS = "/bare"
PAGE = """<!doctype html><title>bare</title><div id="graph" style="position:fixed;inset:0"></div>
<script type="module">
import cytoscape from "/bare/cytoscape.mjs";
const graph = GRAPH;
const row = {};
const elements = [
  ...graph.nodes.map(({id, name, kind}) => {
    const column = Number(id.slice(1).split("-")[0]) * 2 + (kind === "run" ? 0 : 1);
    row[column] = (row[column] ?? 0) + 1;
    return {data: {id, name}, position: {x: column * 260, y: row[column] * 78}};
  }),
  ...graph.edges.map(({source, target}) => ({data: {source, target}})),
];
const style = [
  {selector: "node", style: {shape: "round-rectangle", width: 200, height: 52, label: "data(name)",
    "text-valign": "center", "background-color": "#fff", "border-width": 1, "font-size": 13}},
  {selector: "edge", style: {width: 1.25, "curve-style": "straight", "target-arrow-shape": "triangle"}},
];
const cy = cytoscape({container: document.getElementById("graph"), elements, style, layout: {name: "preset"}});
cy.zoom(0.75);
cy.one("render", () => requestAnimationFrame(() => document.body.dataset.drawn = "true"));
</script>"""


def serve_bare(page: Page, graph: dict[str, Any]) -> None:
    """Let the page find the bare drawing of the graph under its address."""

    def script(route: Route) -> None:
        route.fulfill(path=RENDERER, content_type="text/javascript")

    def document(route: Route) -> None:
        route.fulfill(body=PAGE.replace("GRAPH", json.dumps(graph)), content_type="text/html")

    page.route("**/bare/cytoscape.mjs", script)
    page.route(f"**{ADDRESS}", document)


def open_bare(page: Page) -> float:
    """Open it; milliseconds until everything is on screen."""
    page.goto(ADDRESS)
    page.wait_for_selector("body[data-drawn]", state="attached")
    drawn: float = page.evaluate("performance.now()")
    return drawn
