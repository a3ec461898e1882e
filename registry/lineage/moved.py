"""The picture with cards where a person has dragged them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from registry.lineage.picture import Lineage


def with_places(lineage: Lineage, positions: Mapping[str, Sequence[float]]) -> Lineage:
    """Put the drawn cards that `positions` name there, by their middles; whatever else it names is not looked at."""
    if not positions:
        return lineage
    nodes = (
        replace(node, x=positions[node.key][0], y=positions[node.key][1]) if node.key in positions else node
        for node in lineage.nodes
    )
    return replace(lineage, nodes=tuple(nodes))
