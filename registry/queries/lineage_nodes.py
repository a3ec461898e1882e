"""Turns the cards of a drawing into finished nodes."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from registry.lineage.clusters import Cluster
from registry.lineage.drawing import Drawn, DrawnEdge
from registry.lineage.filters import NO_JOB_TYPE
from registry.lineage.graph import Kind, NodeRef, Way
from registry.lineage.labels import cluster_label
from registry.lineage.layout import Layout
from registry.lineage.picture import LineageNode, NodeAlias
from registry.lineage.places import Place
from registry.lineage.view import ViewState
from registry.queries.lineage_cards import Cards, alias_order

MOST_BUBBLES = 6


def make_node(card: Drawn, cards: Cards, layout: Layout, view: ViewState, base: NodeRef) -> LineageNode:
    """Return the node of `card`; one that is hidden has no place in the layout and stands at the origin."""
    x, y = layout.positions.get(card.key, (0.0, 0.0))
    node = LineageNode(
        key=card.key,
        kind="locked",
        level=card.level,
        side=card.side,
        type="restricted",
        name="No access",
        column=layout.columns.get(card.key, 0),
        x=x,
        y=y,
        frontier_up=card.beyond.get(Way.UP, 0),
        frontier_down=card.beyond.get(Way.DOWN, 0),
        frontier_is_lower_bound=card.cluster is not None and bool(card.beyond),
    )
    if card.cluster is not None:
        return _cluster(node, card, card.cluster, cards)
    return _single(node, card.place, cards, view, base) if card.place else node


def with_degrees(nodes: Collection[LineageNode], edges: Collection[DrawnEdge]) -> list[LineageNode]:
    """Return the nodes with how many edges of the picture lead to each and from each."""
    counts: Counter[tuple[str, Way]] = Counter()
    for edge in edges:
        counts[edge.source, Way.DOWN] += edge.count
        counts[edge.target, Way.UP] += edge.count
    return [replace(node, inputs=counts[node.key, Way.UP], outputs=counts[node.key, Way.DOWN]) for node in nodes]


def _single(node: LineageNode, place: Place, cards: Cards, view: ViewState, base: NodeRef) -> LineageNode:
    ref = place.ref
    facts = cards.facts[ref]
    is_run = ref.kind is Kind.RUN
    return replace(
        node,
        kind=ref.kind.value,
        type=place.facts.type or (NO_JOB_TYPE if is_run else ""),
        name=facts.name,
        state=facts.state,
        is_base=ref == base,
        is_focus=ref.key == view.focus and ref != base,
        is_extracted=bool(place.home) and ref.key in view.extracted,
        extracted_from=place.home,
        aliases=() if is_run else cards.aliases.get(ref.id, ()),
        stale=cards.stale.get(ref.id, ()) if is_run else (),
        memberships=() if is_run else cards.memberships.get(ref.id, ()),
        deleted_on=facts.deleted_on,
        address=facts.address,
        rows=cards.rows.get(ref, ()),
    )


def _cluster(node: LineageNode, card: Drawn, cluster: Cluster, cards: Cards) -> LineageNode:
    kind = cluster.where.kind
    states: Counter[str] = Counter()
    if kind is Kind.RUN and card.is_known:
        states.update(cards.states[ref.id] for ref in card.refs)
    fallback = NO_JOB_TYPE if kind is Kind.RUN and cluster.has_one_type else ""
    return replace(
        node,
        kind="cluster",
        member_kind=kind,
        type=cluster.type or fallback,
        name=cluster_label(cluster, card.count, is_lower_bound=card.is_lower_bound),
        aliases=_bubbled(card.refs, cards) if kind is Kind.ARTIFACT else (),
        count=card.count,
        count_is_lower_bound=card.is_lower_bound,
        states=tuple(sorted(states.items(), key=lambda state: (-state[1], state[0]))),
    )


def _bubbled(members: Collection[NodeRef], cards: Cards) -> tuple[NodeAlias, ...]:
    """The aliases that come up from the members, each name once."""
    names: dict[str, NodeAlias] = {}
    for ref in members:
        for alias in cards.aliases.get(ref.id, ()):
            if alias.name not in names or alias.is_protected:
                names[alias.name] = alias
    return tuple(sorted(names.values(), key=alias_order))[:MOST_BUBBLES]
