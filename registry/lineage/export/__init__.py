"""What is on screen, as files. Pure text from the finished picture; the names of the formats are those of addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from registry.lineage.export.document import as_json
from registry.lineage.export.graphs import as_dot, as_graphml, as_mermaid
from registry.lineage.export.svg import as_svg
from registry.lineage.export.tables import edges_csv, nodes_csv
from registry.lineage.export.themes import LIGHT, THEMES, Theme
from registry.lineage.picture import Lineage

__all__ = ["FORMATS", "LIGHT", "THEMES", "Export", "Format", "Theme"]


@dataclass(frozen=True, slots=True)
class Export:
    """What is written: the picture, its title, the view as a query, the theme for what has colours."""

    lineage: Lineage
    title: str
    query: str = ""
    theme: Theme = LIGHT


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `suffix` ends its name, `label` is what people call it."""

    label: str
    suffix: str
    content_type: str
    write: Callable[[Export], str]


FORMATS: Final[Mapping[str, Format]] = {
    "svg": Format(
        "SVG image",
        ".svg",
        "image/svg+xml",
        lambda asked: as_svg(asked.lineage, title=asked.title, theme=asked.theme),
    ),
    "json": Format(
        "JSON",
        ".json",
        "application/json",
        lambda asked: as_json(asked.lineage, title=asked.title, query=asked.query),
    ),
    "nodes.csv": Format("CSV of nodes", "-nodes.csv", "text/csv", lambda asked: nodes_csv(asked.lineage)),
    "edges.csv": Format("CSV of edges", "-edges.csv", "text/csv", lambda asked: edges_csv(asked.lineage)),
    "mmd": Format("Mermaid", ".mmd", "text/plain", lambda asked: as_mermaid(asked.lineage)),
    "dot": Format("Graphviz DOT", ".dot", "text/plain", lambda asked: as_dot(asked.lineage, title=asked.title)),
    "graphml": Format(
        "GraphML",
        ".graphml",
        "application/graphml+xml",
        lambda asked: as_graphml(asked.lineage, title=asked.title),
    ),
}
