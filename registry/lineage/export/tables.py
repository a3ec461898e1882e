"""The picture as two CSV tables, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from registry.lineage.picture import Lineage
from registry.lineage.rows import told_rows

# a spreadsheet takes what begins so for a formula; the quote makes it text (OWASP, "CSV Injection")
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
NODE_COLUMNS: Final = (
    "key", "kind", "type", "name", "level", "state", "count", "aliases", "entity", "project", "registries",
)  # fmt: skip
EDGE_COLUMNS: Final = ("source", "source_name", "target", "target_name", "kind", "count", "via_hidden")


def nodes_csv(lineage: Lineage) -> str:
    """One line for each card, with a column for each of the rows that the cards show."""
    shown = told_rows(lineage.nodes)
    return _csv(
        (*NODE_COLUMNS, *shown),
        (
            (
                node.key,
                node.kind,
                node.type,
                node.name,
                node.level,
                node.state,
                node.count,
                " ".join(alias.name for alias in node.aliases),
                node.address.entity if node.address else "",
                node.address.project if node.address else "",
                "; ".join(map(str, node.memberships)),
                *(dict(node.rows).get(row, "") for row in shown),
            )
            for node in lineage.nodes
        ),
    )


def edges_csv(lineage: Lineage) -> str:
    """One line for each arrow."""
    names = {node.key: node.name for node in lineage.nodes}
    return _csv(
        EDGE_COLUMNS,
        (
            (
                edge.source,
                names[edge.source],
                edge.target,
                names[edge.target],
                edge.kind,
                edge.count,
                edge.via_hidden,
            )
            for edge in lineage.edges
        ),
    )


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return text.getvalue()


def _cell(value: str | int) -> str | int:
    if isinstance(value, int):
        return value
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value
