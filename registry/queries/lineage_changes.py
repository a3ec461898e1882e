"""Whether a lineage that was drawn may look different now, without walking it again."""

import hashlib
from collections.abc import Collection

from django.core.cache import caches
from django.db.models import Subquery

from registry.core import clock
from registry.core.viewer import Viewer
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.view import ViewState
from registry.models import AuditEvent, Edge, Run
from registry.queries.lineage_cards import Cards

WATCHED_SECONDS = 3600
MOST_WATCHED = 500


def watch_runs(viewer: Viewer, base: NodeRef, view: ViewState, cards: Cards) -> None:
    """Remember the drawn runs, and those behind clusters that have not ended: they change without edge or event."""
    runs = {ref.id for ref in cards.facts if ref.kind is Kind.RUN}
    runs |= {run for run, state in cards.states.items() if state == Run.State.RUNNING}
    caches["layouts"].set(_key(viewer, base, view), sorted(runs)[-MOST_WATCHED:], WATCHED_SECONDS)


def watched_runs(viewer: Viewer, base: NodeRef, view: ViewState) -> list[int] | None:
    """The runs to watch since the picture was last drawn in this process; None when it was not."""
    found: list[int] | None = caches["layouts"].get(_key(viewer, base, view))
    return found


def version_of(runs: Collection[int]) -> str:
    """A digest of the last edge, the last event and how these runs look. Two queries."""
    last_edge = Edge.objects.order_by("-pk").values("pk")[:1]
    last = AuditEvent.objects.order_by("-pk").values_list("pk", Subquery(last_edge)).first()
    now = clock.now()
    rows = (
        Run.objects.filter(pk__in=runs).only("state", "heartbeat_at", "deleted_at", "name", "group_id").order_by("pk")
    )
    states = [(run.pk, run.shown_state(now), run.deleted_at, run.name, run.group_id) for run in rows] if runs else []
    return hashlib.sha256(repr((last, states)).encode()).hexdigest()[:16]


def _key(viewer: Viewer, base: NodeRef, view: ViewState) -> str:
    text = f"{viewer.user_id} {viewer.is_all_seeing} {base.key} {view.to_query()}"
    return f"lineage-runs-{hashlib.sha256(text.encode()).hexdigest()[:32]}"
