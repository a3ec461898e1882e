"""The layout of a view, as a pure function of the view: what was asked for step by step hardly moves the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from registry.lineage.drawing import Drawing, Drawn, draw
from registry.lineage.layout import Box, Layout, lay_out
from registry.lineage.layout.boxes import CARD_WIDTH, CLUSTER_HEIGHT, CLUSTER_WIDTH, ROW_HEIGHT, ROW_PITCH, card_height
from registry.lineage.places import Walk
from registry.lineage.rows import rows_of
from registry.lineage.view import Orientation, ViewState

BUNDLES: Final = (1, 8, 64)


def arrange(walk: Walk, view: ViewState, drawing: Drawing) -> Layout:
    """Lay out `drawing`, which is `view` of `walk`, with the layout of the view without its last step as the hint.

    The steps are clusters expanded, then nodes extracted, then all that is hidden. Long lists are folded eight and 64
    steps at a time, so that 500 steps cost about twenty layouts. Top-down is the same layout with its axes exchanged,
    of cards that are as wide as they are.
    """
    hint: Mapping[str, tuple[float, float]] | None = None
    for earlier in earlier_views(view):
        before = draw(_without_later_branches(walk, earlier), earlier)
        hint = _lay_out(before, hint, view).positions
    layout = _lay_out(drawing, hint, view)
    return _turned(layout, ROW_PITCH + len(view.rows) * ROW_HEIGHT) if view.orientation is Orientation.DOWN else layout


def _turned(layout: Layout, pitch: int) -> Layout:
    columns = layout.columns
    positions = {key: (across, float(columns[key] * pitch)) for key, (_, across) in layout.positions.items()}
    return replace(layout, positions=positions)


def earlier_views(view: ViewState) -> Iterator[ViewState]:
    """The views to fold over, shortest first, without `view` itself."""
    steps = len(view.expanded) + len(view.extracted)
    for taken in range(steps + bool(view.hidden)):
        if any(taken % size == 0 and taken >= _start(steps, size * 8) for size in BUNDLES):
            extracted = view.extracted[: max(0, taken - len(view.expanded))]
            yield replace(view, expanded=view.expanded[:taken], extracted=extracted, hidden=())


def _start(steps: int, size: int) -> int:
    """The last full bundle of that size, before which only larger ones count."""
    return size * ((steps - 1) // size) if size <= BUNDLES[-1] else 0


def _lay_out(drawing: Drawing, hint: Mapping[str, tuple[float, float]] | None, view: ViewState) -> Layout:
    boxes = [Box(card.key, card.level, _side(card, view)) for card in drawing.cards.values()]
    return lay_out(boxes, [(edge.source, edge.target) for edge in drawing.edges], drawing.base, hint)


def _side(card: Drawn, view: ViewState) -> int:
    """The side of a card that lies across the arrows."""
    if view.orientation is Orientation.DOWN:
        return CLUSTER_WIDTH if card.cluster else CARD_WIDTH
    return CLUSTER_HEIGHT if card.cluster else card_height(len(rows_of(card.kind, view.rows)))


def _without_later_branches(walk: Walk, view: ViewState) -> Walk:
    """`walk` without what only steps that `view` has not taken lead to."""
    blocked = {
        ref for ref in walk.extra if ref.key not in view.extracted and walk.places[ref].home not in view.expanded
    }
    if not blocked:
        return walk
    places = {}
    for ref, place in walk.places.items():
        if not place.reached_from or any(origin in places and origin not in blocked for origin in place.reached_from):
            places[ref] = place
    clusters = {
        key: replace(
            cluster,
            members=[ref for ref in cluster.members if ref in places],
            sources={ref: count for ref, count in cluster.sources.items() if ref in places},
        )
        for key, cluster in walk.clusters.items()
    }
    return replace(
        walk,
        places=places,
        clusters={key: cluster for key, cluster in clusters.items() if cluster.members},
        links=[link for link in walk.links if all(ref in places for ref in link.ends)],
        locked={(ref, way) for ref, way in walk.locked if ref in places},
    )
