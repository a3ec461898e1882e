"""Which colour each card has when colour tells the type, the job type or the state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from registry.lineage.graph import Kind
from registry.lineage.picture import LegendEntry, LineageNode
from registry.lineage.view import Colour

PALETTE: Final = 8
OTHERS: Final = "other"
# green, blue, red, amber, violet and grey of the palette: nobody reads a red tick as a success
STATES: Final = {"finished": 3, "running": 1, "failed": 2, "crashed": 4, "killed": 5, "deleted": 8}


def with_colours(
    nodes: Sequence[LineageNode], colour: Colour
) -> tuple[tuple[LineageNode, ...], tuple[LegendEntry, ...]]:
    """Give the nodes their colours: states those that they have everywhere, types by name in the order of the alphabet,
    of which the rarest beyond seven share the eighth.
    """
    values = [_value(node, colour) for node in nodes]
    counts = Counter(value for value in values if value)
    ranked = sorted(counts, key=lambda value: (-counts[value], value))
    own = ranked if len(ranked) <= PALETTE else ranked[: PALETTE - 1]
    numbers = {value: number for number, value in enumerate(sorted(own), start=1)}
    if colour is Colour.STATE:
        numbers = {value: STATES.get(value, PALETTE) for value in sorted(own)}
    legend = [LegendEntry(number, value, counts[value]) for value, number in numbers.items()]
    if shared := ranked[len(own) :]:
        legend.append(LegendEntry(PALETTE, OTHERS, sum(counts[value] for value in shared)))
    painted = (
        replace(node, colour=numbers.get(value, PALETTE)) if value else node
        for node, value in zip(nodes, values, strict=True)
    )
    return tuple(painted), tuple(legend)


def _value(node: LineageNode, colour: Colour) -> str:
    """What the colour tells of a node; "" for what keeps the plain colour of its kind."""
    is_run = Kind.RUN in {node.kind, node.member_kind}
    if colour is Colour.KIND or node.is_locked or is_run == (colour is Colour.TYPE):
        return ""
    if colour is Colour.STATE:
        return node.states[0][0] if len(node.states) == 1 else node.state
    return node.type
