"""What stands on the cards of a lineage picture: names, states, aliases. A constant number of queries."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, Exists, OuterRef, Value, When

from registry.core import clock, names
from registry.core.viewer import Viewer
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.picture import Membership, NodeAddress, NodeAlias, StaleInput
from registry.lineage.rows import CardRow
from registry.models import Alias, Artifact, CollectionMembership, Edge, Entity, ProtectedAlias, Run
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
    """Facts and further rows by node, aliases by artifact id, states of runs by id, what made runs stale, and places
    in registries.
    """

    facts: dict[NodeRef, CardFacts] = field(default_factory=dict)
    aliases: dict[int, tuple[NodeAlias, ...]] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    stale: dict[int, tuple[StaleInput, ...]] = field(default_factory=dict)
    memberships: dict[int, tuple[Membership, ...]] = field(default_factory=dict)
    rows: dict[NodeRef, tuple[CardRow, ...]] = field(default_factory=dict)


def get_cards(*, viewer: Viewer, drawn: Collection[NodeRef], clustered: Collection[NodeRef]) -> Cards:
    """Return what `drawn` nodes show, and the states and aliases of the `clustered` ones. Seven queries at most.

    The nodes have been found by a walk for this viewer; only aliases are still filtered by what may be seen.
    """
    cards = Cards()
    runs = [ref.id for ref in drawn if ref.kind is Kind.RUN]
    artifacts = [ref.id for ref in drawn if ref.kind is Kind.ARTIFACT]
    cards.facts = _run_facts(runs) | _artifact_facts(viewer, artifacts)
    cards.states = _states([ref.id for ref in clustered if ref.kind is Kind.RUN])
    behind = [ref.id for ref in clustered if ref.kind is Kind.ARTIFACT]
    cards.aliases = list_aliases(viewer=viewer, artifacts=[*artifacts, *behind])
    cards.stale = _stale_inputs(viewer, runs, [*artifacts, *behind]) if runs else {}
    cards.memberships = _memberships(viewer, artifacts)
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


def _artifact_facts(viewer: Viewer, artifacts: Collection[int]) -> dict[NodeRef, CardFacts]:
    """A version that the viewer sees only through a registry has its address there: its project is not told."""
    is_open: Value | Case = Value(value=True)
    if not viewer.is_all_seeing:
        is_open = Case(When(visible_project(viewer, "collection__project__"), then=True), default=False)
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
        is_open,
    )
    hidden = {row[0] for row in rows if not row[-1]}
    linked = _registry_addresses(viewer, hidden) if hidden else {}
    return {
        NodeRef(Kind.ARTIFACT, pk): CardFacts(
            name=f"{name}:v{version}",
            state=DELETED if state == Artifact.State.DELETED else "",
            created_at=created_at,
            deleted_on=deleted_at,
            address=linked.get(pk, NodeAddress("", "", type=type_name))
            if pk in hidden
            else NodeAddress(entity, project, type=type_name, collection=name, version=version),
        )
        for pk, version, state, created_at, deleted_at, name, type_name, project, entity, _ in rows
    }


def _registry_addresses(viewer: Viewer, artifacts: Collection[int]) -> dict[int, NodeAddress]:
    rows = CollectionMembership.objects.filter(
        visible_project(viewer, "collection__project__"), artifact__in=artifacts, collection__deleted_at=None
    )
    words = rows.order_by("-pk").values_list(
        "artifact_id",
        "collection__project__entity__name",
        "collection__project__name",
        "collection__type_name",
        "collection__name",
        "version",
    )
    return {
        artifact: NodeAddress(entity, project, type=type_name, collection=name, version=version)
        for artifact, entity, project, type_name, name, version in words
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


def _stale_inputs(
    viewer: Viewer, runs: Collection[int], artifacts: Collection[int]
) -> dict[int, tuple[StaleInput, ...]]:
    """The aliases that an input held when the run used it and that another version of its collection holds now."""
    held: dict[tuple[int, str], list[tuple[int, int, str, int | None]]] = defaultdict(list)
    used = Edge.objects.filter(run__in=runs, artifact__in=artifacts, direction=Edge.Direction.USED)
    rows = used.exclude(aliases=[]).values_list(
        "run_id", "artifact_id", "collection_id", "aliases", "collection__name", "artifact__version"
    )
    for run, artifact, collection, aliases, name, version in rows:
        for alias in aliases:
            held[collection, alias].append((run, artifact, name, version))
    if not held:
        return {}
    now = Alias.objects.filter(
        visible_project(viewer, "collection__project__"),
        collection__in={collection for collection, _ in held},
        name__in={alias for _, alias in held},
    )
    stale: dict[int, list[StaleInput]] = defaultdict(list)
    for collection, alias, holder, holder_version in now.values_list(
        "collection_id", "name", "artifact_id", "artifact__version"
    ):
        for run, artifact, name, version in held.get((collection, alias), ()):
            if artifact != holder:
                stale[run].append(StaleInput(alias, f"{name}:v{version}", f"{name}:v{holder_version}"))
    return {run: tuple(sorted(found, key=lambda one: (one.alias, one.used))) for run, found in stale.items()}


def _memberships(viewer: Viewer, artifacts: Collection[int]) -> dict[int, tuple[Membership, ...]]:
    """Where each version stands in the registries that may be seen."""
    if not artifacts:
        return {}
    rows = (
        CollectionMembership.objects.filter(
            visible_project(viewer, "collection__project__"),
            artifact__in=artifacts,
            collection__deleted_at=None,
            collection__project__name_key__startswith=names.REGISTRY_PREFIX,
            collection__project__entity__kind=Entity.Kind.ORGANISATION,
        )
        .values_list("artifact_id", "collection__project__name", "collection__name", "version")
        .order_by("artifact_id", "collection__project__name", "collection__name", "pk")
    )
    found: dict[int, list[Membership]] = defaultdict(list)
    for artifact, project, collection, version in rows:
        found[artifact].append(Membership(names.registry_name(project), collection, version))
    return {artifact: tuple(memberships) for artifact, memberships in found.items()}
