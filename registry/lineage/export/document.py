"""The picture as JSON: everything that is on screen, by names that stay."""

from __future__ import annotations

import json
from typing import Any, Final

from registry.lineage.picture import Lineage, LineageEdge, LineageNode

FORMAT: Final = "lineage-site/picture/1"


def as_json(lineage: Lineage, *, title: str, query: str) -> str:
    """One JSON object; its members are described in docs/lineage-graph.md."""
    document = {
        "format": FORMAT,
        "title": title,
        "view": query,
        "base": lineage.base,
        "focus": lineage.focus,
        "orientation": lineage.orientation.value,
        "complete": lineage.complete,
        "visible": lineage.visible,
        "total": lineage.total,
        "total_is_lower_bound": lineage.total_is_lower_bound,
        "legend": [{"colour": one.colour, "value": one.value, "count": one.count} for one in lineage.legend],
        "nodes": [_node(node) for node in lineage.nodes],
        "edges": [_edge(edge) for edge in lineage.edges],
        "hidden": [node.key for node in lineage.hidden],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _node(node: LineageNode) -> dict[str, Any]:
    address = node.address
    return {
        "key": node.key,
        "kind": node.kind,
        "member_kind": node.member_kind.value if node.member_kind else None,
        "type": node.type,
        "name": node.name,
        "state": node.state or None,
        "level": node.level,
        "side": node.side.value,
        "x": node.x,
        "y": node.y,
        "is_base": node.is_base,
        "count": node.count,
        "count_is_lower_bound": node.count_is_lower_bound,
        "states": dict(node.states),
        "colour": node.colour or None,
        "rows": {row.row.value: row.text for row in node.rows},
        "aliases": [alias.name for alias in node.aliases],
        "registries": [str(membership) for membership in node.memberships],
        "stale": [{"alias": one.alias, "used": one.used, "now": one.holder} for one in node.stale],
        "deleted_at": node.deleted_on.isoformat() if node.deleted_on else None,
        "more_upstream": node.frontier_up,
        "more_downstream": node.frontier_down,
        "entity": address.entity if address else None,
        "project": address.project if address else None,
        "run_id": (address.run_uid or None) if address else None,
        "collection": (address.collection or None) if address else None,
        "version": address.version if address else None,
    }


def _edge(edge: LineageEdge) -> dict[str, Any]:
    return {
        "source": edge.source,
        "target": edge.target,
        "kind": edge.kind,
        "count": edge.count,
        "via_hidden": edge.via_hidden,
        "closes_a_cycle": edge.is_back,
        "is_extended": edge.is_extended,
    }
