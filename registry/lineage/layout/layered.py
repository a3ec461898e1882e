"""The layout as a whole: boxes and edges in, middles out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from registry.lineage.layout.boxes import COLUMN_PITCH, Box, Layout
from registry.lineage.layout.columns import assign_columns, find_back_edges
from registry.lineage.layout.heights import set_heights, stack
from registry.lineage.layout.layers import Layers, build_layers
from registry.lineage.layout.ordering import Rows, order_rows, transpose

FAR_DOWN = 1e9


def lay_out(
    boxes: Iterable[Box],
    edges: Iterable[tuple[str, str]],
    base: str,
    hint: Mapping[str, tuple[float, float]] | None = None,
) -> Layout:
    """Place every box, the base at (0, 0); no two boxes overlap.

    `hint` are the positions in an earlier picture: the boxes in it keep their order and hardly move. The answer
    depends on the set of boxes and edges, not on their order. O(sweeps * (nodes + edges) * log nodes).
    """
    nodes = sorted(boxes, key=lambda box: (box.level, box.key))
    number = {box.key: place for place, box in enumerate(nodes)}
    pairs = sorted({(number[source], number[target]) for source, target in edges if source != target})
    outputs = _neighbours(len(nodes), pairs)
    back = find_back_edges(outputs, range(len(nodes)))
    forward = [pair for pair in pairs if pair not in back]
    outputs = _neighbours(len(nodes), forward)
    inputs = _neighbours(len(nodes), [(target, source) for source, target in forward])
    columns = assign_columns(outputs, inputs, [box.level for box in nodes])
    first = min(columns, default=0)
    layers = build_layers(outputs, [column - first for column in columns], [box.height for box in nodes])
    heights = _place_again(layers, nodes, hint) if hint else _place_first(layers)
    middle = number[base]
    return Layout(
        positions={
            box.key: (
                float((columns[place] - columns[middle]) * COLUMN_PITCH),
                round(heights[place] - heights[middle], 1),
            )
            for place, box in enumerate(nodes)
        },
        columns={box.key: columns[place] - columns[middle] for place, box in enumerate(nodes)},
        back_edges=frozenset((nodes[source].key, nodes[target].key) for source, target in back),
    )


def _neighbours(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for source, target in pairs:
        neighbours[source].append(target)
    return neighbours


def _place_first(layers: Layers) -> list[float]:
    rows = order_rows(layers)
    return set_heights(layers, rows, [None] * layers.size, stack(layers, rows))


def _place_again(layers: Layers, nodes: Sequence[Box], hint: Mapping[str, tuple[float, float]]) -> list[float]:
    """Order by the heights of the earlier picture; what is new starts at the mean of what it touches."""
    kept: list[float | None] = [hint[box.key][1] if box.key in hint else None for box in nodes]
    kept += [None] * (layers.size - layers.boxes)
    start = list(kept)
    for _ in range(4):
        for node in range(layers.size):
            near = [start[other] for other in (*layers.left[node], *layers.right[node])]
            known = [height for height in near if height is not None]
            if kept[node] is None and known:
                start[node] = sum(known) / len(known)
    guess = [FAR_DOWN if height is None else height for height in start]
    rows = layers.rows(sorted(range(layers.size), key=lambda node: (guess[node], node)))
    _untangle_new(layers, rows, kept)
    stacked = stack(layers, rows)
    begin = [stacked[node] if height is None else height for node, height in enumerate(start)]
    return set_heights(layers, rows, kept, begin)


def _untangle_new(layers: Layers, rows: Rows, kept: Sequence[float | None]) -> None:
    """Take crossings out where no kept node would change places with another."""
    place = [0] * layers.size
    for row in rows:
        for position, node in enumerate(row):
            place[node] = position
    before = [list(row) for row in rows]
    transpose(layers, rows, place, 2)
    for number, row in enumerate(rows):
        old = [node for node in before[number] if kept[node] is not None]
        if [node for node in row if kept[node] is not None] != old:
            rows[number] = before[number]
