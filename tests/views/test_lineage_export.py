"""Exactly what is on screen, as files that other programs read."""

import csv
import io
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from registry.core.viewer import Viewer
from registry.lineage.export import FORMATS
from registry.lineage.export.themes import DARK, LIGHT
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.view import ViewState
from registry.models import Alias, Artifact, Project, Run
from registry.queries.lineage import get_lineage
from registry.services.saved_views import keep_long_view, save_view
from tests.factories import logged, make_run, make_version, used

EVIL = '=cmd|"<b>&\\ ]]>\n#quot; `x` {y}; é🦁'
Drawn = tuple[set[str], set[tuple[str, str]]]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def base(zoo: Project) -> Artifact:
    """A version that an evil-named run and six train runs read; each of the six logs a model."""
    version = make_version(zoo, "split_zoo")
    evil = make_run(zoo, EVIL, job_type="audit")
    used(evil, version)
    logged(evil, make_version(zoo, "report", type_name="report"))
    for _ in range(6):
        run = make_run(zoo)
        used(run, version)
        logged(run, make_version(zoo, "net", type_name="model"))
    return version


def address(base: Artifact, form: str, query: str = "") -> str:
    words = ["ml", "zoo", "dataset", "split_zoo", "v0", form]
    return reverse("artifact_lineage_export", args=words) + (f"?{query}" if query else "")


def text_of(browser: Client, base: Artifact, form: str, query: str = "") -> str:
    response = browser.get(address(base, form, query))
    assert response.status_code == 200, response.content[:300]
    return response.content.decode()


@pytest.fixture
def drawn(as_alice: Viewer, base: Artifact) -> Drawn:
    """The keys of the nodes and of the arrows' ends on screen."""
    lineage = get_lineage(viewer=as_alice, base=NodeRef(Kind.ARTIFACT, base.pk), view=ViewState())
    return {node.key for node in lineage.nodes}, {(edge.source, edge.target) for edge in lineage.edges}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_a_speaking_name_and_nothing_runs_in_it(
    alice_browser: Client, base: Artifact, form: str
) -> None:
    response = alice_browser.get(address(base, form))
    assert response.status_code == 200
    found = re.fullmatch(r'attachment; filename="(.+)"', response.headers["Content-Disposition"])
    assert found is not None
    assert re.fullmatch(r"lineage-split_zoo-v0-\d{4}-\d\d-\d\d" + re.escape(FORMATS[form].suffix), found[1])
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_svg_draws_every_card_and_every_arrow(alice_browser: Client, base: Artifact, drawn: Drawn) -> None:
    nodes, edges = drawn
    root = ET.fromstring(text_of(alice_browser, base, "svg"))
    assert {group.get("id") for group in root.findall(f"{SVG}g")} == nodes
    lines = [path for path in root.findall(f"{SVG}path") if path.get("fill") == "none"]
    assert len(lines) == len(edges)
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert {"base", "split_zoo:v0", "6 train runs", "Base · 1 artifact", "5 of 15 nodes shown"} <= set(texts)
    titles = {title.text for title in root.iter(f"{SVG}title")}
    assert f"audit {EVIL}" in titles
    assert any(text.startswith("=cmd") and text.endswith("🦁") and "…" in text for text in texts)
    left, top, width, height = map(float, str(root.get("viewBox")).split())
    for group in root.findall(f"{SVG}g"):
        x, y = map(float, str(group.get("transform")).removeprefix("translate(").rstrip(")").split())
        assert left <= x <= left + width - 212
        assert top <= y <= top + height - 74


def test_svg_has_both_themes_and_both_orientations(alice_browser: Client, base: Artifact) -> None:
    light, dark = (text_of(alice_browser, base, "svg", f"theme={theme}") for theme in ("light", "dark"))
    assert "#fafbfc" in light
    assert "#0f1217" in dark
    down = ET.fromstring(text_of(alice_browser, base, "svg", "orientation=down"))
    right = ET.fromstring(light)
    assert float(str(down.get("height"))) > float(str(right.get("height"))) / 2
    assert down.get("viewBox") != right.get("viewBox")


