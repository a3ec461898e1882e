"""The Action History: what the audit log says of one collection."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from registry.core.errors import NotFound
from registry.core.viewer import ActorKind, Viewer
from registry.models import Action, ArtifactCollection, AuditEvent, ProtectedAlias
from registry.queries.paging import Order, Page, paginate
from registry.queries.places import ProjectFrame, get_registry
from registry.queries.trees import Tree, open_list
from registry.queries.versions import AliasMark

PAGE = 50
MOST_PROTECTED = 1000
HISTORY_ACTIONS = (
    Action.VERSION_ADDED,
    Action.VERSION_REMOVED,
    Action.ALIAS_ADDED,
    Action.ALIAS_MOVED,
    Action.ALIAS_REMOVED,
    Action.COLLECTION_CREATED,
    Action.COLLECTION_CHANGED,
    Action.TAG_ADDED,
    Action.TAG_REMOVED,
)
_MARKS = {"added": "mark-add", "created": "mark-add", "removed": "mark-del", "moved": "mark-move"}
_ORIGINS = {
    ActorKind.SESSION: "in the browser",
    ActorKind.API_KEY: "with an API key",
    ActorKind.SYSTEM: "by the system",
    ActorKind.SIGNED_URL: "with a signed address",
}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One event. `previous` and `version` are numbers in the collection; a move has both."""

    event_id: int
    at: datetime
    action: str
    words: str
    actor: str
    origin: str
    aliases: tuple[AliasMark, ...]
    version: int | None
    previous: int | None
    source: str

    @property
    def label(self) -> str:
        return "" if self.version is None else f"v{self.version}"

    @property
    def mark(self) -> str:
        """The style of the mark: something came, went or moved."""
        return _MARKS.get(self.action.partition(".")[2], "")


@dataclass(frozen=True, slots=True)
class History:
    """A page of the Action History beside the sidebar."""

    project: ProjectFrame
    tree: Tree
    collection: str
    type_name: str
    entries: Page[HistoryEntry]


def get_history(
    *, viewer: Viewer, registry: str, collection: str, action: str = "", after: str | None = None
) -> History:
    """Return events of a collection, newest first, of one action when it is given."""
    frame = get_registry(viewer=viewer, name=registry)
    found = (
        ArtifactCollection.objects.present()
        .filter(project_id=frame.place.project_id, name=unicodedata.normalize("NFC", collection))
        .first()
    )
    if found is None:
        raise NotFound(f"There is no collection {collection!r} in the registry {registry}, or you may not see it.")
    events = AuditEvent.objects.filter(collection_id=found.pk)
    if action:
        events = events.filter(action=action)
    page = paginate(events, kind="history", order=Order("pk", descending=True), first=PAGE, after=after)
    protected = set(
        ProtectedAlias.objects.filter(project_id=frame.place.project_id).values_list("name", flat=True)[:MOST_PROTECTED]
    )
    items = [_entry(event, protected) for event in page.items]
    entries = Page(items=items, cursors=page.cursors, has_next=page.has_next)
    return History(frame, open_list(frame.place, collection=found), found.name, found.type_name, entries)


def action_choices() -> list[tuple[str, str]]:
    """Return the actions that an Action History can be narrowed to, with their words."""
    return [(action.value, str(action.label)) for action in HISTORY_ACTIONS]


def _entry(event: AuditEvent, protected: set[str]) -> HistoryEntry:
    before = event.before if isinstance(event.before, dict) else {}
    after = event.after if isinstance(event.after, dict) else {}
    origin = _ORIGINS.get(ActorKind(event.actor_kind), event.actor_kind)
    if event.key_prefix:
        origin = f"{origin} {event.key_prefix}…"
    is_move = event.action == Action.ALIAS_MOVED
    return HistoryEntry(
        event_id=event.pk,
        at=event.at,
        action=event.action,
        words=str(event.get_action_display()),
        actor=event.actor_label or "system",
        origin=origin,
        aliases=(AliasMark(event.alias, event.alias in protected),) if event.alias else (),
        version=event.version,
        previous=before.get("version") if is_move else None,
        source=str(after.get("source") or before.get("source") or ""),
    )
