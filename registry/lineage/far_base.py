"""The page's own node when the hop window around the focus does not reach it: it is drawn all the same, and tied to the
picture by bridges over what lies between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from registry.lineage.drawing import Drawing, Drawn, DrawnEdge, draw
from registry.lineage.graph import Side, Way
from registry.lineage.places import Place, Walk
from registry.lineage.source import EdgeSource
from registry.lineage.view import ViewState
from registry.lineage.walk import walk


def with_base(source: EdgeSource, near: Walk, view: ViewState, drawing: Drawing) -> Drawing:
    """Return `drawing`, which is `view` of `near`, with the base in it.

    Costs nothing when it is there, else a walk without a hop limit. A base that even that does not reach stands alone,
    on the level of the focus.
    """
    base = near.marked
    if base.key in drawing.cards:
        return drawing
    wide = replace(view, up=None, down=None)
    far = walk(source, base, wide)
    place = far.places.get(base)
    ties = list(_ties(base.key, draw(far, wide), drawing.cards)) if place else []
    if place is None:
        group = source.groups_of([base])[base]
        place = Place(base, group, source.facts(base.kind, {group})[group], 0, Side.BASE)
    card = Drawn(base.key, place.level, place.side, place=place, refs=[base])
    return replace(
        drawing,
        cards={**{key: _less(card, key, ties) for key, card in drawing.cards.items()}, base.key: card},
        edges=[*drawing.edges, *ties],
        total=drawing.total + 1,
    )


def _ties(base: str, far: Drawing, shown: Collection[str]) -> Iterator[DrawnEdge]:
    """The shortest ways, along the arrows and against them, from the base to the cards that are shown."""
    ways: dict[Way, dict[str, list[tuple[str, DrawnEdge]]]] = {way: defaultdict(list) for way in Way}
    for edge in far.edges:
        ways[Way.DOWN][edge.source].append((edge.target, edge))
        ways[Way.UP][edge.target].append((edge.source, edge))
    for way, near in ways.items():
        for key, edge, between in _reached(base, near, shown):
            source, target = (base, key) if way is Way.DOWN else (key, base)
            yield replace(edge, source=source, target=target, count=1 if between else edge.count, via_hidden=between)


def _reached(
    base: str, near: Mapping[str, list[tuple[str, DrawnEdge]]], shown: Collection[str]
) -> Iterator[tuple[str, DrawnEdge, int]]:
    """The shown cards that are reached first, with the last arrow and how many cards lie between."""
    between = {base: 0}
    waiting = [base]
    for key in waiting:
        for other, edge in near.get(key, ()):
            if other in between:
                continue
            between[other] = between[key] + edge.via_hidden + (other not in shown)
            if other in shown:
                yield other, edge, between[other]
            else:
                waiting.append(other)


def _less(card: Drawn, key: str, ties: Collection[DrawnEdge]) -> Drawn:
    """The card without what leads to the base among the arrows that are said to lead beyond the hops."""
    ways = [Way.UP for tie in ties if tie.target == key]
    ways += [Way.DOWN for tie in ties if tie.source == key]
    beyond = {way: count - ways.count(way) for way, count in card.beyond.items()}
    return replace(card, beyond={way: count for way, count in beyond.items() if count > 0})
