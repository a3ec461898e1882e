"""The words of the graph: kinds of node, directions of edge, sides of the base, references to nodes."""

from __future__ import annotations

import enum
import re
from typing import Final, NamedTuple

from registry.core.errors import InvalidInput

LARGEST_ID: Final = 2**63 - 1
NODE_KEY: Final = re.compile(r"(run|artifact)-([1-9][0-9]{0,18})")
CLUSTER_KEY: Final = re.compile(r"cluster-[0-9a-f]{10}")
LOCKED_KEY: Final = re.compile(rf"locked-({NODE_KEY.pattern}|{CLUSTER_KEY.pattern})-(up|down)")


class Kind(enum.StrEnum):
    """What a node is; a level of the graph holds nodes of one kind."""

    ARTIFACT = "artifact"
    RUN = "run"

    @property
    def other(self) -> Kind:
        """The kind one hop away: the graph is bipartite."""
        return Kind.RUN if self is Kind.ARTIFACT else Kind.ARTIFACT


class Direction(enum.IntEnum):
    """Which way an edge points; the numbers are those of the edge table."""

    USED = 0  # artifact → run
    LOGGED = 1  # run → artifact


class Side(enum.StrEnum):
    """On which side of the base a node lies."""

    BASE = "base"
    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"
    EXTENDED = "extended"


class Way(enum.IntEnum):
    """Which way a walk goes along the arrows; the number is the sign of the levels it reaches."""

    UP = -1
    DOWN = 1

    @property
    def opposite(self) -> Way:
        return Way.DOWN if self is Way.UP else Way.UP

    @property
    def side(self) -> Side:
        return Side.UPSTREAM if self is Way.UP else Side.DOWNSTREAM

    def direction_from(self, kind: Kind) -> Direction:
        """The direction of the edges that a walk from nodes of `kind` follows this way."""
        leaves_artifact = (kind is Kind.ARTIFACT) == (self is Way.DOWN)
        return Direction.USED if leaves_artifact else Direction.LOGGED


class NodeRef(NamedTuple):
    """One node: its kind and primary key. A tuple, because a walk hashes it ten thousand times."""

    kind: Kind
    id: int

    @property
    def key(self) -> str:
        """The stable text of the node in addresses, pages and JSON, such as `run-7`."""
        return f"{self.kind.value}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> NodeRef:
        """The node that `text` names; raise InvalidInput when it names none."""
        match = NODE_KEY.fullmatch(text)
        if match is None or int(match[2]) > LARGEST_ID:
            raise InvalidInput(f"{text[:60]!r} names no node: expected run-<number> or artifact-<number>")
        return cls(Kind(match[1]), int(match[2]))
