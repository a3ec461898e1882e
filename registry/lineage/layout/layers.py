"""The layered graph that the ordering and the heights work on: boxes, and dummies that long edges run through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

DUMMY_HEIGHT: Final = 8
SHARED_ABOVE: Final = 250


@dataclass(slots=True)
class Layers:
    """Nodes by number, the boxes first, then the dummies; `left` and `right` are neighbours one column away."""

    boxes: int
    columns: list[int]
    heights: list[float]
    left: list[list[int]] = field(default_factory=list)
    right: list[list[int]] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.columns)

    def empty_rows(self) -> list[list[int]]:
        return [[] for _ in range(max(self.columns, default=0) + 1)]

    def rows(self, order: Iterable[int]) -> list[list[int]]:
        """The nodes of each column, in `order`."""
        rows = self.empty_rows()
        for node in order:
            rows[self.columns[node]].append(node)
        return rows

    def join(self, source: int, target: int) -> None:
        self.right[source].append(target)
        self.left[target].append(source)

    def add_dummy(self, column: int, source: int) -> int:
        self.columns.append(column)
        self.heights.append(DUMMY_HEIGHT)
        self.left.append([])
        self.right.append([])
        self.join(source, self.size - 1)
        return self.size - 1


def build_layers(outputs: Sequence[Sequence[int]], columns: list[int], heights: list[float]) -> Layers:
    """Lay edges that cross columns through dummies: a chain for each edge, or, when those would be many, one chain
    for each source, so that a hub read in 13 columns costs 12 dummies.
    """
    count = len(columns)
    layers = Layers(count, list(columns), list(heights), [[] for _ in range(count)], [[] for _ in range(count)])
    crossed = sum(columns[target] - columns[node] - 1 for node in range(count) for target in outputs[node])
    for node in range(count):
        if crossed > SHARED_ABOVE:
            _add_shared_chain(layers, node, outputs[node])
            continue
        for target in outputs[node]:
            end = node
            for column in range(columns[node] + 1, columns[target]):
                end = layers.add_dummy(column, end)
            layers.join(end, target)
    return layers


def _add_shared_chain(layers: Layers, node: int, targets: Sequence[int]) -> None:
    chain = {layers.columns[node]: node}
    last = max((layers.columns[target] for target in targets), default=0)
    for column in range(layers.columns[node] + 1, last):
        chain[column] = layers.add_dummy(column, chain[column - 1])
    for target in targets:
        layers.join(chain[layers.columns[target] - 1], target)
