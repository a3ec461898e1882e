"""What the walk needs to know of the stored edges: a protocol that is implemented once per database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from registry.lineage.graph import Direction, Kind, NodeRef, Way


class GroupCount(NamedTuple):
    """How many neighbours of `node` belong to `group` (a run's job type, or an artifact's collection)."""

    node: int
    group: int
    size: int

    @property
    def node_group(self) -> tuple[int, int]:
        return self.node, self.group


class Member(NamedTuple):
    """One neighbour of `node`, with its group."""

    node: int
    group: int
    id: int


class Link(NamedTuple):
    """One stored edge."""

    run: int
    artifact: int
    direction: Direction

    @property
    def ends(self) -> tuple[NodeRef, NodeRef]:
        """Where the arrow starts and where it points."""
        run, artifact = NodeRef(Kind.RUN, self.run), NodeRef(Kind.ARTIFACT, self.artifact)
        return (artifact, run) if self.direction == Direction.USED else (run, artifact)


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What the nodes of a group share. `name_key` is equal for groups that count as the same name."""

    type: str
    name: str
    name_key: str
    is_visible: bool = True


class EdgeSource(Protocol):
    """Batched, bounded reads of the edges. `kind` is that of the `nodes`; neighbours are of the other kind."""

    def read_ahead(self, frontiers: Mapping[Way, Sequence[NodeRef]]) -> None:
        """Told that `counts` and `members` of these nodes come next; may read them at once, and may do nothing."""

    def counts(self, kind: Kind, nodes: Collection[int], way: Way) -> Sequence[GroupCount]:
        """Neighbours of each node this way by group, the viewer's rights not yet applied; cost: their groups."""

    def facts(self, kind: Kind, groups: Collection[int]) -> Mapping[int, GroupFacts]:
        """Facts of groups of nodes of this kind."""

    def members(
        self, kind: Kind, pairs: Collection[GroupCount], way: Way, excluded: Collection[int], limit: int
    ) -> Sequence[Member]:
        """The newest neighbours of each (node, group), at most `limit` of each and none of `excluded`."""

    def granted(self, kind: Kind, pairs: Collection[GroupCount], way: Way) -> Sequence[Member]:
        """The neighbours in groups that the viewer may not see that are open to the viewer one by one."""

    def touching(
        self, kind: Kind, nodes: Collection[int], neighbours: Collection[int], way: Way
    ) -> Sequence[tuple[int, int]]:
        """The pairs (node, neighbour) such that the walk from the node reaches the neighbour this way."""

    def between(self, runs: Collection[int], artifacts: Collection[int]) -> Sequence[Link]:
        """Every edge between these runs and these artifacts."""

    def groups_of(self, nodes: Collection[NodeRef]) -> Mapping[NodeRef, int]:
        """The group of each node that exists and that the viewer may see."""
