"""What stands on the cards of a lineage picture: names, states, aliases. A constant number of queries."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef

from registry.core import clock
from registry.core.viewer import Viewer
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.picture import NodeAddress, NodeAlias
from registry.models import Alias, Artifact, Edge, ProtectedAlias, Run
from registry.models.projects import visible_project

LATEST = "latest"
DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What one run or version shows."""

    name: str
    state: str
    created_at: datetime
    deleted_on: datetime | None
    address: NodeAddress


@dataclass(slots=True)
class Cards:
    """Facts by node, aliases by artifact id, states of runs by id, and the aliases that made a run stale."""

    facts: dict[NodeRef, CardFacts] = field(default_factory=dict)
    aliases: dict[int, tuple[NodeAlias, ...]] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    stale: dict[int, tuple[str, ...]] = field(default_factory=dict)


def get_cards(*, viewer: Viewer, drawn: Collection[NodeRef], clustered: Collection[NodeRef]) -> Cards:
    """Return what `drawn` nodes show, and the states and aliases of the `clustered` ones. Six queries.

    The nodes have been found by a walk for this viewer; only aliases are still filtered by what may be seen.
    """
    cards = Cards()
    runs = [ref.id for ref in drawn if ref.kind is Kind.RUN]
    artifacts = [ref.id for ref in drawn if ref.kind is Kind.ARTIFACT]
    cards.facts = _run_facts(runs) | _artifact_facts(artifacts)
    cards.states = _states([ref.id for ref in clustered if ref.kind is Kind.RUN])
    behind = [ref.id for ref in clustered if ref.kind is Kind.ARTIFACT]
    cards.aliases = list_aliases(viewer=viewer, artifacts=[*artifacts, *behind])
    cards.stale = _stale_aliases(viewer, runs, artifacts)
    return cards


def _run_facts(runs: Collection[int]) -> dict[NodeRef, CardFacts]:
    found = Run.objects.filter(pk__in=runs).select_related("project__entity")
    fields = ("uid", "name", "state", "heartbeat_at", "created_at", "deleted_at")
    found = found.only(*fields, "project__name", "project__entity__name")
    now = clock.now()
    return {
        NodeRef(Kind.RUN, run.pk): CardFacts(
            name=run.name,
            state=DELETED if run.deleted_at else run.shown_state(now),
            created_at=run.created_at,
            deleted_on=run.deleted_at,
            address=NodeAddress(run.project.entity.name, run.project.name, run_uid=run.uid),
        )
        for run in found
    }


def _artifact_facts(artifacts: Collection[int]) -> dict[NodeRef, CardFacts]:
    rows = Artifact.objects.filter(pk__in=artifacts).values_list(
        "pk",
        "version",
        "state",
        "created_at",
        "deleted_at",
        "collection__name",
        "collection__type_name",
        "collection__project__name",
        "collection__project__entity__name",
    )
    return {
        NodeRef(Kind.ARTIFACT, pk): CardFacts(
            name=f"{name}:v{version}",
            state=DELETED if state == Artifact.State.DELETED else "",
            created_at=created_at,
            deleted_on=deleted_at,
            address=NodeAddress(entity, project, type=type_name, collection=name, version=version),
        )
        for pk, version, state, created_at, deleted_at, name, type_name, project, entity in rows
    }


def _states(runs: Collection[int]) -> dict[int, str]:
    if not runs:
        return {}
    now = clock.now()
    found = Run.objects.filter(pk__in=runs).only("state", "heartbeat_at", "deleted_at")
    return {run.pk: DELETED if run.deleted_at else run.shown_state(now) for run in found}


def list_aliases(*, viewer: Viewer, artifacts: Collection[int]) -> dict[int, tuple[NodeAlias, ...]]:
    """Return the aliases of each version in every collection that may be seen: protected, ordinary, `latest`."""
    protected = ProtectedAlias.objects.filter(project=OuterRef("collection__project"), name=OuterRef("name"))
    rows = (
        Alias.objects.filter(visible_project(viewer, "collection__project__"), artifact__in=artifacts)
        .values_list("artifact_id", "name", Exists(protected))
        .order_by("artifact_id", "name", "pk")
    )
    found: dict[int, dict[str, NodeAlias]] = defaultdict(dict)
    for artifact, name, is_protected in rows:
        before = found[artifact].get(name)
        is_held = is_protected or (before is not None and before.is_protected)
        found[artifact][name] = NodeAlias(name, is_protected=is_held, is_system=name == LATEST)
    return {artifact: tuple(sorted(aliases.values(), key=alias_order)) for artifact, aliases in found.items()}


def alias_order(alias: NodeAlias) -> tuple[bool, bool, str]:
    return not alias.is_protected, alias.is_system, alias.name


def _stale_aliases(viewer: Viewer, runs: Collection[int], artifacts: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The aliases that an input held when the run used it and that another version of its collection holds now."""
    held: dict[tuple[int, str], set[tuple[int, int]]] = defaultdict(set)
    used = Edge.objects.filter(run__in=runs, artifact__in=artifacts, direction=Edge.Direction.USED)
    for run, artifact, collection, aliases in used.exclude(aliases=[]).values_list(
        "run_id", "artifact_id", "collection_id", "aliases"
    ):
        for name in aliases:
            held[collection, name].add((run, artifact))
    if not held:
        return {}
    now = Alias.objects.filter(
        visible_project(viewer, "collection__project__"),
        collection__in={collection for collection, _ in held},
        name__in={name for _, name in held},
    )
    stale: dict[int, set[str]] = defaultdict(set)
    for collection, name, holder in now.values_list("collection_id", "name", "artifact_id"):
        for run, artifact in held.get((collection, name), ()):
            if artifact != holder:
                stale[run].add(name)
    return {run: tuple(sorted(names)) for run, names in stale.items()}
