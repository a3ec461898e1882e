"""What stands on the cards of a lineage picture: names, states, aliases. A constant number of queries."""

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from registry.core import clock, names
from registry.core.viewer import Viewer
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.picture import Membership, NodeAddress, NodeAlias, StaleInput
from registry.lineage.rows import CardRow
from registry.models import Alias, Artifact, CollectionMembership, Entity
from registry.models.projects import visible_project
from registry.models.runs import shown_state
from registry.queries.card_sql import ALIASES, ARTIFACTS, HELD_ALIASES, MEMBERSHIPS, RUNS, in_dialect
from registry.queries.open_projects import OpenProjects
from registry.queries.raw import array, moment, read

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

    The nodes have been found by a walk for this viewer; only aliases and links are still filtered by what may be seen.
    """
    cards, projects = Cards(), OpenProjects(viewer)
    runs, clustered_runs = _ids(drawn, Kind.RUN), _ids(clustered, Kind.RUN)
    artifacts, behind = _ids(drawn, Kind.ARTIFACT), _ids(clustered, Kind.ARTIFACT)
    _read_runs(cards, set(runs), [*runs, *clustered_runs])
    if artifacts:
        cards.facts |= _artifact_facts(viewer, projects, artifacts)
        cards.memberships = _memberships(projects, artifacts)
    if artifacts or behind:
        cards.aliases = _aliases(projects, [*artifacts, *behind])
        cards.stale = _stale_inputs(viewer, runs, [*artifacts, *behind]) if runs else {}
    return cards


def _ids(refs: Collection[NodeRef], kind: Kind) -> list[int]:
    return [ref.id for ref in refs if ref.kind is kind]


def _read_runs(cards: Cards, drawn: Collection[int], runs: Collection[int]) -> None:
    """Read the facts of the drawn ones and the states of the others."""
    if not runs:
        return
    now = clock.now()
    for pk, stored, heartbeat_at, deleted_at, name, created_at, entity, project, uid in read(
        in_dialect(RUNS), array(runs)
    ):
        state = DELETED if deleted_at else shown_state(stored, moment(heartbeat_at), now)
        if pk in drawn:
            cards.facts[NodeRef(Kind.RUN, pk)] = CardFacts(
                name=name,
                state=state,
                created_at=moment(created_at),
                deleted_on=moment(deleted_at) if deleted_at else None,
                address=NodeAddress(entity, project, run_uid=uid),
            )
        else:
            cards.states[pk] = state


def _artifact_facts(viewer: Viewer, projects: OpenProjects, artifacts: Collection[int]) -> dict[NodeRef, CardFacts]:
    """A version that the viewer sees only through a registry has its address there: its project is not told."""
    rows = [(*row[:9], projects.allows(*row[9:])) for row in read(in_dialect(ARTIFACTS), array(artifacts))]
    hidden = {pk for pk, *_, is_open in rows if not is_open}
    linked = _registry_addresses(viewer, hidden) if hidden else {}
    return {
        NodeRef(Kind.ARTIFACT, pk): CardFacts(
            name=f"{name}:v{version}",
            state=DELETED if state == Artifact.State.DELETED else "",
            created_at=moment(created_at),
            deleted_on=moment(deleted_at) if deleted_at else None,
            address=NodeAddress(entity, project, type=type_name, collection=name, version=version)
            if is_open
            else linked.get(pk, NodeAddress("", "", type=type_name)),
        )
        for pk, version, state, created_at, deleted_at, name, type_name, entity, project, is_open in rows
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


def _aliases(projects: OpenProjects, artifacts: Collection[int]) -> dict[int, tuple[NodeAlias, ...]]:
    """The aliases of each version in every collection that may be seen: protected, ordinary, `latest`."""
    found: dict[int, dict[str, NodeAlias]] = defaultdict(dict)
    for artifact, name, is_protected, *rights in read(in_dialect(ALIASES), array(artifacts)):
        if projects.allows(*rights):
            before = found[artifact].get(name)
            is_held = bool(is_protected) or (before is not None and before.is_protected)
            found[artifact][name] = NodeAlias(name, is_protected=is_held, is_system=name == LATEST)
    return {artifact: tuple(sorted(aliases.values(), key=alias_order)) for artifact, aliases in found.items()}


def alias_order(alias: NodeAlias) -> tuple[bool, bool, str]:
    return not alias.is_protected, alias.is_system, alias.name


def _stale_inputs(
    viewer: Viewer, runs: Collection[int], artifacts: Collection[int]
) -> dict[int, tuple[StaleInput, ...]]:
    """The aliases that an input held when the run used it and that another version of its collection holds now."""
    held: dict[tuple[int, str], list[tuple[int, int, str, int | None]]] = defaultdict(list)
    for run, artifact, collection, aliases, name, version in read(
        in_dialect(HELD_ALIASES), array(runs), array(artifacts)
    ):
        for alias in json.loads(aliases):
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


def _memberships(projects: OpenProjects, artifacts: Collection[int]) -> dict[int, tuple[Membership, ...]]:
    """Where each version stands in the registries that may be seen."""
    found: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for artifact, project, collection, version, *rights in read(in_dialect(MEMBERSHIPS), array(artifacts)):
        is_registry = rights[3] == Entity.Kind.ORGANISATION and names.is_registry_project(project)
        if is_registry and projects.allows(*rights):
            found[artifact].append((names.registry_name(project), collection, version))
    return {artifact: tuple(Membership(*place) for place in sorted(places)) for artifact, places in found.items()}
