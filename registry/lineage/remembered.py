"""An `EdgeSource` that answers the same question once: walks of one page differ in little."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import TypeVar

from registry.lineage.graph import Kind, NodeRef, Way
from registry.lineage.source import EdgeSource, GroupCount, GroupFacts, Link, Member

Answer = TypeVar("Answer")


class RememberedSource:
    """What `source` answers, kept for as long as this object lives."""

    def __init__(self, source: EdgeSource) -> None:
        self._source = source
        self._answers: dict[Hashable, object] = {}

    def _once(self, question: Hashable, ask: Callable[[], Answer]) -> Answer:
        if question not in self._answers:
            self._answers[question] = ask()
        return self._answers[question]  # type: ignore[return-value]

    def read_ahead(self, frontiers: Mapping[Way, Sequence[NodeRef]]) -> None:
        question = tuple((way, tuple(refs)) for way, refs in frontiers.items())
        self._once(("ahead", question), lambda: self._source.read_ahead(frontiers))

    def counts(self, kind: Kind, nodes: Collection[int], way: Way) -> Sequence[GroupCount]:
        return self._once(("counts", kind, tuple(nodes), way), lambda: self._source.counts(kind, nodes, way))

    def facts(self, kind: Kind, groups: Collection[int]) -> Mapping[int, GroupFacts]:
        return self._once(("facts", kind, frozenset(groups)), lambda: self._source.facts(kind, groups))

    def members(
        self, kind: Kind, pairs: Collection[GroupCount], way: Way, excluded: Collection[int], limit: int
    ) -> Sequence[Member]:
        question = ("members", kind, tuple(pairs), way, tuple(excluded), limit)
        return self._once(question, lambda: self._source.members(kind, pairs, way, excluded, limit))

    def granted(self, kind: Kind, pairs: Collection[GroupCount], way: Way) -> Sequence[Member]:
        return self._once(("granted", kind, tuple(pairs), way), lambda: self._source.granted(kind, pairs, way))

    def touching(
        self, kind: Kind, nodes: Collection[int], neighbours: Collection[int], way: Way
    ) -> Sequence[tuple[int, int]]:
        question = ("touching", kind, tuple(nodes), tuple(neighbours), way)
        return self._once(question, lambda: self._source.touching(kind, nodes, neighbours, way))

    def between(self, runs: Collection[int], artifacts: Collection[int]) -> Sequence[Link]:
        return self._once(("between", tuple(runs), tuple(artifacts)), lambda: self._source.between(runs, artifacts))

    def groups_of(self, nodes: Collection[NodeRef]) -> Mapping[NodeRef, int]:
        return self._once(("groups", tuple(nodes)), lambda: self._source.groups_of(nodes))
