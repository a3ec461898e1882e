"""Draws a walk as text, so that a test can put what it expects beside the graph."""

from __future__ import annotations

from registry.lineage.drawing import Drawing, Drawn, draw
from registry.lineage.graph import Kind
from registry.lineage.view import ViewState
from registry.lineage.walk import walk
from tests.unit.lineage.memory import MemorySource, node


def drawing_of(source: MemorySource, base: str, **view: object) -> Drawing:
    state = ViewState(**view)  # type: ignore[arg-type]
    return draw(walk(source, node(base), state), state)


def name(card: Drawn) -> str:
    """`a1`, `r2`, `[4 train]` for a cluster, `locked`."""
    if card.cluster is not None:
        return f"[{card.count}{'+' if card.is_lower_bound else ''} {card.cluster.name or card.cluster.type or '*'}]"
    if card.place is None:
        return "locked"
    return f"{'a' if card.place.ref.kind is Kind.ARTIFACT else 'r'}{card.place.ref.id}"


def levels(drawing: Drawing) -> list[str]:
    """One line for each level: `-1: r2 [4 train]`, the extended side with an `x`."""
    rows: dict[tuple[int, str], list[str]] = {}
    for card in drawing.cards.values():
        rows.setdefault((card.level, "x" if card.side == "extended" else ""), []).append(name(card))
    return [f"{level:+d}{mark}: {' '.join(sorted(cards))}" for (level, mark), cards in sorted(rows.items())]


def arrows(drawing: Drawing) -> list[str]:
    """One line for each arrow: `a1 -> [4 train] x4`, `a1 ~2~> a5` over two hidden ones."""
    named = {key: name(card) for key, card in drawing.cards.items()}
    return sorted(
        f"{named[edge.source]} {f'~{edge.via_hidden}~>' if edge.via_hidden else '->'} {named[edge.target]}"
        + (f" x{edge.count}" if edge.count > 1 else "")
        for edge in drawing.edges
    )
