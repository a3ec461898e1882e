"""What a walk found: places, clusters and links, not yet what is drawn of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from registry.lineage.clusters import Cluster
from registry.lineage.filters import is_generated
from registry.lineage.graph import Kind, NodeRef, Side, Way
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


class Tally(NamedTuple):
    """What nodes are counted by: their type or job type, and whether the SDK made them by itself."""

    kind: Kind
    type: str
    is_generated: bool

    @classmethod
    def of(cls, kind: Kind, facts: GroupFacts) -> Tally:
        return cls(kind, facts.type, is_generated(kind, facts))


@dataclass(slots=True)
class Walk:
    """All that the walk found from `base`, the active node; `marked` is the page's own, mostly the same.

    `floors` says how many nodes of a type there are at least, where a level was not read to the end. `beyond` counts,
    for a node at which a side stopped, its edges onwards. `extra` are members of large clusters that were walked on
    from only because the view draws them. `is_cut` says that something in the window is missing, `is_partial` that
    some levels hold only what the newest members of a cluster lead to.
    """

    base: NodeRef
    marked: NodeRef
    places: dict[NodeRef, Place] = field(default_factory=dict)
    clusters: dict[str, Cluster] = field(default_factory=dict)
    links: Sequence[Link] = ()
    floors: Counter[Tally] = field(default_factory=Counter)
    locked: set[tuple[NodeRef, Way]] = field(default_factory=set)
    beyond: dict[Way, dict[NodeRef, int]] = field(default_factory=lambda: {way: {} for way in Way})
    extra: set[NodeRef] = field(default_factory=set)
    is_cut: bool = False
    is_partial: bool = False
