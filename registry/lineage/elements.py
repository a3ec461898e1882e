"""The picture as the small JSON that the browser draws from."""

from __future__ import annotations

from typing import Any

from registry.lineage.picture import Lineage, LineageEdge, LineageNode, NodeAlias

MOST_BADGES = 6


def cytoscape_payload(lineage: Lineage) -> dict[str, Any]:
    """The drawing of `lineage` as JSON values; what is absent is false, zero or empty."""
    return {
        "base": lineage.base,
        "visible": lineage.visible,
        "total": lineage.total,
        "total_is_lower_bound": lineage.total_is_lower_bound,
        "complete": lineage.complete,
        "expand_limited": lineage.expand_limited,
        "focus": lineage.focus,
        "orientation": lineage.orientation.value,
        "legend": [[entry.colour, entry.value, entry.count] for entry in lineage.legend],
        "levels": [
            {"level": level.level, "label": level.label, "text": level.text, "x": level.x} for level in lineage.levels
        ],
        "nodes": [_node(node) for node in lineage.nodes],
        "edges": [_edge(edge) for edge in lineage.edges],
    }


def _node(node: LineageNode) -> dict[str, Any]:
    facts = {
        "member_kind": node.member_kind.value if node.member_kind else None,
        "state": node.state,
        "base": node.is_base,
        "extracted": node.is_extracted and (node.extracted_from or True),
        "locked": node.is_locked,
        "aliases": [[alias.name, _flag(alias)] for alias in node.aliases[:MOST_BADGES]],
        "more_aliases": max(0, len(node.aliases) - MOST_BADGES),
        "deleted": f"{node.deleted_on.day} {node.deleted_on:%b}" if node.deleted_on else "",
        "stale": [[stale.alias, stale.used, stale.holder] for stale in node.stale],
        "registry": [str(membership) for membership in node.memberships],
        "focus": node.is_focus,
        "colour": node.colour,
        "rows": [list(row) for row in node.rows],
        "count": node.count if node.is_cluster else 0,
        "lower_bound": node.count_is_lower_bound,
        "states": [list(state) for state in node.states],
        "up": node.frontier_up,
        "down": node.frontier_down,
    }
    return {
        "id": node.key,
        "kind": node.kind,
        "type": node.type,
        "name": node.name,
        "level": node.level,
        "x": node.x,
        "y": node.y,
        **{name: value for name, value in facts.items() if value},
    }


def _flag(alias: NodeAlias) -> str:
    if alias.is_protected:
        return "lock"
    return "sys" if alias.is_system else ""


def _edge(edge: LineageEdge) -> dict[str, Any]:
    facts = {
        "count": edge.count if edge.count > 1 else 0,
        "back": edge.is_back,
        "via": edge.via_hidden,
        "extended": edge.is_extended,
    }
    return {
        "source": edge.source,
        "target": edge.target,
        "kind": edge.kind,
        **{name: value for name, value in facts.items() if value},
    }
