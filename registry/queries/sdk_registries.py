"""Reads of an organisation's registries for the SDK: the registries, what is in them, and who may do what there."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from registry import policies
from registry.core import names
from registry.core.viewer import Role, Viewer
from registry.models import (
    Action,
    Artifact,
    ArtifactCollection,
    AuditEvent,
    CollectionMembership,
    Entity,
    EntityMember,
    Project,
    ProjectMember,
    User,
)
from registry.queries import mongo, sdk_collections
from registry.queries.paging import Order, Page, paginate
from registry.queries.sdk_collections import Member, order_by
from registry.queries.sdk_projects import find_project, normal

_MOST_MEMBERS = 1000
_MOST_USERS = 50
_MOST_CHANGES = 50
_ORDERS = {"name": "name_key", "created_at": "created_at", "createdAt": "created_at", "updated_at": "created_at"}
_LINK_ORDERS = {"linked_at": "created_at", "acm_created_at": "created_at"}
_LINK_ORDERS |= dict.fromkeys(("created_at", "createdAt", "artifact_created_at"), "artifact__created_at")
_LINK_ORDERS |= {"artifact_size": "artifact__size_bytes", "version_index": "version"}
_FILTERS: dict[str, mongo.Column] = {
    "name": mongo.text("name_key", names.key),
    "description": mongo.text("description"),
    "entity_id": mongo.number("entity_id"),
    **dict.fromkeys(("id", "project_id"), mongo.number("pk")),
    **dict.fromkeys(("created_at", "updated_at"), mongo.moment("created_at")),
}


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """A user or a team with a role in a project."""

    user: User | None
    team: Entity | None
    role: Role


def _registries(viewer: Viewer, organization: Entity, filters: str | None) -> QuerySet[Project]:
    rows = Project.objects.visible_to(viewer).registries().filter(entity=organization)
    return mongo.filtered(rows.select_related("entity__organization", "created_by"), filters, _FILTERS)


def find_project_by_pk(*, viewer: Viewer, pk: int) -> Project | None:
    rows = Project.objects.visible_to(viewer).select_related("entity__organization", "created_by")
    return rows.filter(pk=pk).first()


def find_renamed_registry(*, viewer: Viewer, entity_name: str | None, old: str, new: str) -> Project | None:
    """Return the registry that was last renamed so, for its admins: the request may come again, its answer lost."""
    found = find_project(viewer=viewer, entity_name=entity_name, name=new)
    if found is None or not found.is_registry or not policies.can_administer_project(viewer, found):
        return None
    changes = AuditEvent.objects.filter(project_id=found.pk, object_type="project", action=Action.PROJECT_CHANGED)
    for before in changes.order_by("-pk").values_list("before", flat=True)[:_MOST_CHANGES]:
        if before and "name" in before:
            return found if names.key(before["name"]) == names.key(old) else None
    return None


def has_deleted_registry(*, viewer: Viewer, pk: int) -> bool:
    """Tell whether the viewer deleted the registry of that number; nobody else learns that there was one."""
    deleted = AuditEvent.objects.filter(object_type="project", object_id=pk, action=Action.PROJECT_DELETED)
    return viewer.user_id is not None and deleted.filter(actor_id=viewer.user_id).exists()


def list_registries(
    *,
    viewer: Viewer,
    organization: Entity,
    filters: str | None = None,
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[Project]:
    """Return the visible registries of the organisation, by name."""
    by = order_by(order, _ORDERS, Order("name_key"))
    rows = _registries(viewer, organization, filters)
    return paginate(rows, kind="registries", order=by, first=first, after=after)


def list_collections(
    *,
    viewer: Viewer,
    organization: Entity,
    registries: str | None = None,
    filters: str | None = None,
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[ArtifactCollection]:
    """Return the collections in the registries for which one filter holds that the other holds for, by name."""
    rows = _collections(viewer, organization, registries, filters).select_related("project__entity__organization")
    by = order_by(order, sdk_collections.COLLECTION_ORDERS, Order("name"))
    return paginate(rows.prefetch_related("tags"), kind="registry collections", order=by, first=first, after=after)


def count_collections(
    *, viewer: Viewer, organization: Entity, registries: str | None = None, filters: str | None = None
) -> int:
    return _collections(viewer, organization, registries, filters).count()


def _collections(
    viewer: Viewer, organization: Entity, registries: str | None, filters: str | None
) -> QuerySet[ArtifactCollection]:
    within = _registries(viewer, organization, registries)
    rows = ArtifactCollection.objects.present().filter(
        project__in=within.values("pk"), kind=ArtifactCollection.Kind.PORTFOLIO
    )
    return mongo.filtered(rows, filters, sdk_collections.COLLECTION_FILTERS)


def list_links(
    *,
    viewer: Viewer,
    organization: Entity,
    registries: str | None = None,
    collections: str | None = None,
    filters: str | None = None,
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> tuple[Page[CollectionMembership], list[Member]]:
    """Return the links in the collections of the registries, oldest link first, and each as a member."""
    within = _collections(viewer, organization, registries, collections)
    rows = CollectionMembership.objects.filter(
        collection__in=within.values("pk"), artifact__state=Artifact.State.COMMITTED
    )
    rows = mongo.filtered(rows, filters, sdk_collections.MEMBERSHIP_FILTERS)
    rows = rows.select_related(
        "collection__project__entity__organization", "artifact__collection__project__entity__organization"
    ).prefetch_related("artifact__aliases__collection__project__entity", "artifact__tags")
    by = order_by(order, _LINK_ORDERS, Order())
    page = paginate(rows, kind="registry versions", order=by, first=first, after=after)
    return page, [Member(link.collection, link.artifact, link.version, link.created_at) for link in page.items]


# --- people -------------------------------------------------------------------------------------------------------


def list_user_roles(*, viewer: Viewer, project: Project) -> list[RoleHolder]:
    """Return who has a role in the project, by name: the greater of that in its owner and that in the project itself.

    A registry that is not open to its organisation counts only its admins among the organisation's members.
    """
    held: dict[int, RoleHolder] = {}
    owned = EntityMember.objects.filter(entity=project.entity_id).select_related("user__default_entity")
    if project.visibility == Project.Visibility.PRIVATE and project.entity.kind == Entity.Kind.ORGANISATION:
        owned = owned.filter(role=Role.ADMIN.value)
    for member in owned.order_by("pk")[:_MOST_MEMBERS]:
        held[member.user_id] = RoleHolder(member.user, None, Role(member.role))
    given = ProjectMember.objects.filter(project=project, team=None).select_related("user__default_entity")
    for one in given.order_by("pk")[:_MOST_MEMBERS]:
        if one.user is None or (one.user.pk in held and held[one.user.pk].role.includes(Role(one.role))):
            continue
        held[one.user.pk] = RoleHolder(one.user, None, Role(one.role))
    return sorted(held.values(), key=lambda one: one.user.username if one.user else "")


def list_team_roles(*, viewer: Viewer, project: Project) -> list[RoleHolder]:
    """Return the teams that have a role in the project, by name."""
    rows = ProjectMember.objects.filter(project=project, user=None).select_related("team__organization")
    rows = rows.order_by("team__name_key")[:_MOST_MEMBERS]
    return [RoleHolder(None, row.team, Role(row.role)) for row in rows]


def list_entity_members(*, viewer: Viewer, entity: Entity) -> list[RoleHolder]:
    """Return the members of a team or an organisation, by name, for who is of the organisation."""
    if not viewer.is_all_seeing and entity.home_organization_id not in viewer.organization_ids:
        return []
    rows = EntityMember.objects.filter(entity=entity).select_related("user__default_entity")
    rows = rows.order_by("user__username")[:_MOST_MEMBERS]
    return [RoleHolder(row.user, None, Role(row.role)) for row in rows]


def search_users(*, viewer: Viewer, text: str | None) -> list[User]:
    """Return the active users of the viewer's organisations whose user name contains the text, by name.

    For administrators of the installation a whole mail address will do, too.
    """
    rows = User.objects.filter(is_active=True).select_related("default_entity")
    if not viewer.is_all_seeing:
        together = EntityMember.objects.filter(entity__in=viewer.organization_ids).values("user")
        rows = rows.filter(pk__in=together)
    if text:
        named = Q(username__icontains=normal(text))
        rows = rows.filter(named | Q(email__iexact=normal(text)) if viewer.is_all_seeing else named)
    return list(rows.order_by("username")[:_MOST_USERS])


def find_user_by_pk(*, viewer: Viewer, pk: int) -> User | None:
    """Return an active user of the viewer's organisations."""
    rows = User.objects.filter(pk=pk, is_active=True)
    if not viewer.is_all_seeing:
        rows = rows.filter(memberships__entity__in=viewer.organization_ids).distinct()
    return rows.first()


def find_team_by_pk(*, viewer: Viewer, pk: int) -> Entity | None:
    """Return a team of the viewer's organisations."""
    rows = Entity.objects.select_related("organization").filter(pk=pk, kind=Entity.Kind.TEAM)
    if not viewer.is_all_seeing:
        rows = rows.filter(organization__in=viewer.organization_ids)
    return rows.first()
