"""The finished lineage picture: frozen values for templates and JSON, no query needed to read them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from registry.lineage.graph import Kind, Side
from registry.lineage.options import Facets
from registry.lineage.rows import CardRow
from registry.lineage.view import Orientation

NodeKind = Literal["run", "artifact", "cluster", "locked"]
EdgeKind = Literal["used", "logged"]


@dataclass(frozen=True, slots=True)
class NodeAlias:
    """An alias as a badge; the system's own are `latest` and version names."""

    name: str
    is_protected: bool = False
    is_system: bool = False


@dataclass(frozen=True, slots=True)
class NodeAddress:
    """The parts of a node's address: a run has a `run_uid`, an artifact the last three."""

    entity: str
    project: str
    run_uid: str = ""
    type: str = ""
    collection: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class StaleInput:
    """A run used `used` when it was called `alias`; now `holder` is, "" when the viewer may not see which."""

    alias: str
    used: str
    holder: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A place in a registry: "Models / zoo-champion v3"."""

    registry: str
    collection: str
    version: int

    def __str__(self) -> str:
        return f"{self.registry} / {self.collection} v{self.version}"


@dataclass(frozen=True, slots=True)
class LineageNode:
    """One drawn (or hidden) run, artifact, cluster or locked placeholder; x, y is the middle of its card."""

    key: str
    kind: NodeKind
    level: int
    side: Side
    type: str
    name: str
    column: int = 0
    x: float = 0.0
    y: float = 0.0
    member_kind: Kind | None = None
    state: str = ""
    is_base: bool = False
    is_focus: bool = False
    is_extracted: bool = False
    extracted_from: str = ""
    aliases: tuple[NodeAlias, ...] = ()
    stale: tuple[StaleInput, ...] = ()
    memberships: tuple[Membership, ...] = ()
    deleted_on: dt.datetime | None = None
    address: NodeAddress | None = None
    inputs: int = 0
    outputs: int = 0
    count: int = 1
    count_is_lower_bound: bool = False
    states: tuple[tuple[str, int], ...] = ()
    frontier_up: int = 0
    frontier_down: int = 0
    frontier_is_lower_bound: bool = False
    colour: int = 0
    rows: tuple[CardRow, ...] = ()

    @property
    def is_locked(self) -> bool:
        """True for the placeholder of what the viewer may not see."""
        return self.kind == "locked"

    @property
    def is_cluster(self) -> bool:
        return self.kind == "cluster"


@dataclass(frozen=True, slots=True)
class LineageEdge:
    """One drawn arrow between node keys; `count` merged edges, or a bridge over `via_hidden` removed nodes."""

    source: str
    target: str
    kind: EdgeKind
    count: int = 1
    is_back: bool = False
    via_hidden: int = 0
    is_extended: bool = False


@dataclass(frozen=True, slots=True)
class LevelHeader:
    """The heading of one level: "2 up" and "4 artifacts", over the column where most of it stands.

    `x` is the middle of the column; in a top-down picture, of the row (then it is a height).
    """

    level: int
    label: str
    text: str
    x: float


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What a colour means: `colour` is 1…8, and `count` how many nodes are drawn in it."""

    colour: int
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Lineage:
    """The whole picture. `complete` is false when anything inside the hop window was cut.

    `focus` is the node that hops count from, mostly the base. `expand_limited` says that not all that should be
    expanded fits the drawing budget: the largest clusters are still clusters. `legend` is empty when colour tells
    the kind. `expanded` has key and name of each cluster that was expanded one by one.
    """

    base: str
    nodes: tuple[LineageNode, ...]
    edges: tuple[LineageEdge, ...]
    levels: tuple[LevelHeader, ...]
    visible: int
    total: int
    total_is_lower_bound: bool
    complete: bool
    hidden: tuple[LineageNode, ...]
    data_version: str
    focus: str
    facets: Facets
    orientation: Orientation = Orientation.RIGHT
    expand_limited: bool = False
    legend: tuple[LegendEntry, ...] = ()
    expanded: tuple[tuple[str, str], ...] = ()

    @property
    def is_going(self) -> bool:
        """True while a run in the picture has not ended, so that it may change by itself."""
        return any(node.state == "running" or "running" in dict(node.states) for node in self.nodes)


@dataclass(frozen=True, slots=True)
class ClusterMember:
    """One row of a cluster's member list; `matched` says what the search found it by (name, alias, tag…)."""

    key: str
    kind: Kind
    name: str
    type: str
    state: str
    created_at: dt.datetime
    aliases: tuple[NodeAlias, ...] = ()
    is_extracted: bool = False
    matched: str = ""


@dataclass(frozen=True, slots=True)
class MemberFacet:
    """How many members share a value; `key` is the parameter that narrows the list to it: state, type or name."""

    key: str
    value: str
    count: int
    is_lower_bound: bool = False
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class MemberPage:
    """A page of a cluster's members, the extracted ones first, then in the order of `sort`."""

    cluster: str
    label: str
    members: tuple[ClusterMember, ...]
    matched: int
    matched_is_lower_bound: bool
    count: int
    count_is_lower_bound: bool
    next_cursor: str | None
    sort: str = "newest"
    facets: tuple[MemberFacet, ...] = ()
    facets_looked_at: int = 0
