"""Which column each node stands in: longest paths over the edges that are left when cycles are opened."""

from __future__ import annotations

from collections.abc import Sequence

Adjacency = Sequence[Sequence[int]]


def find_back_edges(outputs: Adjacency, order: Sequence[int]) -> set[tuple[int, int]]:
    """The edges that lead back into a path being walked, when nodes are tried in `order`; linear in the edges.

    Without them the graph has no cycle; a graph without cycles has none.
    """
    untouched, open_, done = 0, 1, 2
    state = [untouched] * len(outputs)
    rank = {node: place for place, node in enumerate(order)}
    back = set()
    for start in order:
        if state[start] != untouched:
            continue
        state[start] = open_
        path = [(start, iter(sorted(outputs[start], key=rank.__getitem__)))]
        while path:
            node, ahead = path[-1]
            target = next(ahead, None)
            if target is None:
                state[node] = done
                path.pop()
            elif state[target] == open_:
                back.add((node, target))
            elif state[target] == untouched:
                state[target] = open_
                path.append((target, iter(sorted(outputs[target], key=rank.__getitem__))))
    return back


def assign_columns(outputs: Adjacency, inputs: Adjacency, levels: Sequence[int]) -> list[int]:
    """The column of each node of a graph without cycles.

    Columns are longest paths from the left; then ancestors of the base and nodes without inputs move right, beside
    their first reader.
    """
    waiting = [len(nodes) for nodes in inputs]
    order = [node for node in range(len(outputs)) if not waiting[node]]
    columns = [0] * len(outputs)
    for node in order:
        for target in outputs[node]:
            columns[target] = max(columns[target], columns[node] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    for node in reversed(order):
        if outputs[node] and (levels[node] < 0 or not inputs[node]):
            columns[node] = min(columns[target] for target in outputs[node]) - 1
    return columns
