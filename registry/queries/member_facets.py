"""What the members of a cluster can be narrowed to: states of runs, types and names."""

from collections import Counter
from dataclasses import dataclass
from typing import cast

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from registry.lineage.clusters import Cluster
from registry.lineage.filters import NO_JOB_TYPE
from registry.lineage.graph import Kind
from registry.lineage.picture import MemberFacet
from registry.models import Artifact, Run
from registry.queries.lineage_cards import DELETED
from registry.queries.lineage_matching import in_state

MOST_COUNTED = 1000
MOST_COUNTED_WHOLE = 10_000
MOST_VALUES = 12


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The chosen values; empty ones narrow nothing."""

    state: str = ""
    type_name: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return any(self.texts)

    @property
    def texts(self) -> tuple[str, str, str]:
        return self.state, self.type_name, self.name

    def condition(self, kind: Kind) -> Q:
        """The condition on runs or versions."""
        found = Q()
        if kind is Kind.RUN:
            if self.state:
                found &= in_state(self.state)
            if self.type_name:
                found &= Q(group__job_type="" if self.type_name == NO_JOB_TYPE else self.type_name)
            return found & Q(name=self.name) if self.name else found
        if self.state:
            found &= Q(state=self.state)
        if self.type_name:
            found &= Q(collection__type_name=self.type_name)
        return found & Q(collection__name=self.name) if self.name else found


def is_counted_whole(known: Cluster) -> bool:
    """Whether all members are counted without being asked for it; a list of 50,000 would wait for its counts."""
    return known.is_whole or (known.at_most is not None and known.at_most <= MOST_COUNTED_WHOLE)


def member_facets(
    members: "QuerySet[Run] | QuerySet[Artifact]", narrowing: Narrowing, *, is_lower_bound: bool = False
) -> tuple[MemberFacet, ...]:
    """Count `members` by what they differ in. Values that all share are left out, but for one that is chosen."""
    counts = _run_counts(members) if members.model is Run else _artifact_counts(cast("QuerySet[Artifact]", members))
    chosen = dict(zip(("state", "type", "name"), narrowing.texts, strict=True))
    facets: list[MemberFacet] = []
    for key, values in counts.items():
        if len(values) > 1 or chosen[key]:
            ranked = sorted(values.items(), key=lambda value: (-value[1], value[0]))[:MOST_VALUES]
            facets += [MemberFacet(key, value, count, is_lower_bound, value == chosen[key]) for value, count in ranked]
    return tuple(facets)


def _run_counts(runs: "QuerySet[Run]") -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {"state": Counter(), "type": Counter(), "name": Counter()}
    is_silent = ExpressionWrapper(in_state(Run.State.CRASHED), output_field=BooleanField())
    is_deleted = ExpressionWrapper(Q(deleted_at__isnull=False), output_field=BooleanField())
    rows = runs.order_by().values_list("state", "group__job_type", is_silent, is_deleted).annotate(number=Count("pk"))
    for state, job_type, is_crashed, is_gone, number in rows:
        counts["state"][DELETED if is_gone else Run.State.CRASHED.value if is_crashed else state] += number
        counts["type"][job_type or NO_JOB_TYPE] += number
    return counts


def _artifact_counts(artifacts: "QuerySet[Artifact]") -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {"state": Counter(), "type": Counter(), "name": Counter()}
    rows = artifacts.order_by().values_list("state", "collection__type_name", "collection__name")
    for state, type_name, name, number in rows.annotate(number=Count("pk")):
        counts["state"][state] += number
        counts["type"][type_name] += number
        counts["name"][name] += number
    return counts
