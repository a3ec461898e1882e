"""Reads of entities, organisations and projects for the SDK. Names that cannot exist are simply not found."""

import unicodedata

from django.db.models import Sum

from registry.core import names
from registry.core.errors import InvalidInput, NotFound
from registry.core.viewer import Viewer
from registry.models import Blob, Entity, Project, User
from registry.queries.accounts import find_entity
from registry.queries.paging import Order, Page, paginate

DEFAULT_PROJECT = "uncategorized"


def is_storable(name: str) -> bool:
    """Tell whether a database can be asked for this text: no NUL, no lone surrogate, not absurdly long."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in name and len(name) <= 1024


def find_user(*, viewer: Viewer) -> User | None:
    """Return the viewer's own user with its default entity."""
    if viewer.user_id is None:
        return None
    return User.objects.select_related("default_entity", "entity").filter(pk=viewer.user_id).first()


def default_entity_name(*, viewer: Viewer) -> str | None:
    """Return the entity that the SDK means when it names none."""
    user = find_user(viewer=viewer)
    if user is None:
        return None
    return user.default_entity.name if user.default_entity else user.username


def find_named_entity(*, viewer: Viewer, name: str | None) -> Entity | None:
    """Return the entity of that name, the default one for no name; None for what the viewer may not know of."""
    name = name or default_entity_name(viewer=viewer)
    if not name or not is_storable(name):
        return None
    return find_entity(viewer=viewer, name=name)


def get_named_entity(*, viewer: Viewer, name: str | None) -> Entity:
    entity = find_named_entity(viewer=viewer, name=name)
    if entity is None:
        raise NotFound(f"entity {name!r} not found" if name else "You have no default entity: name one.")
    return entity


def find_project(*, viewer: Viewer, entity_name: str | None, name: str | None) -> Project | None:
    """Return a project by its names without regard to case; the default entity and `uncategorized` when left out."""
    entity_name = entity_name or default_entity_name(viewer=viewer)
    name = name or DEFAULT_PROJECT
    if not entity_name or not is_storable(entity_name) or not is_storable(name):
        return None
    return (
        Project.objects.visible_to(viewer)
        .select_related("entity__organization", "created_by")
        .filter(entity__name_key=names.key(entity_name), name_key=names.key(name))
        .first()
    )


def get_project(*, viewer: Viewer, entity_name: str | None, name: str | None) -> Project:
    """Return the project or raise `NotFound` with the words that the SDK's users know."""
    project = find_project(viewer=viewer, entity_name=entity_name, name=name)
    if project is None:
        where = entity_name or default_entity_name(viewer=viewer)
        raise NotFound(f"project {name or DEFAULT_PROJECT!r} not found under entity {where!r}")
    return project


def list_projects(
    *, viewer: Viewer, entity_name: str | None, first: int | None = None, after: str | None = None
) -> Page[Project]:
    """Return an entity's visible projects by name."""
    entity = find_named_entity(viewer=viewer, name=entity_name)
    rows = Project.objects.visible_to(viewer).select_related("entity__organization", "created_by")
    rows = rows.filter(entity=entity) if entity is not None else rows.none()
    return paginate(rows, kind="projects", order=Order("name_key"), first=first, after=after)


def find_organization(*, viewer: Viewer, name: str) -> Entity | None:
    """Return the organisation of that name if the viewer belongs to it."""
    entity = find_named_entity(viewer=viewer, name=name)
    return entity if entity is not None and entity.kind == Entity.Kind.ORGANISATION else None


def home_organization(*, viewer: Viewer, entity: Entity) -> Entity | None:
    """Return the organisation in which the entity's registries are, an organisation's own being itself."""
    if entity.kind == Entity.Kind.ORGANISATION:
        return entity
    return entity.organization


def list_teams(*, viewer: Viewer) -> list[Entity]:
    """Return the entities to which the viewer can write runs: the own one and the teams, by name."""
    return list(
        Entity.objects.select_related("organization")
        .filter(pk__in=list(viewer.entity_roles))
        .exclude(kind=Entity.Kind.ORGANISATION)
        .order_by("name_key")
    )


def list_organizations(*, viewer: Viewer) -> list[Entity]:
    """Return the viewer's home organisations by name."""
    return list(Entity.objects.filter(pk__in=list(viewer.organization_ids)).order_by("name_key"))


def stored_bytes(*, viewer: Viewer, entity: Entity) -> int:
    """Return how many bytes the entity has uploaded, for its members; 0 for others."""
    if not viewer.is_all_seeing and entity.pk not in viewer.entity_roles:
        return 0
    return Blob.objects.filter(entity=entity).aggregate(total=Sum("size_bytes"))["total"] or 0


def normal(name: str) -> str:
    """Return the stored form of a name given in another Unicode form; raises `InvalidInput` for what is no text."""
    if not is_storable(name):
        raise InvalidInput("A name contains characters that no name has.")
    return unicodedata.normalize("NFC", name)
