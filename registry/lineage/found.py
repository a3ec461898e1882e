"""What a search in a lineage graph found, where it is, and the view that draws it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace

from registry.lineage.drawing import Drawing, Drawn
from registry.lineage.filters import NO_JOB_TYPE, is_generated, is_left_out
from registry.lineage.graph import Kind, NodeRef, Side
from registry.lineage.places import Place
from registry.lineage.view import ViewState


class Where(enum.StrEnum):
    """Where a node is, seen from the view, from near to far."""

    DRAWN = "drawn"
    CLUSTER = "cluster"
    HIDDEN = "hidden"
    FILTERED = "filtered"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True)
class Hit:
    """One node that was found. `card` is the card that it is on or behind, "" when there is none; `hops` its distance
    from the active node; `matched` what it was found by; `show` the view that draws it and selects it.
    """

    key: str
    kind: Kind
    name: str
    type: str
    where: Where
    card: str
    hops: int
    matched: str
    show: ViewState


@dataclass(frozen=True, slots=True)
class MoreInside:
    """A cluster of which only the newest matching members are among the hits: `shown` of `count`."""

    cluster: str
    label: str
    shown: int
    count: int
    is_lower_bound: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The hits, drawn ones first. `more` are the clusters that hold further ones; `is_cut` says that there may be more
    besides: too many, or too far away to be looked at.
    """

    text: str
    hits: tuple[Hit, ...] = ()
    more: tuple[MoreInside, ...] = ()
    is_cut: bool = False

    def count(self, where: Where) -> int:
        return sum(hit.where is where for hit in self.hits)


class Locator:
    """Tells where nodes are in a drawing of `view`."""

    def __init__(self, drawing: Drawing, view: ViewState) -> None:
        self.view = view
        self._shown = _cards_by_ref(drawing.cards)
        self._hidden = _cards_by_ref({card.key: card for card in drawing.hidden})

    def where(self, ref: NodeRef, *, is_beyond: bool = False) -> tuple[Where, str]:
        """Where a node is, and on which card."""
        if is_beyond:
            return Where.BEYOND, ""
        if card := self._shown.get(ref):
            return (Where.CLUSTER if card.cluster else Where.DRAWN), card.key
        if card := self._hidden.get(ref):
            return Where.HIDDEN, card.key
        return Where.FILTERED, ""

    def extracting(self, ref: NodeRef) -> ViewState:
        """The view with the node beside its cluster, selected."""
        extracted = self.view.extracted if ref.key in self.view.extracted else (*self.view.extracted, ref.key)
        return replace(self.view, selected=ref.key, extracted=extracted)

    def showing(self, ref: NodeRef, where: Where, card: str, place: Place) -> ViewState:
        """The view that draws the node, and as little else as possible that this one does not."""
        is_apart = where is Where.DRAWN or (where is Where.HIDDEN and card == ref.key)
        view = replace(self.view, selected=ref.key) if is_apart else self.extracting(ref)
        if card in view.hidden:
            view = replace(view, hidden=tuple(key for key in view.hidden if key not in {card, ref.key}))
        if where is Where.BEYOND:
            view = _within_hops(view, place)
        if is_left_out(view, ref.kind, place.facts):
            view = _let_in(view, ref.kind, place)
        return view


def _cards_by_ref(cards: Mapping[str, Drawn]) -> dict[NodeRef, Drawn]:
    return {ref: card for card in cards.values() for ref in card.refs}


def _within_hops(view: ViewState, place: Place) -> ViewState:
    hops = abs(place.level)
    if place.side is Side.EXTENDED:
        # beside a level that is one hop farther out
        hops += 1
    if place.level < 0:
        return replace(view, up=None if view.up is None else max(view.up, hops))
    return replace(view, down=None if view.down is None else max(view.down, hops))


def _let_in(view: ViewState, kind: Kind, place: Place) -> ViewState:
    if kind is Kind.RUN:
        return replace(view, jobs=(*view.jobs, place.facts.type or NO_JOB_TYPE))
    if is_generated(kind, place.facts):
        view = replace(view, generated=True)
    if view.types and place.facts.type not in view.types:
        view = replace(view, types=(*view.types, place.facts.type))
    return view
