"""What goes with a node that is hidden: all that the base is connected with only through it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from registry.lineage.picture import Lineage


def only_through(lineage: Lineage, key: str) -> tuple[str, ...]:
    """The drawn nodes that every path to the active node leads to through `key`, sorted, without `key`.

    Paths follow the arrows in either direction. The base, the active node and placeholders are never among them, for
    they are not hidden; a node that is not drawn, or is never hidden itself, takes nothing with it.
    """
    fixed = {lineage.base, lineage.focus}
    drawn = {node.key: node for node in lineage.nodes}
    if key in fixed or key not in drawn:
        return ()
    near: Mapping[str, set[str]] = defaultdict(set)
    for edge in lineage.edges:
        near[edge.source].add(edge.target)
        near[edge.target].add(edge.source)
    before = _reached(near, lineage.focus, "")
    after = _reached(near, lineage.focus, key)
    lost = before - after - fixed - {key}
    return tuple(sorted(lost_key for lost_key in lost if not drawn[lost_key].is_locked))


def _reached(near: Mapping[str, set[str]], start: str, closed: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        for other in near[waiting.pop()] - found:
            if other != closed:
                found.add(other)
                waiting.append(other)
    return found
