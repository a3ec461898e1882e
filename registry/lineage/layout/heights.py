"""How high each node stands: isotonic regression towards its neighbours' mean, never closer than the gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from registry.lineage.layout.boxes import GAP
from registry.lineage.layout.layers import Layers
from registry.lineage.layout.ordering import Rows

ROUNDS: Final = 6
KEPT_WEIGHT: Final = 20.0


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a node would like to stand, and how much."""

    target: float
    weight: float


def set_heights(layers: Layers, rows: Rows, kept: Sequence[float | None], start: Sequence[float]) -> list[float]:
    """The middle of every node; `kept` are heights that nodes had in an earlier picture and want to keep."""
    heights = list(start)
    for number in range(ROUNDS):
        goes_right = number % 2 == 0
        looks_both_ways = number >= ROUNDS - 2
        for row in rows if goes_right else reversed(rows):
            wishes = []
            for node in row:
                left, right = layers.left[node], layers.right[node]
                near = (left + right) if looks_both_ways else (left or right) if goes_right else (right or left)
                wishes.append(_wish(layers, node, near, heights, kept[node]))
            _settle(layers, row, wishes, heights)
    return heights


def stack(layers: Layers, rows: Rows) -> list[float]:
    """Every column stacked around the middle: a start without any earlier picture."""
    heights = [0.0] * layers.size
    for row in rows:
        offsets = _offsets(layers, row)
        middle = sum(offsets) / len(offsets) if offsets else 0.0
        for node, offset in zip(row, offsets, strict=True):
            heights[node] = offset - middle
    return heights


def _wish(layers: Layers, node: int, near: Sequence[int], heights: Sequence[float], kept: float | None) -> Wish:
    if kept is not None:
        return Wish(kept, KEPT_WEIGHT)
    if not near:
        return Wish(heights[node], 1.0)
    weight = len(near) if node < layers.boxes else 4 * len(near)
    return Wish(sum(heights[other] for other in near) / len(near), weight)


def _offsets(layers: Layers, row: Sequence[int]) -> list[float]:
    offsets: list[float] = []
    for position, node in enumerate(row):
        if position:
            above = row[position - 1]
            offsets.append(offsets[-1] + (layers.heights[above] + layers.heights[node]) / 2 + GAP)
        else:
            offsets.append(0.0)
    return offsets


def _settle(layers: Layers, row: Sequence[int], wishes: Sequence[Wish], heights: list[float]) -> None:
    """Pool adjacent violators: the weighted nearest heights that keep the order and the gaps."""
    offsets = _offsets(layers, row)
    blocks: list[tuple[float, float, int]] = []
    for wish, offset in zip(wishes, offsets, strict=True):
        target, weight, size = wish.target - offset, wish.weight, 1
        while blocks and blocks[-1][0] > target:
            above, above_weight, above_size = blocks.pop()
            target = (above * above_weight + target * weight) / (above_weight + weight)
            weight, size = weight + above_weight, size + above_size
        blocks.append((target, weight, size))
    position = 0
    for target, _, size in blocks:
        for node in row[position : position + size]:
            heights[node] = target + offsets[position]
            position += 1
