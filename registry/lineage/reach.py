"""One hop of the walk: what a frontier reaches, bounded whatever the degree of its nodes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from registry.lineage.graph import NodeRef, Way
from registry.lineage.source import EdgeSource, GroupCount, GroupFacts, Member

CARRIED: Final = 20
EXACT_ROWS: Final = 1000
MOST_ROWS: Final = 4000
MOST_PAIRS: Final = 5000


@dataclass(slots=True)
class Reach:
    """What one hop found: each new node with the frontier nodes that reach it.

    `cut` are the pairs of which only the newest members were read; `locked` the frontier nodes that also lead to
    what the viewer may not see; `is_cut` says that whole pairs were left out.
    """

    way: Way
    found: dict[NodeRef, list[NodeRef]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[NodeRef, int] = field(default_factory=dict)
    facts: Mapping[int, GroupFacts] = field(default_factory=dict)
    pairs: list[GroupCount] = field(default_factory=list)
    cut: set[tuple[int, int]] = field(default_factory=set)
    locked: set[NodeRef] = field(default_factory=set)
    is_cut: bool = False

    def add(self, source: NodeRef, members: Sequence[Member]) -> None:
        """Record members read for any frontier node of the kind of `source`."""
        kind, other = source.kind, source.kind.other
        for node, group, number in members:
            ref = NodeRef(other, number)
            self.groups[ref] = group
            origin, origins = NodeRef(kind, node), self.found[ref]
            if origin not in origins:
                origins.append(origin)

    def merge(self, other: Reach) -> None:
        """Take over what a hop the other way found on the same level; what that one cut stays a lower bound."""
        for ref, origins in other.found.items():
            self.found[ref] += [origin for origin in origins if origin not in self.found[ref]]
        self.groups |= other.groups
        self.facts = {**self.facts, **other.facts}
        self.is_cut = self.is_cut or other.is_cut or bool(other.cut)


def reach(
    source: EdgeSource,
    frontier: Sequence[NodeRef],
    way: Way,
    seen: Collection[NodeRef],
    pinned: Collection[NodeRef],
) -> Reach:
    """Take one hop from `frontier` (nodes of one kind), leaving out what is in `seen`.

    Nodes in `pinned` are found even when they are not among the newest of their group. Cost: the groups of the
    frontier and at most 4,000 members, in a constant number of queries.
    """
    kind, other = frontier[0].kind, frontier[0].kind.other
    nodes = [ref.id for ref in frontier]
    excluded = sorted(ref.id for ref in seen if ref.kind is other)
    counts = source.counts(kind, nodes, way)
    result = Reach(way, facts=source.facts(other, {pair.group for pair in counts}))
    open_pairs = [pair for pair in counts if result.facts[pair.group].is_visible]
    closed = [pair for pair in counts if not result.facts[pair.group].is_visible]
    if closed:
        _read_granted(source, frontier[0], closed, set(excluded), result)
    if len(open_pairs) > MOST_PAIRS:
        result.is_cut = True
        open_pairs = sorted(open_pairs, key=lambda pair: (-pair.size, pair))[:MOST_PAIRS]
    if open_pairs:
        limit = member_limit(open_pairs)
        members = source.members(kind, open_pairs, way, excluded, limit)
        result.add(frontier[0], members)
        result.pairs = open_pairs
        read = Counter((member.node, member.group) for member in members)
        result.cut = {pair.node_group for pair in open_pairs if pair.size > limit <= read[pair.node_group]}
        if result.cut:
            _read_pinned(source, frontier, pinned, result)
    return result


def member_limit(pairs: Sequence[GroupCount]) -> int:
    """How many members of each pair to read: all when they are few, else about the newest 20."""
    if sum(pair.size for pair in pairs) <= EXACT_ROWS:
        return EXACT_ROWS
    return max(1, min(CARRIED, MOST_ROWS // len(pairs)))


def even_limit(pairs: Sequence[GroupCount], room: int) -> int:
    """The most members of each pair such that all together are about `room`."""
    sizes = sorted(pair.size for pair in pairs)
    for place, size in enumerate(sizes):
        even = room // (len(sizes) - place)
        if size > even:
            return max(1, even)
        room -= size
    return max(1, sizes[-1])


def _read_granted(
    source: EdgeSource, origin: NodeRef, closed: list[GroupCount], excluded: set[int], result: Reach
) -> None:
    granted = source.granted(origin.kind, closed, result.way)
    open_counts: dict[tuple[int, int], int] = defaultdict(int)
    for member in granted:
        open_counts[member.node, member.group] += 1
    result.add(origin, [member for member in granted if member.id not in excluded])
    result.locked = {
        NodeRef(origin.kind, pair.node) for pair in closed if pair.size > open_counts[pair.node, pair.group]
    }


def _read_pinned(source: EdgeSource, frontier: Sequence[NodeRef], pinned: Collection[NodeRef], result: Reach) -> None:
    kind = frontier[0].kind
    missing = [ref for ref in pinned if ref.kind is kind.other and ref not in result.found]
    if not missing:
        return
    groups = source.groups_of(missing)
    result.facts = {**result.facts, **source.facts(kind.other, set(groups.values()))}
    wanted = [ref.id for ref in groups]
    touching = source.touching(kind.other, wanted, [ref.id for ref in frontier], result.way.opposite)
    for node, neighbour in sorted(touching):
        ref = NodeRef(kind.other, node)
        result.add(frontier[0], [Member(neighbour, groups[ref], node)])
