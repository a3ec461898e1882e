"""The lineage picture of one node, finished: what a page and the browser draw from."""

import hashlib
from dataclasses import replace

from django.core.cache import caches

from registry.core.viewer import Viewer
from registry.lineage.arrange import arrange
from registry.lineage.colours import with_colours
from registry.lineage.drawing import Drawing, DrawnEdge, draw
from registry.lineage.facets import facets_of
from registry.lineage.far_base import with_base
from registry.lineage.graph import Direction, NodeRef
from registry.lineage.labels import cluster_label, level_headers
from registry.lineage.layout import Layout
from registry.lineage.options import Switches
from registry.lineage.picture import Lineage, LineageEdge
from registry.lineage.places import Walk
from registry.lineage.switches import weigh_switches
from registry.lineage.view import Colour, Orientation, ViewState
from registry.queries.edge_source import DatabaseEdgeSource, walk_lineage
from registry.queries.lineage_cards import get_cards
from registry.queries.lineage_changes import version_of, watch_runs, watched_runs
from registry.queries.lineage_members import list_cluster_members
from registry.queries.lineage_nodes import make_node, with_degrees
from registry.queries.lineage_rows import get_rows

__all__ = ["get_drawn_lineage", "get_lineage", "get_lineage_version", "get_switches", "list_cluster_members"]

LAYOUT_SECONDS = 600
# what a person may have on the screen while looking at one preview after the other
DRAWN_SECONDS = 600


def get_lineage(*, viewer: Viewer, base: NodeRef, view: ViewState) -> Lineage:
    """Return the lineage of `base` as `view` asks, of what `viewer` may see.

    Raises `NotFound` when there is no such node for the viewer. The number of queries depends on the number of
    levels alone. The layout is kept in the cache under the structure it is of.
    """
    found = walk_lineage(viewer=viewer, base=base, view=view)
    drawing = with_base(DatabaseEdgeSource(viewer=viewer), found, view, draw(found, view))
    version = _structure(found, view, drawing)
    cache = caches["layouts"]
    layout = cache.get(f"lineage-layout-{version}")
    if layout is None:
        layout = arrange(found, view, drawing)
        cache.set(f"lineage-layout-{version}", layout, LAYOUT_SECONDS)
    cards = get_cards(viewer=viewer, drawn=drawing.single, clustered=drawing.grouped)
    cards.rows = get_rows(viewer=viewer, drawn=drawing.single, rows=view.rows)
    watch_runs(viewer, base, view, cards)
    drawn = [make_node(card, cards, layout, view, base) for card in drawing.cards.values()]
    nodes, legend = with_colours(with_degrees(drawn, drawing.edges), view.colour)
    is_down = view.orientation is Orientation.DOWN
    nodes = tuple(
        sorted(nodes, key=lambda node: (not node.is_base, node.level, node.x if is_down else node.y, node.key))
    )
    lineage = Lineage(
        base=base.key,
        nodes=nodes,
        edges=tuple(_edge(edge, layout) for edge in drawing.edges),
        levels=level_headers(nodes, view.orientation, "Base" if found.base == base else "Focus"),
        visible=len(nodes),
        total=drawing.total,
        total_is_lower_bound=drawing.is_lower_bound,
        complete=not (found.is_cut or found.is_partial),
        hidden=tuple(make_node(card, cards, layout, view, base) for card in drawing.hidden),
        data_version=hashlib.sha256(repr((version, nodes)).encode()).hexdigest()[:16],
        focus=found.base.key,
        facets=facets_of(found, view, nodes),
        orientation=view.orientation,
        expand_limited=drawing.is_limited,
        legend=legend,
        expanded=tuple((key, _cluster_name(found, key, view)) for key in view.expanded if key in found.clusters),
    )
    key = _drawn_key(viewer, lineage.data_version)
    if key not in cache:
        cache.set(key, lineage, DRAWN_SECONDS)
    return lineage


def get_drawn_lineage(*, viewer: Viewer, base: NodeRef, view: ViewState, data_version: str) -> Lineage:
    """Return the picture of that version as it was drawn for the viewer, else the lineage as it is now.

    For what is said about a picture that stands on a screen. Raises `NotFound` like `get_lineage`.
    """
    drawn: Lineage | None = caches["layouts"].get(_drawn_key(viewer, data_version)) if data_version else None
    return drawn or get_lineage(viewer=viewer, base=base, view=view)


def _drawn_key(viewer: Viewer, data_version: str) -> str:
    text = f"{viewer.user_id} {viewer.is_all_seeing} {data_version}"
    return f"lineage-drawn-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def get_switches(*, viewer: Viewer, base: NodeRef, view: ViewState) -> Switches:
    """Return what each switch of the Custom panel would draw. Costs up to four walks, which share their reads.

    Raises `NotFound` like `get_lineage`.
    """
    return weigh_switches(DatabaseEdgeSource(viewer=viewer), base, view)


def get_lineage_version(*, viewer: Viewer, base: NodeRef, view: ViewState) -> str:
    """Return a text that changes whenever the lineage may look different. Two queries, once it has been drawn.

    It also changes with edges and events elsewhere; `Lineage.data_version` tells whether this picture did. Whether the
    viewer may see the node is checked when it is drawn, not again.
    """
    runs = watched_runs(viewer, base, view)
    if runs is None:
        get_lineage(viewer=viewer, base=base, view=view)
        runs = watched_runs(viewer, base, view) or []
    return version_of(runs)


def _cluster_name(found: Walk, key: str, view: ViewState) -> str:
    """What the cluster would be called if it were not expanded."""
    cluster = found.clusters[key]
    apart = {found.marked.key, *view.extracted, *view.hidden}
    count = cluster.at_least - sum(ref.key in apart for ref in cluster.members)
    return cluster_label(cluster, count, is_lower_bound=not cluster.is_exact)


def _structure(found: Walk, view: ViewState, drawing: Drawing) -> str:
    """A digest of all that the layout depends on."""
    places = [(ref.key, place.level, place.side, place.home) for ref, place in found.places.items()]
    clusters = [(cluster.key, cluster.at_least, len(cluster.members)) for cluster in found.clusters.values()]
    links = [tuple(link) for link in found.links]
    shape = replace(view, selected="", colour=Colour.KIND)
    ties = [edge for edge in drawing.edges if found.marked.key in {edge.source, edge.target}]
    parts = (shape.to_query(), found.base.key, places, clusters, links, sorted(found.locked), ties)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _edge(edge: DrawnEdge, layout: Layout) -> LineageEdge:
    return LineageEdge(
        source=edge.source,
        target=edge.target,
        kind="used" if edge.direction == Direction.USED else "logged",
        count=edge.count,
        is_back=(edge.source, edge.target) in layout.back_edges,
        via_hidden=edge.via_hidden,
        is_extended=edge.is_extended,
    )
