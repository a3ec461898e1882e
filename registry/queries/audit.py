"""What the audit log says of a collection (the Action History), of a project and of an organisation."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from registry.core.errors import Forbidden, NotFound
from registry.core.names import key
from registry.core.viewer import Role, Viewer
from registry.models import Action, Artifact, ArtifactCollection, AuditEvent, Entity
from registry.models.projects import visible_project
from registry.queries.accounts import get_organization
from registry.queries.audit_entries import HistoryEntry, history_entries, origin_words
from registry.queries.paging import Order, Page, paginate
from registry.queries.places import ProjectFrame, get_project, get_registry
from registry.queries.trees import Tree, open_list, open_tree
from registry.queries.versions import LATEST

PAGE = 50
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


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What to narrow a history to. Days are whole days in UTC, both included. `latest` unfolds the system's moves."""

    action: str = ""
    member: str = ""
    version: int | None = None
    alias: str = ""
    since: date | None = None
    until: date | None = None
    latest: bool = False

    @property
    def is_empty(self) -> bool:
        return self == HistoryFilter(latest=self.latest)


@dataclass(frozen=True, slots=True)
class Scope:
    """The events that a history is of, and what its page stands in."""

    events: QuerySet[AuditEvent]
    project: ProjectFrame | None = None
    tree: Tree | None = None
    found: ArtifactCollection | None = None
    organization: str = ""

    @property
    def collection(self) -> str:
        return self.found.name if self.found else ""

    @property
    def type_name(self) -> str:
        return self.found.type_name if self.found else ""


@dataclass(frozen=True, slots=True)
class History:
    """A page of a history. `total` counts what the filters leave, `folded` the moves of `latest` among it."""

    scope: Scope
    entries: Page[HistoryEntry]
    total: int
    folded: int


def get_collection_scope(
    *, viewer: Viewer, collection: str, registry: str = "", entity: str = "", project: str = "", type_name: str = ""
) -> Scope:
    """Return the Action History of a collection, of a registry or of a project. Raises `NotFound`."""
    if registry:
        frame = get_registry(viewer=viewer, name=registry)
    else:
        frame = get_project(viewer=viewer, entity=entity, project=project)
    rows = ArtifactCollection.objects.present().filter(
        project_id=frame.place.project_id, name=unicodedata.normalize("NFC", collection)
    )
    if type_name:
        rows = rows.filter(type_name=unicodedata.normalize("NFC", type_name))
    found = rows.select_related("project__entity").first()
    if found is None:
        raise NotFound(f"There is no collection {collection!r} here, or you may not see it.")
    return Scope(
        events=AuditEvent.objects.filter(collection_id=found.pk),
        project=frame,
        tree=open_list(frame.place, collection=found) if frame.place.registry else open_tree(frame.place),
        found=found,
    )


def get_project_scope(*, viewer: Viewer, entity: str, project: str) -> Scope:
    """Return the log of a project, for its admins. Raises `NotFound`, and `Forbidden` for others who may see it."""
    frame = get_project(viewer=viewer, entity=entity, project=project)
    if not frame.can_administer:
        raise Forbidden("Only the admins of this project may read its log.")
    opened = open_list if frame.place.registry else open_tree
    events = AuditEvent.objects.filter(project_id=frame.place.project_id)
    return Scope(events, project=frame, tree=opened(frame.place))


def get_organization_scope(*, viewer: Viewer, organization: str) -> Scope:
    """Return the log of an organisation, for its admins. Raises `NotFound`, and `Forbidden` for its other members."""
    found: Entity = get_organization(viewer=viewer, name=organization)
    if not viewer.is_all_seeing and viewer.entity_roles.get(found.pk) is not Role.ADMIN:
        raise Forbidden(f"Only the admins of {found.name} may read its log.")
    return Scope(AuditEvent.objects.filter(organization_id=found.pk), organization=found.name)


def get_history(*, viewer: Viewer, scope: Scope, wanted: HistoryFilter, after: str | None = None) -> History:
    """Return one page of a scope that the viewer has, newest first. At most six queries."""
    events = _narrowed(scope.events, wanted)
    counts = events.aggregate(total=Count("pk"), folded=Count("pk", filter=_of_latest()))
    shown = events if _shows_latest(wanted) else events.exclude(_of_latest())
    page = paginate(shown, kind="history", order=Order("pk", descending=True), first=PAGE, after=after)
    entries = Page(items=history_entries(viewer, page.items, scope.found), cursors=page.cursors, has_next=page.has_next)
    folded = 0 if _shows_latest(wanted) else counts["folded"]
    return History(scope, entries, counts["total"] - folded, folded)


def list_history(*, viewer: Viewer, scope: Scope, wanted: HistoryFilter) -> Iterator[dict[str, Any]]:
    """Yield every event of a scope that the viewer has, newest first, as JSON-ready mappings for an export."""
    events = _narrowed(scope.events, wanted)
    if not _shows_latest(wanted):
        events = events.exclude(_of_latest())
    sources = Artifact.objects.filter(visible_project(viewer, "collection__project__"), pk=OuterRef("artifact_id"))
    for event in events.annotate(is_open=Exists(sources)).order_by("-pk").iterator(chunk_size=1000):
        yield {
            "id": event.pk,
            "at": event.at.isoformat(),
            "action": event.action,
            "actor": event.actor_label or "system",
            "origin": origin_words(event),
            "object": event.object_label,
            "version": event.version,
            "alias": event.alias,
            "before": _told(event.before, is_open=event.is_open),
            "after": _told(event.after, is_open=event.is_open),
            "request_id": event.request_id,
        }


def _told(values: dict[str, Any] | None, *, is_open: bool) -> dict[str, Any] | None:
    """Leave out the name of the project that a linked version comes from, for who may not see it."""
    return values if is_open or not values else {name: value for name, value in values.items() if name != "source"}


def action_choices(actions: tuple[Action, ...] = HISTORY_ACTIONS) -> list[tuple[str, str]]:
    """Return actions that a history can be narrowed to, with their words."""
    return [(action.value, str(action.label)) for action in actions]


def all_action_choices() -> list[tuple[str, str]]:
    return action_choices(tuple(Action))


def _of_latest() -> Q:
    return Q(alias=LATEST, action__in=[Action.ALIAS_ADDED, Action.ALIAS_MOVED, Action.ALIAS_REMOVED])


def _shows_latest(wanted: HistoryFilter) -> bool:
    return wanted.latest or wanted.alias == LATEST


def _narrowed(events: QuerySet[AuditEvent], wanted: HistoryFilter) -> QuerySet[AuditEvent]:
    if wanted.action:
        events = events.filter(action=wanted.action)
    if wanted.member:
        events = events.filter(actor_label__in={wanted.member, key(wanted.member)})
    if wanted.version is not None:
        # a move concerns the version that lost the alias too
        events = events.filter(Q(version=wanted.version) | Q(action=Action.ALIAS_MOVED, before__version=wanted.version))
    if wanted.alias:
        events = events.filter(alias=wanted.alias)
    if wanted.since:
        events = events.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        events = events.filter(at__lt=_midnight(wanted.until) + timedelta(days=1))
    return events


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
