"""Clusters of one level: their members as far as known, and bounds on how many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from registry.lineage.graph import NodeRef, Way
from registry.lineage.grouping import Group, LevelName, Step
from registry.lineage.source import GroupCount, GroupFacts


@dataclass(slots=True)
class Cluster:
    """Members drawn as one. `members` are the known ones, newest first; when they are not the whole, the cluster is
    every neighbour of `sources` in `groups` that stands on no earlier level.

    `at_most` is None when even the upper bound is unknown, because an earlier cluster carried on only some members.
    """

    key: str
    where: LevelName
    way: Way
    step: Step
    type: str
    has_one_type: bool
    name: str
    members: list[NodeRef]
    sources: dict[NodeRef, int]
    groups: frozenset[int]
    at_least: int
    at_most: int | None
    is_whole: bool

    @property
    def is_exact(self) -> bool:
        return self.at_least == self.at_most

    def count_rest(self, missing: Sequence[int], *, has_earlier_clusters: bool) -> None:
        """Set the bounds, given how many neighbours of each source are not among the known members.

        With earlier clusters that were not read to the end, those may as well be members of these.
        """
        known = len(self.members)
        self.is_whole = not any(missing)
        self.at_least = known if has_earlier_clusters else known + max(missing, default=0)
        if self.at_most is not None:
            self.at_most = known + sum(missing)


@dataclass(frozen=True, slots=True)
class Hop:
    """What the hop that reached a level knows of its size.

    `cut` are the (node, group) that could not be read to the end; `overlaps` counts, for each, the neighbours
    that stand on earlier levels.
    """

    where: LevelName
    way: Way
    pairs: Sequence[GroupCount]
    facts: Mapping[int, GroupFacts]
    cut: Collection[tuple[int, int]]
    overlaps: Mapping[tuple[int, int], int]
    is_partial: bool
    has_earlier_clusters: bool


def make_cluster(group: Group, others: Collection[Group], hop: Hop) -> Cluster:
    """The cluster of `group`, one of the groups of a level of which `others` are the rest."""
    members = [item.ref for item in group.items]
    taken = {other.type for other in others if other.step is Step.TYPE}
    pairs = [pair for pair in hop.pairs if _covers(group, taken, hop.facts[pair.group])]
    is_whole = not any(pair.node_group in hop.cut for pair in pairs)
    sources: dict[NodeRef, int] = defaultdict(int)
    for pair in [] if is_whole else pairs:
        sources[NodeRef(hop.where.kind.other, pair.node)] += pair.size - hop.overlaps.get(pair.node_group, 0)
    at_least = len(members)
    if sources and not hop.has_earlier_clusters:
        at_least = max(at_least, *sources.values())
    at_most = max(at_least, sum(sources.values()))
    return Cluster(
        key=group.key,
        where=hop.where,
        way=hop.way,
        step=group.step,
        type=group.type,
        has_one_type=group.has_one_type,
        name=group.name,
        members=members,
        sources=dict(sources),
        groups=frozenset() if is_whole else frozenset(pair.group for pair in pairs),
        at_least=at_least,
        at_most=None if hop.is_partial else at_most,
        is_whole=is_whole,
    )


def _covers(group: Group, taken: Collection[str], facts: GroupFacts) -> bool:
    if group.step is Step.LEVEL:
        return facts.type not in taken
    return facts.type == group.type