def test_json_holds_the_picture(alice_browser: Client, base: Artifact, drawn: Drawn) -> None:
    found = json.loads(text_of(alice_browser, base, "json", "down=1&selected=run-1"))
    assert (found["format"], found["view"]) == ("lineage-site/picture/1", "down=1&selected=run-1")
    assert found["nodes"][0]["name"] == "split_zoo:v0"
    whole = json.loads(text_of(alice_browser, base, "json"))
    assert {node["key"] for node in whole["nodes"]} == drawn[0]
    assert {(edge["source"], edge["target"]) for edge in whole["edges"]} == drawn[1]
    assert EVIL in {node["name"] for node in whole["nodes"]}


def test_csv_is_read_back_and_no_cell_is_a_formula(alice_browser: Client, base: Artifact, drawn: Drawn) -> None:
    Alias.objects.create(collection=base.collection, name="@sum", artifact=base)
    nodes = list(csv.DictReader(io.StringIO(text_of(alice_browser, base, "nodes.csv"), newline="")))
    edges = list(csv.DictReader(io.StringIO(text_of(alice_browser, base, "edges.csv"), newline="")))
    assert {node["key"] for node in nodes} == drawn[0]
    assert {(edge["source"], edge["target"]) for edge in edges} == drawn[1]
    cells = [cell for row in (*nodes, *edges) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r", "-")) and not cell[1:].isdigit()]
    assert f"'{EVIL}" in cells
    assert "'@sum latest" in cells


def test_graphml_is_well_formed_and_says_the_same(alice_browser: Client, base: Artifact, drawn: Drawn) -> None:
    space = "{http://graphml.graphdrawing.org/xmlns}"
    root = ET.fromstring(text_of(alice_browser, base, "graphml"))
    assert {node.get("id") for node in root.iter(f"{space}node")} == drawn[0]
    assert {(edge.get("source"), edge.get("target")) for edge in root.iter(f"{space}edge")} == drawn[1]
    names = {fact.text for fact in root.iter(f"{space}data") if fact.get("key") == "n-name"}
    assert EVIL in names
    declared = {key.get("id") for key in root.iter(f"{space}key")}
    assert {fact.get("key") for fact in root.iter(f"{space}data")} <= declared


def test_mermaid_and_dot_hold_one_statement_a_line(alice_browser: Client, base: Artifact, drawn: Drawn) -> None:
    nodes, edges = drawn
    mermaid = text_of(alice_browser, base, "mmd").splitlines()
    assert mermaid[0] == "flowchart LR"
    assert text_of(alice_browser, base, "mmd", "orientation=down").startswith("flowchart TB")
    arrows = {tuple(re.split(r" -.*?-?> ?(?:\|\d+\|)? ?", line.strip())) for line in mermaid if "-->" in line}
    assert len(arrows) == len(edges)
    evil = next(line for line in mermaid if "=cmd" in line)
    label = re.fullmatch(r'  run_\d+\(\["(.*)"\]\)', evil)
    assert label is not None
    assert not set(label[1].replace("<br/>", "")) & set('"<>`[]{}|\\&')
    dot = text_of(alice_browser, base, "dot")
    assert dot.count(" -> ") == len(edges)
    assert all(f'"{key}" [' in dot for key in nodes)
    assert '\\"<b>&\\\\ ]]> #quot;' in dot


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_reads_the_dot_file(alice_browser: Client, base: Artifact, drawn: Drawn) -> None:
    dot = text_of(alice_browser, base, "dot")
    drawing = subprocess.run(["dot", "-Tjson0"], input=dot, capture_output=True, text=True, check=True)
    assert {node["name"] for node in json.loads(drawing.stdout)["objects"]} == drawn[0]
    kept = subprocess.run(["neato", "-n", "-Tjson0"], input=dot, capture_output=True, text=True, check=True)
    xs = {node["name"]: float(node["pos"].split(",")[0]) for node in json.loads(kept.stdout)["objects"]}
    places = {key: x for key, (x, _) in middles(text_of(alice_browser, base, "svg")).items()}
    middle = xs[f"artifact-{base.pk}"]
    assert {name: x - middle for name, x in xs.items()} == pytest.approx(places)


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_leaves_out_what_is_hidden_and_filtered(
    alice_browser: Client, as_alice: Viewer, base: Artifact, form: str
) -> None:
    run = Run.objects.get(group__job_type="audit")
    hidden = text_of(alice_browser, base, form, f"hidden=run-{run.pk}")
    assert "=cmd" not in hidden.replace("#61;", "=")
    assert "report" in hidden
    token = keep_long_view(viewer=as_alice, query=f"hidden=run-{run.pk}")
    assert text_of(alice_browser, base, form, f"v={token}") == hidden
    assert "report" not in text_of(alice_browser, base, form, "type=model")


def evil_key() -> str:
    return f"run-{Run.objects.get(group__job_type='audit').pk}"


def posted(browser: Client, base: Artifact, form: str, positions: object, query: str = "", **fields: str) -> str:
    response = browser.post(address(base, form, query), {"positions": json.dumps(positions), **fields})
    return response.content.decode()


def middles(svg: str) -> dict[str, tuple[float, float]]:
    """The middle of each card of a drawing, by its ground."""
    found = {}
    for group in ET.fromstring(svg).findall(f"{SVG}g"):
        x, y = map(float, str(group.get("transform")).removeprefix("translate(").rstrip(")").split())
        sizes = [(float(str(box.get("width"))), float(str(box.get("height")))) for box in group.findall(f"{SVG}rect")]
        width, height = (
            (212.0, 74.0) if len(sizes) > 2 and sizes[0][0] == 187 else next(s for s in sizes if s[0] == 200)
        )
        found[str(group.get("id"))] = (x + width / 2, y + height / 2)
    return found


def test_dragged_cards_are_exported_where_they_are(alice_browser: Client, base: Artifact) -> None:
    """Sharing: export exactly what is on screen."""
    evil, place = evil_key(), [-420.0, 310.5]
    home, moved = (
        middles(text_of(alice_browser, base, "svg")),
        middles(posted(alice_browser, base, "svg", {evil: place})),
    )
    assert moved == {**home, evil: tuple(place)}
    nodes = json.loads(posted(alice_browser, base, "json", {evil: place, "run-999": [1, 2]}))["nodes"]
    assert next([node["x"], node["y"]] for node in nodes if node["key"] == evil) == place
    root = ET.fromstring(posted(alice_browser, base, "graphml", {evil: place}))
    found = {fact.get("key"): fact.text for node in root.iter() if node.get("id") == evil for fact in node}
    assert (found["n-x"], found["n-y"]) == ("-420.0", "310.5")
    assert 'pos="-420,-310.5!"' in posted(alice_browser, base, "dot", {evil: place})
    alone = posted(alice_browser, base, "svg", {evil: [9000, 0]})
    left, _, width, _ = map(float, str(ET.fromstring(alone).get("viewBox")).split())
    assert left + width > 9100


def test_a_saved_view_is_exported_with_its_places(alice_browser: Client, as_alice: Viewer, base: Artifact) -> None:
    evil, key = evil_key(), f"artifact-{base.pk}"
    words = {"name": "mine", "query": "", "positions": {evil: [7, 300]}, "is_shared": False}
    kept = save_view(viewer=as_alice, project_id=base.collection.project_id, base=key, **words)
    assert middles(text_of(alice_browser, base, "svg", f"saved={kept.pk}"))[evil] == (7, 300)
    assert middles(posted(alice_browser, base, "svg", {}, f"saved={kept.pk}"))[evil] != (7, 300), "put in order since"


@pytest.mark.parametrize(
    "positions", ["[1]", '{"run-1": [1]}', '{"x": [1, 2]}', "{", '{"run-1": [NaN, 1]}', "[" * 9000]
)
def test_places_that_make_no_sense_are_refused(alice_browser: Client, base: Artifact, positions: str) -> None:
    assert alice_browser.post(address(base, "svg"), {"positions": positions}).status_code == 400


def test_colours_and_their_meaning_are_in_every_drawing(alice_browser: Client, base: Artifact) -> None:
    """Custom view: "colour by", and the legend that says it in words."""
    svg = ET.fromstring(posted(alice_browser, base, "svg", {}, "colour=job", theme="dark"))
    stripes = [box.get("fill") for box in svg.iter(f"{SVG}rect") if box.get("width") == "4" and box.get("x") == "3"]
    assert sorted(stripes) == sorted(DARK.palette[:2])
    legend = ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")][-1]
    assert legend.split() == ["■", "audit", "1", "■", "train", "1"]
    found = json.loads(text_of(alice_browser, base, "json", "colour=job"))
    assert [entry["value"] for entry in found["legend"]] == ["audit", "train"]
    assert {node["type"]: node["colour"] for node in found["nodes"] if node["colour"]} == {"audit": 1, "train": 2}
    meaning = f"%% colour 1: audit\n  classDef colour1 stroke:{LIGHT.palette[0]}"
    assert meaning in text_of(alice_browser, base, "mmd", "colour=job")
    assert LIGHT.palette[1] in text_of(alice_browser, base, "dot", "colour=job")
    assert '<data key="n-colour">audit</data>' in text_of(alice_browser, base, "graphml", "colour=job")


def test_card_rows_are_in_every_format(alice_browser: Client, base: Artifact) -> None:
    Artifact.objects.filter(pk=base.pk).update(description=EVIL, size_bytes=1_420_000, file_count=1)
    query, size = "rows=size,description,state", "1.42 MB · 1 file"
    svg = ET.fromstring(text_of(alice_browser, base, "svg", query))
    assert size in {"".join(text.itertext()) for text in svg.iter(f"{SVG}text")}
    grounds = {box.get("height") for box in svg.iter(f"{SVG}rect") if box.get("width") == "200"}
    assert grounds == {"88"}, "two rows more, as on screen"
    nodes = list(csv.DictReader(io.StringIO(text_of(alice_browser, base, "nodes.csv", query), newline="")))
    row = next(node for node in nodes if node["name"] == "split_zoo:v0")
    assert (row["size"], row["description"]) == (size, "'=cmd|\"<b>&\\ ]]>")
    found = json.loads(text_of(alice_browser, base, "json", query))
    assert found["nodes"][0]["rows"] == {"size": size, "description": EVIL.splitlines()[0]}
    graphml = ET.fromstring(text_of(alice_browser, base, "graphml", query))
    keys = [key.get("id") for key in graphml.iter("{http://graphml.graphdrawing.org/xmlns}key")]
    assert len(keys) == len({*keys, "n-size", "n-description", "n-state"})
    assert all(f"size: {size}" in text_of(alice_browser, base, form, query) for form in ("mmd", "dot"))


def test_what_lies_beyond_the_hops_is_on_the_drawing(alice_browser: Client, base: Artifact) -> None:
    """CUS-2: nothing is cut silently, in a file neither."""
    for query in ("down=1", "down=1&orientation=down"):
        svg = ET.fromstring(text_of(alice_browser, base, "svg", query))
        pills = [text for text in svg.iter(f"{SVG}text") if (text.text or "").startswith("+1 down")]
        assert len(pills) == 2, "of the evil run and of the cluster"
        left, top, width, height = map(float, str(svg.get("viewBox")).split())
        for pill in pills:
            assert left + 32 < float(str(pill.get("x"))) < left + width - 32
            assert top + 11 < float(str(pill.get("y"))) < top + height - 11


def test_the_lineage_of_a_run_is_exported_too(alice_browser: Client, base: Artifact) -> None:
    run = Run.objects.get(group__job_type="audit")
    response = alice_browser.get(reverse("run_lineage_export", args=["ml", "zoo", run.uid, "json"]))
    assert response.json()["base"] == f"run-{run.pk}"
    disposition = response.headers["Content-Disposition"]
    assert quote("lineage-cmd-b-quot-x-y-é-") in disposition
    assert not set(disposition) & {"\n", "\\", "/"}


@pytest.mark.parametrize(
    ("form", "query", "status"),
    [("pdf", "", 404), ("svg", "theme=red", 400), ("json", "up=65", 400), ("dot", "v=x", 404)],
)
def test_bad_input_is_refused(alice_browser: Client, base: Artifact, form: str, query: str, status: int) -> None:
    assert alice_browser.get(address(base, form, query)).status_code == status


def test_strangers_get_nothing(charlie_browser: Client, client: Client, base: Artifact) -> None:
    assert charlie_browser.get(address(base, "json")).status_code == 404
    assert client.get(address(base, "json")).status_code == 302
