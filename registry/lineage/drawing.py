"""What is drawn of a walk: owners, merged edges, bridges over what is hidden, locked placeholders."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from registry.lineage.clusters import Cluster
from registry.lineage.filters import is_generated
from registry.lineage.graph import Direction, Kind, NodeRef, Side, Way
from registry.lineage.places import Place, Walk
from registry.lineage.view import ViewState
from registry.lineage.walk import MOST_VISIBLE


@dataclass(slots=True)
class Drawn:
    """One card. A single node has a `place`, a cluster its `cluster` and the `refs` that it holds, newest first."""

    key: str
    level: int
    side: Side
    place: Place | None = None
    cluster: Cluster | None = None
    refs: list[NodeRef] = field(default_factory=list)
    count: int = 1
    is_lower_bound: bool = False
    beyond: dict[Way, int] = field(default_factory=dict)

    @property
    def is_locked(self) -> bool:
        return self.place is None and self.cluster is None

    @property
    def is_known(self) -> bool:
        """True when every member is among `refs`."""
        return not self.is_lower_bound and len(self.refs) == self.count

    @property
    def kind(self) -> Kind | None:
        if self.cluster is not None:
            return self.cluster.where.kind
        return self.place.ref.kind if self.place else None


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """One arrow between two cards."""

    source: str
    target: str
    direction: Direction
    count: int = 1
    via_hidden: int = 0
    is_extended: bool = False


@dataclass(slots=True)
class Drawing:
    """The cards by key, the arrows, and the cards that the view hides.

    `is_limited` says that a cluster which the view expands did not fit the drawing budget as a whole.
    """

    base: str
    cards: dict[str, Drawn]
    edges: list[DrawnEdge]
    hidden: list[Drawn]
    total: int
    is_lower_bound: bool
    is_limited: bool = False

    @property
    def single(self) -> list[NodeRef]:
        """The nodes that have a card of their own, hidden ones included."""
        return [card.place.ref for card in (*self.cards.values(), *self.hidden) if card.place]

    @property
    def grouped(self) -> list[NodeRef]:
        """The members whose states and aliases come up to their cluster; those of runs only when all are known."""
        return [
            ref
            for card in (*self.cards.values(), *self.hidden)
            if card.cluster and (card.kind is Kind.ARTIFACT or card.is_known)
            for ref in card.refs
        ]


def draw(walk: Walk, view: ViewState) -> Drawing:
    """Draw `walk` as `view` asks; the view may have fewer steps than the one that was walked."""
    cards = {card.key: card for card in _cards(walk, view)}
    owners = {ref: card.key for card in cards.values() for ref in card.refs}
    kept_keys = {walk.base.key, walk.marked.key}
    concealed = set(view.hidden) - kept_keys
    concealed |= {card.key for card in cards.values() if card.place is not None and card.place.is_left_out}
    arrows = list(dict.fromkeys(link.ends for link in walk.links))
    edges = _merge(cards, owners, _once(walk, arrows))
    shown = {key: card for key, card in cards.items() if key not in concealed}
    kept = {ends: edge for ends, edge in edges.items() if edge.source in shown and edge.target in shown}
    bridges = _bridges(edges, shown)
    for bridge in bridges:
        kept.setdefault((bridge.source, bridge.target), bridge)
    _note_beyond(walk, shown, arrows)
    _lock(walk, owners, shown, kept)
    total, is_lower_bound = _total(walk, shown)
    return Drawing(
        base=walk.base.key,
        cards=shown,
        edges=[_extended(edge, shown) for _, edge in sorted(kept.items())],
        hidden=[card for key, card in cards.items() if key in set(view.hidden) - kept_keys],
        is_limited=any(card.cluster and _is_expanded(card.cluster, view) for card in cards.values()),
        total=total,
        is_lower_bound=is_lower_bound,
    )


def _cards(walk: Walk, view: ViewState) -> Iterator[Drawn]:
    """Cards for single nodes and for clusters, concealed ones included."""
    apart = {walk.marked.key, *view.extracted, *view.hidden}
    clustered: set[NodeRef] = set()
    room = MOST_VISIBLE - len(walk.clusters) - sum(not place.home for place in walk.places.values())
    for cluster in sorted(walk.clusters.values(), key=lambda cluster: (cluster.at_least, cluster.key)):
        inside = [ref for ref in cluster.members if ref.key not in apart]
        room -= len(cluster.members) - len(inside)
        count = cluster.at_least - (len(cluster.members) - len(inside))
        if _is_expanded(cluster, view):
            shown = inside[: max(0, room)]
            inside, count, room = inside[len(shown) :], count - len(shown), room - len(shown)
        if count < 2 and len(inside) == count:
            continue
        clustered.update(inside)
        where = cluster.where
        yield Drawn(
            cluster.key,
            where.level,
            where.side,
            cluster=cluster,
            refs=inside,
            count=count,
            is_lower_bound=not cluster.is_exact,
        )
    for ref, place in walk.places.items():
        if ref not in clustered:
            yield Drawn(ref.key, place.level, place.side, place=place, refs=[ref])


def _is_expanded(cluster: Cluster, view: ViewState) -> bool:
    return view.expand or cluster.key in view.expanded


Arrow: TypeAlias = tuple[NodeRef, NodeRef]


def _once(walk: Walk, arrows: Collection[Arrow]) -> list[Arrow]:
    """The arrows between placed nodes; where a run uses and logs a version, only the one that goes with the levels."""
    known = set(arrows)
    return [
        (source, target)
        for source, target in arrows
        if (target, source) not in known or walk.places[source].level < walk.places[target].level
    ]


def _merge(
    cards: Mapping[str, Drawn], owners: Mapping[NodeRef, str], arrows: Collection[Arrow]
) -> dict[tuple[str, str], DrawnEdge]:
    """The arrows between cards with how many edges each stands for, concealed cards included."""
    counts = Counter((owners[source], owners[target]) for source, target in arrows)
    for (source, target), count in _cluster_edges(cards, owners, set(arrows)).items():
        counts[source, target] = max(counts[source, target], count)
    return {
        (source, target): DrawnEdge(source, target, _direction(cards[source]), count)
        for (source, target), count in counts.items()
        if source != target and count > 0
    }


def _direction(source: Drawn) -> Direction:
    return Direction.USED if source.kind is Kind.ARTIFACT else Direction.LOGGED


def _cluster_edges(
    cards: Mapping[str, Drawn], owners: Mapping[NodeRef, str], arrows: Collection[Arrow]
) -> Counter[tuple[str, str]]:
    """The edges to clusters whose members are not all known, from the counts of their sources."""
    counts: Counter[tuple[str, str]] = Counter()
    for card in cards.values():
        cluster = card.cluster
        if cluster is None or cluster.is_whole:
            continue
        apart = set(cluster.members) - set(card.refs)
        drawn: Counter[NodeRef] = Counter()
        for start, end in arrows if apart else ():
            source, member = (start, end) if cluster.way is Way.DOWN else (end, start)
            drawn[source] += member in apart
        for source, count in cluster.sources.items():
            key = (owners[source], card.key) if cluster.way is Way.DOWN else (card.key, owners[source])
            counts[key] += count - drawn[source]
    return counts


def _bridges(edges: Mapping[tuple[str, str], DrawnEdge], shown: Mapping[str, Drawn]) -> list[DrawnEdge]:
    """An edge over every shortest path of concealed cards between two shown ones."""
    ahead: dict[str, list[str]] = defaultdict(list)
    for source, target in sorted(edges):
        ahead[source].append(target)
    bridges = []
    for start in sorted(shown):
        steps = {key: 1 for key in ahead[start] if key not in shown}
        waiting = list(steps)
        ends: dict[str, DrawnEdge] = {}
        for key in waiting:
            for target in ahead[key]:
                if target in shown:
                    bridge = replace(edges[key, target], source=start, count=1, via_hidden=steps[key])
                    ends.setdefault(target, bridge)
                elif target not in steps:
                    steps[target] = steps[key] + 1
                    waiting.append(target)
        bridges += [bridge for target, bridge in ends.items() if target != start]
    return bridges


def _note_beyond(walk: Walk, shown: Mapping[str, Drawn], arrows: Collection[Arrow]) -> None:
    """Count what lies beyond the hop limit: edges onwards less those that are in the walk.

    For a cluster it is the most that any one member has, a lower bound.
    """
    if not any(walk.beyond.values()):
        return
    known: Counter[tuple[NodeRef, Way]] = Counter()
    for source, target in arrows:
        known[source, Way.DOWN] += not walk.places[target].is_left_out
        known[target, Way.UP] += not walk.places[source].is_left_out
    for card in shown.values():
        for way in Way:
            counts = [walk.beyond[way].get(ref, 0) - known[ref, way] for ref in card.refs]
            if counts and max(counts) > 0:
                card.beyond[way] = max(counts)


def _lock(
    walk: Walk, owners: Mapping[NodeRef, str], shown: dict[str, Drawn], edges: dict[tuple[str, str], DrawnEdge]
) -> None:
    for ref, way in sorted(walk.locked):
        neighbour = shown.get(owners[ref])
        if neighbour is None:
            continue
        key = f"locked-{neighbour.key}-{way.name.lower()}"
        shown[key] = Drawn(key, neighbour.level + way, way.side)
        direction = way.direction_from(ref.kind)
        ends = (neighbour.key, key) if way is Way.DOWN else (key, neighbour.key)
        edges[ends] = DrawnEdge(*ends, direction)


def _total(walk: Walk, shown: Mapping[str, Drawn]) -> tuple[int, bool]:
    """How many nodes the hop window holds, generated ones only when they are shown, and whether it is a lower bound."""
    placed = sum(not (place.is_left_out and is_generated(ref.kind, place.facts)) for ref, place in walk.places.items())
    unknown = sum(cluster.at_least - len(cluster.members) for cluster in walk.clusters.values())
    locked = sum(card.is_locked for card in shown.values())
    is_exact = all(cluster.is_exact for cluster in walk.clusters.values())
    return placed + unknown + locked, walk.is_cut or walk.is_partial or not is_exact


def _extended(edge: DrawnEdge, shown: Mapping[str, Drawn]) -> DrawnEdge:
    sides = (shown[edge.source].side, shown[edge.target].side)
    return replace(edge, is_extended=Side.EXTENDED in sides)
