"""What the preview beside the lineage graph shows of one run or one version, as far as the viewer may see it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from registry import policies
from registry.core import clock
from registry.core.errors import NotFound
from registry.core.viewer import Viewer
from registry.lineage.graph import Kind, NodeRef
from registry.models import Alias, Artifact, ArtifactCollection, CollectionMembership, Edge, ProtectedAlias, Run
from registry.queries.neighbours import Neighbours, derivations, runs_of, versions_of
from registry.queries.places import Place, place_of
from registry.queries.versions import AliasMark

MOST_FACTS = 8
LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True)
class Facts:
    """The head of a JSON object as texts, and the number of its keys."""

    rows: tuple[tuple[str, str], ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class RunPreview:
    """PRV-1, and the state, neighbours, config and summary."""

    key: str
    place: Place
    uid: str
    name: str
    state: str
    started_at: datetime
    duration_seconds: float
    author: str
    job_type: str
    group_name: str
    tags: tuple[str, ...]
    inputs: Neighbours
    outputs: Neighbours
    config: Facts
    summary: Facts
    deleted_at: datetime | None
    kind: str = "run"


@dataclass(frozen=True, slots=True)
class RegistryLink:
    """Where the version is linked: the registry and the collection's own number."""

    place: Place
    collection: str
    version: str


@dataclass(frozen=True, slots=True)
class ArtifactPreview:
    """PRV-2, and the consumers, tags, references, registry memberships and metadata."""

    key: str
    place: Place
    collection: str
    type_name: str
    version: str
    description: str
    created_at: datetime
    size_bytes: int
    file_count: int
    digest: str
    aliases: tuple[AliasMark, ...]
    tags: tuple[str, ...]
    producers: Neighbours
    consumers: Neighbours
    derived_from: Neighbours
    basis_of: Neighbours
    links: tuple[RegistryLink, ...]
    metadata: Facts
    deleted_at: datetime | None
    kind: str = "artifact"

    @property
    def name(self) -> str:
        return f"{self.collection}:{self.version}"


def get_preview(*, viewer: Viewer, node: NodeRef) -> RunPreview | ArtifactPreview:
    """Return the facts of one node. Raises `NotFound` for what the viewer may not see."""
    return _run_preview(viewer, node) if node.kind is Kind.RUN else _artifact_preview(viewer, node)


def _run_preview(viewer: Viewer, node: NodeRef) -> RunPreview:
    run = (
        Run.objects.visible_to(viewer)
        .select_related("project__entity", "group", "created_by")
        .filter(pk=node.id)
        .first()
    )
    if run is None:
        raise NotFound("There is no such run, or you may not see it.")
    end = run.ended_at or run.heartbeat_at
    config = {name: _plain(value) for name, value in _mapping(run.config).items() if name != "_wandb"}
    summary = {name: value for name, value in _mapping(run.summary).items() if not name.startswith("_")}
    return RunPreview(
        key=node.key,
        place=place_of(run.project),
        uid=run.uid,
        name=run.name,
        state=run.shown_state(clock.now()),
        started_at=run.created_at,
        duration_seconds=max(0.0, (end - run.created_at).total_seconds()),
        author=run.created_by.get_full_name() if run.created_by else "",
        job_type=run.group.job_type,
        group_name=run.group_name,
        tags=tuple(str(tag) for tag in run.tags),
        inputs=versions_of(viewer, run, Edge.Direction.USED),
        outputs=versions_of(viewer, run, Edge.Direction.LOGGED),
        config=_facts(config),
        summary=_facts(summary),
        deleted_at=run.deleted_at,
    )


def _artifact_preview(viewer: Viewer, node: NodeRef) -> ArtifactPreview:
    artifact = (
        Artifact.objects.visible_to(viewer)
        .recorded()
        .select_related("collection__project__entity")
        .prefetch_related("tags", _shown_aliases(viewer))
        .filter(pk=node.id)
        .first()
    )
    if artifact is None:
        raise NotFound("There is no such version, or you may not see it.")
    held = {alias.name: alias.is_protected for alias in artifact.shown_aliases}  # type: ignore[attr-defined]
    aliases = [AliasMark(name, is_protected) for name, is_protected in held.items()]
    links = _links(viewer, artifact)
    origins, others = derivations(viewer, artifact.pk)
    own = RegistryLink(place_of(artifact.collection.project), artifact.collection.name, f"v{artifact.version}")
    # a link opens the version, not the name of the project that it comes from
    shown = own if policies.can_view_project(viewer, artifact.collection.project) else links[0]
    return ArtifactPreview(
        key=node.key,
        place=shown.place,
        collection=shown.collection,
        type_name=artifact.collection.type_name,
        version=shown.version,
        description=artifact.description,
        created_at=artifact.created_at,
        size_bytes=artifact.size_bytes,
        file_count=artifact.file_count,
        digest=artifact.digest,
        aliases=tuple(sorted(aliases, key=lambda mark: (not mark.is_protected, mark.is_system, mark.name))),
        tags=tuple(sorted(tag.name for tag in artifact.tags.all())),
        producers=runs_of(viewer, artifact, Edge.Direction.LOGGED),
        consumers=runs_of(viewer, artifact, Edge.Direction.USED),
        derived_from=origins,
        basis_of=others,
        links=links,
        metadata=_facts(_mapping(artifact.metadata)),
        deleted_at=artifact.deleted_at,
    )


def _shown_aliases(viewer: Viewer) -> "Prefetch[Any]":
    """The aliases that the version holds where the viewer may look, the unprotected ones first."""
    protected = ProtectedAlias.objects.filter(project_id=OuterRef("collection__project_id"), name=OuterRef("name"))
    rows = Alias.objects.filter(collection__in=_seen_collections(viewer)).annotate(is_protected=Exists(protected))
    return Prefetch("aliases", queryset=rows.order_by("is_protected", "name"), to_attr="shown_aliases")


def _seen_collections(viewer: Viewer) -> QuerySet[ArtifactCollection]:
    return ArtifactCollection.objects.visible_to(viewer).present()


def _links(viewer: Viewer, artifact: Artifact) -> tuple[RegistryLink, ...]:
    rows = (
        CollectionMembership.objects.filter(artifact=artifact, collection__deleted_at=None)
        .select_related("collection__project__entity")
        .order_by("collection__name", "pk")
    )
    seen = rows.filter(collection__in=_seen_collections(viewer))
    return tuple(RegistryLink(place_of(row.collection.project), row.collection.name, f"v{row.version}") for row in seen)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _plain(value: object) -> object:
    """The SDK wraps every value of a config as {"value": …}."""
    return value["value"] if isinstance(value, dict) and "value" in value else value


def _facts(values: Mapping[str, object]) -> Facts:
    return Facts(tuple((name, _text(values[name])) for name in sorted(values)[:MOST_FACTS]), len(values))


def _text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
