"""The order inside the columns: barycentre and median sweeps with transpositions, the fewest crossings kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from registry.lineage.layout.layers import Layers

SMALL: Final = 600
MEDIUM: Final = 1200
LARGEST_PRODUCT: Final = 400

Rows = list[list[int]]


def order_rows(layers: Layers) -> Rows:
    """The best order found, without knowing an earlier picture; deterministic."""
    search = _Search(layers)
    passes = 6 if layers.size <= SMALL else 3
    depth = search.depth_first()
    if layers.size > MEDIUM:
        search.improve(depth, 0, starts_right=True, uses_median=False)
        search.improve(search.best, passes if layers.size <= 4000 else 0, starts_right=False, uses_median=True)
        return search.best
    for rows in (depth, search.breadth_first()):
        search.improve(rows, 0, starts_right=True, uses_median=False)
        search.improve(rows, passes, starts_right=True, uses_median=False)
        search.improve(rows, passes, starts_right=False, uses_median=True)
    search.improve(search.best, passes, starts_right=False, uses_median=False)
    return search.best


def count_crossings(layers: Layers, rows: Rows) -> int:
    """The number of pairs of edges that cross, O(edges * log nodes) by a Fenwick tree."""
    place = _places(layers, rows)
    return sum(_inversions([p for node in row for p in sorted(place[n] for n in layers.right[node])]) for row in rows)


def _places(layers: Layers, rows: Rows) -> list[int]:
    place = [0] * layers.size
    for row in rows:
        for position, node in enumerate(row):
            place[node] = position
    return place


def _inversions(values: Sequence[int]) -> int:
    size = max(values, default=0) + 2
    tree = [0] * (size + 1)
    total = 0
    for seen, value in enumerate(values):
        position, not_above = value + 1, 0
        while position:
            not_above += tree[position]
            position &= position - 1
        total += seen - not_above
        position = value + 1
        while position <= size:
            tree[position] += 1
            position += position & -position
    return total


class _Search:
    """Tries orders; `best` is the one with the fewest crossings so far."""

    def __init__(self, layers: Layers) -> None:
        self.layers = layers
        self.best: Rows = []
        self.fewest = -1
        roots = [node for node in range(layers.boxes) if not layers.left[node]]
        self.roots = sorted(roots, key=lambda node: (-len(layers.right[node]), node))

    def depth_first(self) -> Rows:
        return self._traverse(stack=True)

    def breadth_first(self) -> Rows:
        return self._traverse(stack=False)

    def _traverse(self, *, stack: bool) -> Rows:
        seen: dict[int, None] = {}
        waiting = list(reversed(self.roots)) if stack else list(self.roots)
        front = 0
        while front < len(waiting):
            node = waiting.pop() if stack else waiting[front]
            front += not stack
            if node not in seen:
                seen[node] = None
                ahead = self.layers.right[node]
                waiting.extend(reversed(ahead) if stack else ahead)
        return self.layers.rows([*seen, *(node for node in range(self.layers.size) if node not in seen)])

    def improve(self, start: Rows, passes: int, *, starts_right: bool, uses_median: bool) -> None:
        """Sweep from `start` until several sweeps in a row bring nothing."""
        layers = self.layers
        rows = [list(row) for row in start]
        place = _places(layers, rows)
        transpose(layers, rows, place, passes)
        self._keep(rows)
        stale, patience = 0, 5 if layers.size <= SMALL else 3
        for sweep in range(16 if layers.size <= SMALL else 8):
            goes_right = (sweep % 2 == 0) == starts_right
            near, far = (layers.left, layers.right) if goes_right else (layers.right, layers.left)
            numbers = range(1, len(rows)) if goes_right else range(len(rows) - 2, -1, -1)
            for number in numbers:
                if uses_median and sweep % 4 >= 2:
                    rows[number].reverse()
                middle = _median if uses_median else _mean
                _sort_row(rows[number], place, [near[node] or far[node] for node in rows[number]], middle)
            transpose(layers, rows, place, passes)
            stale = 0 if self._keep(rows) else stale + 1
            if stale > patience:
                return

    def _keep(self, rows: Rows) -> bool:
        crossings = count_crossings(self.layers, rows)
        if self.fewest >= 0 and crossings >= self.fewest:
            return False
        self.fewest, self.best = crossings, [list(row) for row in rows]
        return True


def _mean(places: Sequence[int]) -> float:
    return sum(places) / len(places)


def _median(places: Sequence[int]) -> float:
    ordered = sorted(places)
    middle = len(ordered) // 2
    return (ordered[middle] + ordered[-1 - middle]) / 2


def _sort_row(
    row: list[int], place: list[int], neighbours: Sequence[Sequence[int]], middle: Callable[[Sequence[int]], float]
) -> None:
    """Sort a column by the middle of each node's neighbours; a node without any keeps its place."""
    keys = {
        node: middle([place[other] for other in near]) if near else float(position)
        for position, (node, near) in enumerate(zip(row, neighbours, strict=True))
    }
    row.sort(key=keys.__getitem__)
    for position, node in enumerate(row):
        place[node] = position


def transpose(layers: Layers, rows: Rows, place: list[int], passes: int) -> None:
    """Swap neighbours in a column while that removes crossings, at most `passes` times over all columns."""
    for _ in range(passes):
        is_better = False
        for row in rows:
            for position in range(len(row) - 1):
                first, second = row[position], row[position + 1]
                if _swap_gain(layers, place, first, second) > 0:
                    row[position], row[position + 1] = second, first
                    place[first], place[second] = position + 1, position
                    is_better = True
        if not is_better:
            return


def _swap_gain(layers: Layers, place: list[int], first: int, second: int) -> int:
    gain = 0
    for sides in (layers.left, layers.right):
        above, below = sides[first], sides[second]
        if len(above) * len(below) > LARGEST_PRODUCT:
            continue
        for node in above:
            mine = place[node]
            for other in below:
                theirs = place[other]
                gain += (mine > theirs) - (mine < theirs)
    return gain
