"""The types in the hop window, before any filter, as a walk found them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from registry.lineage.filters import NO_JOB_TYPE
from registry.lineage.graph import Kind
from registry.lineage.options import Facet, Facets
from registry.lineage.picture import LineageNode
from registry.lineage.places import Tally, Walk
from registry.lineage.view import ViewState


def facets_of(walk: Walk, view: ViewState, nodes: Collection[LineageNode]) -> Facets:
    """Count the types of everything in the window; `nodes` are the drawn ones, for what leads on from them.

    A count is a lower bound where not everything was read. Types that are chosen are there even when none is found.
    """
    # what stands may have been counted already as reached, so the two are not added
    counts = Counter(Tally.of(ref.kind, place.facts) for ref, place in walk.places.items()) | walk.floors
    artifact_types: Counter[str] = Counter(dict.fromkeys(view.types, 0))
    job_types: Counter[str] = Counter(dict.fromkeys(view.jobs, 0))
    for tally, count in counts.items():
        if tally.kind is Kind.RUN:
            job_types[tally.type or NO_JOB_TYPE] += count
        elif view.generated or not tally.is_generated:
            artifact_types[tally.type] += count
    is_bounded = walk.is_cut or walk.is_partial
    bounded = {*artifact_types, *job_types} if is_bounded else {tally.type or NO_JOB_TYPE for tally in walk.floors}
    return Facets(
        artifact_types=_facets(artifact_types, view.types, bounded),
        job_types=_facets(job_types, view.jobs, bounded),
        generated=sum(count for tally, count in counts.items() if tally.is_generated),
        beyond_up=sum(node.frontier_up for node in nodes),
        beyond_down=sum(node.frontier_down for node in nodes),
        beyond_is_lower_bound=any(node.frontier_is_lower_bound for node in nodes),
    )


def _facets(counts: Counter[str], chosen: Collection[str], bounded: Collection[str]) -> tuple[Facet, ...]:
    ranked = sorted(counts.items(), key=lambda facet: (-facet[1], facet[0]))
    return tuple(Facet(value, count, value in bounded, value in chosen) for value, count in ranked)
