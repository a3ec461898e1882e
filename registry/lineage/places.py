"""What a walk found: places, clusters and links, not yet what is drawn of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from registry.lineage.clusters import Cluster
from registry.lineage.graph import NodeRef, Side, Way
from registry.lineage.source import GroupFacts, Link


@dataclass(slots=True)
class Place:
    """Where a node stands. `home` is the cluster it belongs to, whether it is drawn there or not."""

    ref: NodeRef
    group: int
    facts: GroupFacts
    level: int
    side: Side
    reached_from: tuple[NodeRef, ...] = ()
    home: str = ""
    is_left_out: bool = False

    @property
    def home_key(self) -> str:
        """What its neighbours' grouping sees it as, whether it is extracted or not."""
        return self.home or self.ref.key


@dataclass(slots=True)
class Walk:
    """All that the walk found.

    `beyond` counts, for a node at which a side stopped, its edges onwards. `extra` are members of large clusters that
    were walked on from only because the view draws them. `is_cut` says that something in the window is missing,
    `is_partial` that some levels hold only what the newest members of a cluster lead to.
    """

    base: NodeRef
    places: dict[NodeRef, Place] = field(default_factory=dict)
    clusters: dict[str, Cluster] = field(default_factory=dict)
    links: Sequence[Link] = ()
    locked: set[tuple[NodeRef, Way]] = field(default_factory=set)
    beyond: dict[Way, dict[NodeRef, int]] = field(default_factory=lambda: {way: {} for way in Way})
    extra: set[NodeRef] = field(default_factory=set)
    is_cut: bool = False
    is_partial: bool = False
