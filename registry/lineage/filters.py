"""Which nodes a view leaves out by type. Applied after the walk has reached a node, so never to reachability."""

from __future__ import annotations

from registry.lineage.graph import Kind
from registry.lineage.source import GroupFacts
from registry.lineage.view import ViewState

NO_JOB_TYPE = "(no job type)"


def is_generated(kind: Kind, facts: GroupFacts) -> bool:
    """True for the artifacts that the SDK makes by itself."""
    return kind is Kind.ARTIFACT and (
        facts.type == "job"
        or facts.type.startswith("wandb-")
        or (facts.type == "run_table" and facts.name.startswith("run-"))
        or (facts.type == "code" and facts.name.startswith("source-"))
    )


def is_left_out(view: ViewState, kind: Kind, facts: GroupFacts) -> bool:
    """True when the view's filters remove the nodes of such a group."""
    if kind is Kind.RUN:
        return bool(view.jobs) and (facts.type or NO_JOB_TYPE) not in view.jobs
    if is_generated(kind, facts) and not view.generated:
        return True
    return bool(view.types) and facts.type not in view.types
