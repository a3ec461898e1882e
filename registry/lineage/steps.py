"""The next and the previous node along the arrows of a drawn picture."""

from __future__ import annotations

from dataclasses import dataclass

from registry.lineage.picture import Lineage


@dataclass(frozen=True, slots=True)
class Step:
    """A drawn neighbour. `is_bridge` says that hidden nodes lie in between; a cluster has members, no preview."""

    key: str
    name: str
    is_bridge: bool = False
    is_cluster: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """Where the arrows at a node come from and where they lead, in the order of the drawing."""

    inputs: tuple[Step, ...] = ()
    outputs: tuple[Step, ...] = ()


def neighbours_of(lineage: Lineage, key: str) -> Steps:
    """The drawn neighbours of a node, first those nearest to the top; placeholders are left out."""
    drawn = {node.key: node for node in lineage.nodes if not node.is_locked}

    def steps(ends: dict[str, bool]) -> tuple[Step, ...]:
        nodes = sorted((drawn[end] for end in ends if end in drawn), key=lambda node: (node.y, node.x, node.key))
        return tuple(Step(node.key, node.name, ends[node.key], node.is_cluster) for node in nodes)

    return Steps(
        inputs=steps({edge.source: edge.via_hidden > 0 for edge in lineage.edges if edge.target == key}),
        outputs=steps({edge.target: edge.via_hidden > 0 for edge in lineage.edges if edge.source == key}),
    )
