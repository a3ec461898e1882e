"""Relay connections, the shape in which the SDK reads every list."""

from collections.abc import Callable, Iterable
from typing import Any

from registry.queries.paging import Page


def connection(
    page: Page[Any], nodes: Iterable[Any] | None = None, total: Callable[..., int] | None = None
) -> dict[str, Any]:
    """Return a connection of a page; `nodes` stand in for its rows, `total` counts only when it is asked for."""
    edges = [
        {"node": node, "cursor": cursor}
        for node, cursor in zip(page.items if nodes is None else nodes, page.cursors, strict=True)
    ]
    return {
        "edges": edges,
        "pageInfo": {"endCursor": page.end_cursor, "hasNextPage": page.has_next},
        "totalCount": lambda _: total() if total else len(edges),
    }


def whole(nodes: Iterable[Any]) -> dict[str, Any]:
    """Return a connection of everything there is."""
    found = list(nodes)
    return {
        "edges": [{"node": node, "cursor": None} for node in found],
        "pageInfo": {"endCursor": None, "hasNextPage": False},
        "totalCount": len(found),
    }
