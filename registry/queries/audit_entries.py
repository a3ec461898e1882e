"""Events of the audit log as people read them, with links to what they speak of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry import policies
from registry.core.viewer import ActorKind, Viewer
from registry.models import Action, Artifact, ArtifactCollection, AuditEvent, CollectionMembership, ProtectedAlias
from registry.queries.places import Place, place_of
from registry.queries.versions import LATEST, AliasMark

MOST_PROTECTED = 1000
_LONGEST_VALUE = 60
_MARKS = {
    "added": "mark-add",
    "created": "mark-add",
    "protected": "mark-add",
    "removed": "mark-del",
    "deleted": "mark-del",
    "revoked": "mark-del",
    "unprotected": "mark-del",
    "moved": "mark-move",
}
_ORIGINS = {
    ActorKind.SESSION.value: "in the browser",
    ActorKind.API_KEY.value: "with an API key",
    ActorKind.SYSTEM.value: "by the system",
    ActorKind.SIGNED_URL.value: "with a signed address",
}
# what the sentence already says by itself
_SPOKEN = {"source", "version", "artifact", "tag", "kind"}


@dataclass(frozen=True, slots=True)
class EntryTarget:
    """The version that an event speaks of, where it can be opened today."""

    place: Place
    type_name: str
    collection: str
    label: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One event. `previous` and `version` are numbers in the collection; a move has both."""

    event_id: int
    at: datetime
    action: str
    words: str
    object_label: str
    actor: str
    origin: str
    aliases: tuple[AliasMark, ...]
    version: int | None
    previous: int | None
    source: str
    details: tuple[str, ...]
    target: EntryTarget | None

    @property
    def label(self) -> str:
        return "" if self.version is None else f"v{self.version}"

    @property
    def mark(self) -> str:
        """The style of the mark: something came, went or moved."""
        return _MARKS.get(self.action.partition(".")[2], "")

    @property
    def is_alias_change(self) -> bool:
        return self.action in {Action.ALIAS_ADDED, Action.ALIAS_MOVED, Action.ALIAS_REMOVED}


def history_entries(
    viewer: Viewer, events: Sequence[AuditEvent], known: ArtifactCollection | None = None
) -> list[HistoryEntry]:
    """Return the entries of the events, in at most four queries; in three when all are of the collection `known`."""
    protected = set(
        ProtectedAlias.objects.filter(project_id__in={event.project_id for event in events}).values_list(
            "project_id", "name"
        )[:MOST_PROTECTED]
    )
    versions = _versions(events)
    targets = _targets(viewer, events, versions, known)
    open_ids = {pk for pk, row in versions.items() if policies.can_view_project(viewer, row.collection.project)}
    return [_entry(event, protected, targets.get(event.pk), open_ids) for event in events]


def origin_words(event: AuditEvent) -> str:
    origin = _ORIGINS.get(event.actor_kind, event.actor_kind)
    return f"{origin} {event.key_prefix}…" if event.key_prefix else origin


def _entry(
    event: AuditEvent, protected: set[tuple[int, str]], target: EntryTarget | None, open_ids: set[int]
) -> HistoryEntry:
    before, after = _mapping(event.before), _mapping(event.after)
    is_locked = event.alias != LATEST and (event.project_id, event.alias) in protected
    return HistoryEntry(
        event_id=event.pk,
        at=event.at,
        action=event.action,
        words=str(event.get_action_display()),
        object_label=event.object_label,
        actor=event.actor_label or "system",
        origin=origin_words(event),
        aliases=(AliasMark(event.alias, is_locked),) if event.alias else (),
        version=event.version,
        previous=before.get("version") if event.action == Action.ALIAS_MOVED else None,
        # a version is linked for all to see, the private project that it comes from is not
        source=str(after.get("source") or before.get("source") or "") if event.artifact_id in open_ids else "",
        details=tuple(_details(before, after)),
        target=target,
    )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _details(before: dict[str, Any], after: dict[str, Any]) -> Iterable[str]:
    """Yield "name: old → new" for what an event changed; long values are named only."""
    for key in sorted({*before, *after} - _SPOKEN):
        old, new = before.get(key), after.get(key)
        words = [str(value) for value in (old, new) if value not in (None, "", [])]
        name = key.replace("_", " ")
        if key in {"description", "metadata"} or any(len(word) > _LONGEST_VALUE for word in words):
            yield f"{name} changed"
        else:
            yield f"{name}: {' → '.join(words) or 'none'}"


def _versions(events: Sequence[AuditEvent]) -> dict[int, Artifact]:
    wanted = {event.artifact_id for event in events if event.artifact_id is not None}
    if not wanted:
        return {}
    found = Artifact.objects.recorded().filter(pk__in=wanted).select_related("collection__project__entity")
    return {row.pk: row for row in found}


def _targets(
    viewer: Viewer, events: Sequence[AuditEvent], versions: dict[int, Artifact], known: ArtifactCollection | None
) -> dict[int, EntryTarget]:
    """Return the versions by event: in the collection while they stand in it, else where they come from."""
    told = [event for event in events if event.artifact_id is not None and event.collection_id is not None]
    if not told:
        return {}
    collections = (
        {known.pk: known}
        if known
        else {
            row.pk: row
            for row in ArtifactCollection.objects.present()
            .filter(pk__in={event.collection_id for event in told})
            .select_related("project__entity")
        }
    )
    links = set(
        CollectionMembership.objects.filter(collection_id__in=collections, artifact_id__in=versions).values_list(
            "collection_id", "artifact_id", "version"
        )
    )
    found = {}
    for event in told:
        artifact, collection = versions.get(event.artifact_id or 0), collections.get(event.collection_id or 0)
        if artifact is None:
            continue
        number = event.version
        if collection is None or (collection.is_portfolio and (collection.pk, artifact.pk, number) not in links):
            collection, number = artifact.collection, artifact.version
        if collection.deleted_at is None and policies.can_view_project(viewer, collection.project):
            place = place_of(collection.project)
            found[event.pk] = EntryTarget(place, collection.type_name, collection.name, f"v{number}")
    return found
