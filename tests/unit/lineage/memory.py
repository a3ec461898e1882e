"""A lineage graph in memory, written as text, as the `EdgeSource` of the pure tests."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from registry.lineage.graph import Direction, Kind, NodeRef, Way
from registry.lineage.source import GroupCount, GroupFacts, Link, Member

ARROW = re.compile(r"\s*-+>\s*")


def run(number: int) -> NodeRef:
    return NodeRef(Kind.RUN, number)


def art(number: int) -> NodeRef:
    return NodeRef(Kind.ARTIFACT, number)


def node(text: str) -> NodeRef:
    """The node of a drawing: `a12` is an artifact, `r7` a run."""
    return NodeRef(Kind.ARTIFACT if text[0] == "a" else Kind.RUN, int(text[1:]))


@dataclass
class MemorySource:
    """Edges in memory. A node's group is its job type or its `type/name`; groups in `locked` are not visible."""

    edges: set[tuple[NodeRef, NodeRef]] = field(default_factory=set)
    names: dict[NodeRef, str] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)
    open_one_by_one: set[NodeRef] = field(default_factory=set)
    rows_read: int = 0

    @classmethod
    def drawn(cls, picture: str, **names: str) -> MemorySource:
        """Read a drawing: lines of `a1 --> r2 --> a3`; commas fan, so `a1 --> r2,r3` is two edges.

        `names` gives job types and `type/name`, by node (`a3="model/net"`) or for all of a kind (`r="train"`).
        """
        source = cls()
        for line in filter(str.strip, picture.splitlines()):
            stations = [[node(name) for name in part.split(",")] for part in ARROW.split(line.strip())]
            for left, right in itertools.pairwise(stations):
                source.edges |= {(start, end) for start in left for end in right}
        for ref in {ref for edge in source.edges for ref in edge}:
            letter = "a" if ref.kind is Kind.ARTIFACT else "r"
            own = f"dataset/a{ref.id}" if letter == "a" else "train"
            source.names[ref] = names.get(f"{letter}{ref.id}", names.get(letter, own))
        return source

    @property
    def group_names(self) -> list[str]:
        return sorted(set(self.names.values()))

    def groups_of(self, nodes: Collection[NodeRef]) -> Mapping[NodeRef, int]:
        known = {ref: self.names[ref] for ref in nodes if ref in self.names}
        return {ref: self.group_names.index(name) for ref, name in known.items() if name not in self.locked}

    def facts(self, kind: Kind, groups: Collection[int]) -> Mapping[int, GroupFacts]:
        facts = {}
        for group in groups:
            name = self.group_names[group]
            type_name, _, own = name.partition("/")
            facts[group] = GroupFacts(type_name, own or type_name, f"{kind}:{name}", name not in self.locked)
        return facts

    def _neighbours(self, kind: Kind, way: Way) -> dict[int, list[NodeRef]]:
        near: dict[int, list[NodeRef]] = defaultdict(list)
        for start, end in self.edges:
            origin, other = (start, end) if way is Way.DOWN else (end, start)
            if origin.kind is kind:
                near[origin.id].append(other)
        return near

    def read_ahead(self, frontiers: Mapping[Way, Sequence[NodeRef]]) -> None:
        """Reading is free here."""

    def counts(self, kind: Kind, nodes: Collection[int], way: Way) -> Sequence[GroupCount]:
        near, found = self._neighbours(kind, way), []
        groups = {name: number for number, name in enumerate(self.group_names)}
        for number in nodes:
            sizes: dict[int, int] = defaultdict(int)
            for ref in near[number]:
                sizes[groups[self.names[ref]]] += 1
            found += [GroupCount(number, group, size) for group, size in sorted(sizes.items())]
        self.rows_read += len(found)
        return found

    def members(
        self, kind: Kind, pairs: Collection[GroupCount], way: Way, excluded: Collection[int], limit: int
    ) -> Sequence[Member]:
        near, left_out, found = self._neighbours(kind, way), set(excluded), []
        for pair in pairs:
            name = self.group_names[pair.group]
            ids = sorted((ref.id for ref in near[pair.node] if self.names[ref] == name), reverse=True)
            ids = [number for number in ids if number not in left_out][:limit]
            found += [Member(pair.node, pair.group, number) for number in ids]
        self.rows_read += len(found)
        return found

    def granted(self, kind: Kind, pairs: Collection[GroupCount], way: Way) -> Sequence[Member]:
        found = self.members(kind, pairs, way, (), 10**9)
        return [member for member in found if NodeRef(kind.other, member.id) in self.open_one_by_one]

    def touching(
        self, kind: Kind, nodes: Collection[int], neighbours: Collection[int], way: Way
    ) -> Sequence[tuple[int, int]]:
        near, wanted = self._neighbours(kind, way), set(neighbours)
        found = [(number, ref.id) for number in nodes for ref in near[number] if ref.id in wanted]
        self.rows_read += len(found)
        return found

    def between(self, runs: Collection[int], artifacts: Collection[int]) -> Sequence[Link]:
        ends = {run(number) for number in runs} | {art(number) for number in artifacts}
        links = []
        for start, end in sorted(self.edges):
            if start in ends and end in ends:
                used = start.kind is Kind.ARTIFACT
                pair = (end.id, start.id) if used else (start.id, end.id)
                links.append(Link(*pair, Direction.USED if used else Direction.LOGGED))
        self.rows_read += len(links)
        return links


def fan(source: str, first: int, count: int, letter: str = "r") -> str:
    """A line of a drawing from one node to `count` others, numbered from `first`."""
    return f"{source} --> " + ",".join(f"{letter}{number}" for number in range(first, first + count))


def lines(*parts: Iterable[str] | str) -> str:
    return "\n".join(part if isinstance(part, str) else "\n".join(part) for part in parts)
