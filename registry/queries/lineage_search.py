"""Search in the lineage graph of one node: what is drawn, what is behind a card, what lies beyond the hops."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from registry.core.text import clean_text
from registry.core.viewer import Viewer
from registry.lineage.clusters import Cluster
from registry.lineage.drawing import Drawing, draw
from registry.lineage.filters import NO_JOB_TYPE
from registry.lineage.found import Found, Hit, Locator, MoreInside, Where
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.labels import cluster_label
from registry.lineage.places import Walk
from registry.lineage.remembered import RememberedSource
from registry.lineage.view import ViewState
from registry.lineage.walk import walk
from registry.models import Artifact, Run
from registry.queries.edge_source import DatabaseEdgeSource
from registry.queries.lineage_cards import Cards, get_cards
from registry.queries.lineage_matching import candidates, matched_by, matches

LONGEST_SEARCH = 200
MOST_HITS = 200
MOST_IN_CLUSTER = 50
MOST_COUNTED = 1000
RANKS = {where: rank for rank, where in enumerate(Where)}


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a node that was found is; its names are read later."""

    ref: NodeRef
    where: Where
    card: str
    level: int
    type: str
    show: ViewState


def find_in_lineage(*, viewer: Viewer, base: NodeRef, view: ViewState, text: str) -> Found:
    """Find the nodes of a lineage by name, version, alias, tag, run id or state, wherever the view has put them.

    Looked at is what the walk reaches without a hop limit, bounded like it, and every member of the clusters on the
    way. Drawn nodes come first, in the order of the levels, then those that another view would draw. Raises `NotFound`
    like `get_lineage`.
    """
    term = clean_text("search", text.strip(), LONGEST_SEARCH)
    if not term:
        return Found(term)
    source = RememberedSource(DatabaseEdgeSource(viewer=viewer))
    near = walk(source, base, view)
    far = near
    if view.up is not None or view.down is not None:
        far = walk(source, base, replace(view, up=None, down=None))
    drawing = draw(near, view)
    unread, more = _unread_members(viewer, near, drawing, term)
    matched = [ref for ref in _matching(viewer, {*near.places, *far.places}, term) if ref not in unread]
    is_cut = len(matched) + len(unread) > MOST_HITS or near.is_cut or far.is_cut
    spots = [_spot(ref, near, far, Locator(drawing, view)) for ref in matched] + [
        _Spot(
            ref, Where.CLUSTER, cluster.key, cluster.where.level, cluster.type, Locator(drawing, view).extracting(ref)
        )
        for ref, cluster in unread.items()
    ]
    spots = spots[:MOST_HITS]
    cards = get_cards(viewer=viewer, drawn=[spot.ref for spot in spots], clustered=())
    ranked = sorted(spots, key=lambda spot: (RANKS[spot.where], spot.level, cards.facts[spot.ref].name, spot.ref.key))
    return Found(term, tuple(_hit(spot, cards, term) for spot in ranked), tuple(more), is_cut)


def _matching(viewer: Viewer, refs: Iterable[NodeRef], term: str) -> list[NodeRef]:
    found: list[NodeRef] = []
    for kind, everything in ((Kind.RUN, Run.objects.all()), (Kind.ARTIFACT, Artifact.objects.recorded())):
        ids = sorted(ref.id for ref in refs if ref.kind is kind)
        rows = everything.filter(pk__in=ids).filter(matches(viewer, kind, term)).order_by("-pk")
        found += [NodeRef(kind, pk) for pk in rows.values_list("pk", flat=True)[: MOST_HITS + 1]]
    return found


def _unread_members(
    viewer: Viewer, near: Walk, drawing: Drawing, term: str
) -> tuple[dict[NodeRef, Cluster], list[MoreInside]]:
    """Matching members that no walk has read, with their drawn cluster; and the clusters that hold more of them."""
    found: dict[NodeRef, Cluster] = {}
    more: list[MoreInside] = []
    for cluster in near.clusters.values():
        if not cluster.is_whole and cluster.key in drawing.cards:
            kind = cluster.where.kind
            rows = candidates(cluster, near).filter(matches(viewer, kind, term)).order_by("-pk")
            ids = list(rows.values_list("pk", flat=True)[: MOST_COUNTED + 1])
            refs = [NodeRef(kind, pk) for pk in ids[:MOST_IN_CLUSTER]]
            found |= {ref: cluster for ref in refs if ref not in near.places}
            if len(ids) > MOST_IN_CLUSTER:
                label = cluster_label(cluster, cluster.at_least, is_lower_bound=not cluster.is_exact)
                count = min(len(ids), MOST_COUNTED)
                more.append(MoreInside(cluster.key, label, MOST_IN_CLUSTER, count, len(ids) > MOST_COUNTED))
    return found, more


def _spot(ref: NodeRef, near: Walk, far: Walk, locator: Locator) -> _Spot:
    place = near.places.get(ref) or far.places[ref]
    where, card = locator.where(ref, is_beyond=ref not in near.places)
    return _Spot(ref, where, card, place.level, place.facts.type, locator.showing(ref, where, card, place))


def _hit(spot: _Spot, cards: Cards, term: str) -> Hit:
    ref = spot.ref
    facts = cards.facts[ref]
    aliases = [alias.name for alias in cards.aliases.get(ref.id, ())] if ref.kind is Kind.ARTIFACT else []
    return Hit(
        key=ref.key,
        kind=ref.kind,
        name=facts.name,
        type=facts.address.type if ref.kind is Kind.ARTIFACT else spot.type or NO_JOB_TYPE,
        where=spot.where,
        card=spot.card,
        hops=abs(spot.level),
        matched=matched_by(term.lower(), facts.name, facts.address.run_uid, facts.state, aliases),
        show=spot.show,
    )
