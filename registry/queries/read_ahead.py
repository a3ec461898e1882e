"""One hop of the walk as it was read before the walk asked for it: both ways in one round trip."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from registry.lineage.graph import Kind
from registry.lineage.source import GroupCount, Member


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """The counts of these nodes one way, and up to `limit` of the newest members of each (node, group)."""

    kind: Kind
    nodes: tuple[int, ...]
    counts: Sequence[GroupCount]
    newest: Mapping[tuple[int, int], Sequence[int]]
    limit: int

    def is_of(self, kind: Kind, nodes: Collection[int]) -> bool:
        return self.kind is kind and self.nodes == tuple(nodes)

    def members(
        self, kind: Kind, pairs: Collection[GroupCount], excluded: Collection[int], limit: int
    ) -> Sequence[Member] | None:
        """The newest members without those `excluded`; None when older ones would have to take their place."""
        if kind is not self.kind or limit != self.limit:
            return None
        left_out, found = set(excluded), []
        for pair in pairs:
            ids = self.newest.get(pair.node_group)
            if ids is None:
                return None
            kept = [number for number in ids if number not in left_out]
            if len(kept) < len(ids) < pair.size:
                return None
            found += [Member(pair.node, pair.group, number) for number in kept]
        return found
