"""The picture for other tools: Mermaid, Graphviz's DOT, GraphML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from registry.lineage.export.texts import one_line, xml_attribute, xml_text
from registry.lineage.export.themes import LIGHT
from registry.lineage.picture import Lineage, LineageEdge, LineageNode
from registry.lineage.rows import Row, told_rows
from registry.lineage.view import Orientation

# quotes and what Mermaid reads as the start of an entity, a tag, a code or a Markdown string
MERMAID_ENTITIES: Final = {ord(mark): f"#{ord(mark)};" for mark in '"#&<>`[]{}|;\\'}


def as_mermaid(lineage: Lineage) -> str:
    """A flowchart; what a class of nodes looks like stands at its end."""
    lines = [f"flowchart {'TB' if lineage.orientation is Orientation.DOWN else 'LR'}"]
    lines += [f"  {_word(node.key)}{_mermaid_shape(node)}" for node in lineage.nodes]
    lines += [f"  {_word(edge.source)} {_mermaid_arrow(edge)} {_word(edge.target)}" for edge in lineage.edges]
    lines += [
        "  classDef artifact fill:#e4f0fd,stroke:#0a5fbd,color:#14171d",
        "  classDef run fill:#e3f5ea,stroke:#0a7742,color:#14171d",
        "  classDef locked fill:#f4f5f8,stroke:#878f9d,color:#5f6775,stroke-dasharray:4",
        f"  style {_word(lineage.base)} stroke-width:3px",
    ]
    for name in ("artifact", "run", "locked"):
        keys = [_word(node.key) for node in lineage.nodes if (node.member_kind or node.kind) == name]
        lines += [f"  class {','.join(keys)} {name}"] if keys else []
    for entry in lineage.legend:
        keys = [_word(node.key) for node in lineage.nodes if node.colour == entry.colour]
        lines += [
            f"  %% colour {entry.colour}: {one_line(entry.value)}",
            f"  classDef colour{entry.colour} stroke:{LIGHT.palette[entry.colour - 1]},stroke-width:3px",
            f"  class {','.join(keys)} colour{entry.colour}",
        ]
    return "\n".join(lines) + "\n"


def _word(key: str) -> str:
    return key.replace("-", "_")


def _mermaid_shape(node: LineageNode) -> str:
    label = "<br/>".join(one_line(text).translate(MERMAID_ENTITIES) for text in _label(node))
    if node.is_cluster:
        return f'[["{label}"]]'
    return f'(["{label}"])' if node.kind == "run" else f'["{label}"]'


def _mermaid_arrow(edge: LineageEdge) -> str:
    if edge.via_hidden:
        return f'-. "via {edge.via_hidden} hidden" .->'
    arrow = "-.->" if edge.is_back else "-->"
    return f"{arrow}|{edge.count}|" if edge.count > 1 else arrow


def _label(node: LineageNode) -> list[str]:
    """The lines on a card: type, name, what its badges say, then its further rows."""
    badges = [alias.name for alias in node.aliases]
    badges += [f"{node.state} {node.deleted_on:%Y-%m-%d}"] if node.deleted_on else [node.state] if node.state else []
    lines = [
        node.type,
        node.name,
        ", ".join(badges),
        *(f"{row.row}: {row.text}" for row in node.rows if row.row is not Row.STATE),
    ]
    return [line for line in lines if line]


def as_dot(lineage: Lineage, *, title: str) -> str:
    """A digraph for Graphviz: `dot` lays it out anew, `neato -n` draws it as it is on screen."""
    direction = "TB" if lineage.orientation is Orientation.DOWN else "LR"
    lines = [
        f"digraph {_quoted(title)} {{",
        f"  rankdir={direction};",
        '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11];',
        '  edge [color="#858e9d", fontname="Helvetica", fontsize=9];',
        *(f"  {_quoted(node.key)} [{_dot_attributes(node)}];" for node in lineage.nodes),
        *(f"  {_quoted(edge.source)} -> {_quoted(edge.target)}{_dot_style(edge)};" for edge in lineage.edges),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(*lines: str) -> str:
    escaped = (one_line(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'


def _dot_attributes(node: LineageNode) -> str:
    kind = node.member_kind or node.kind
    fill, line = {"run": ("#e3f5ea", "#0a7742"), "artifact": ("#e4f0fd", "#0a5fbd")}.get(kind, ("#f4f5f8", "#878f9d"))
    if node.colour:
        line = LIGHT.palette[node.colour - 1]
    width = 3 if node.is_base or node.colour else 1
    periphery = ", peripheries=2" if node.is_cluster else ""
    # in points, upwards
    place = f'pos="{node.x:g},{-node.y:g}!"'
    return f'label={_quoted(*_label(node))}, fillcolor="{fill}", color="{line}", penwidth={width}, {place}{periphery}'


def _dot_style(edge: LineageEdge) -> str:
    facts = []
    if edge.via_hidden:
        facts = ["style=dotted", f'label="via {edge.via_hidden} hidden"']
    elif edge.count > 1:
        facts = [f'label="{edge.count}"']
    if edge.is_back:
        facts += ["constraint=false", "style=dashed"]
    return f" [{', '.join(facts)}]" if facts else ""


NODE_KEYS: Final = ("kind", "type", "name", "state", "level", "count", "x", "y", "aliases", "colour")
EDGE_KEYS: Final = ("kind", "count", "via_hidden")
NUMBERS: Final = {"level": "int", "count": "int", "via_hidden": "int", "x": "double", "y": "double"}


def as_graphml(lineage: Lineage, *, title: str) -> str:
    """GraphML with the names of the attributes declared, as Gephi, yEd and networkx read it."""
    shown = told_rows(lineage.nodes)
    colours = {entry.colour: entry.value for entry in lineage.legend}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *_graphml_keys((*NODE_KEYS, *shown)),
        f'  <graph id={xml_attribute(title)} edgedefault="directed">',
    ]
    for node in lineage.nodes:
        aliases = " ".join(alias.name for alias in node.aliases)
        values = (node.kind, node.type, node.name, node.state, node.level, node.count, node.x, node.y, aliases)
        rows = tuple(dict(node.rows).get(row, "") for row in shown)
        facts = _graphml_facts("n", (*NODE_KEYS, *shown), (*values, colours.get(node.colour, ""), *rows))
        lines += [f'    <node id="{node.key}">', *facts, "    </node>"]
    for edge in lineage.edges:
        facts = _graphml_facts("e", EDGE_KEYS, (edge.kind, edge.count, edge.via_hidden))
        lines += [f'    <edge source="{edge.source}" target="{edge.target}">', *facts, "    </edge>"]
    return "\n".join([*lines, "  </graph>", "</graphml>"]) + "\n"


def _graphml_keys(node_keys: Sequence[str]) -> Iterator[str]:
    for letter, what, names in (("n", "node", node_keys), ("e", "edge", EDGE_KEYS)):
        for name in names:
            kind = NUMBERS.get(name, "string")
            yield f'  <key id="{letter}-{name}" for="{what}" attr.name="{name}" attr.type="{kind}"/>'


def _graphml_facts(letter: str, names: Sequence[str], values: Sequence[str | float]) -> Iterator[str]:
    for name, value in zip(names, values, strict=True):
        if value != "":
            yield f'      <data key="{letter}-{name}">{xml_text(str(value))}</data>'
