"""Reads of users, entities and keys."""

from django.db.models import Q, Value

from registry.core.errors import NotFound
from registry.core.names import key
from registry.core.viewer import Origin, Role, Viewer
from registry.models import Entity, EntityMember, ProjectMember, User

# beside the kinds of entities
PROJECT = "project"


def get_viewer(*, user_id: int, origin: Origin | None = None) -> Viewer:
    """Load an active user with the memberships, in two queries. Raises `NotFound` for anyone else."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound("This user does not exist.")
    return viewer_of_user(user, origin)


def viewer_of_user(user: User, origin: Origin | None = None) -> Viewer:
    """Load the memberships of a user that is known to be active, in one query."""
    entity_roles: dict[int, Role] = {}
    project_roles: dict[int, Role] = {}
    organizations: set[int] = set()
    # the own entity has no members: its owner is its admin
    entities = Entity.objects.filter(Q(user=user) | Q(members__user=user)).values_list("pk", "kind", "members__role")
    teams = EntityMember.objects.filter(user=user).values("entity_id")
    granted = ProjectMember.objects.filter(Q(user=user) | Q(team__in=teams))
    for key_of, kind, name in entities.union(granted.values_list("project_id", Value(PROJECT), "role"), all=True):
        role = Role(name or Role.ADMIN)
        if kind == PROJECT:
            held = project_roles.get(key_of)
            project_roles[key_of] = role if held is None or role.includes(held) else held
            continue
        entity_roles[key_of] = role
        if kind == Entity.Kind.ORGANISATION:
            organizations.add(key_of)
    return Viewer(
        user_id=user.pk,
        username=user.username,
        is_all_seeing=user.is_superuser,
        entity_roles=entity_roles,
        project_roles=project_roles,
        organization_ids=frozenset(organizations),
        origin=origin or Origin(),
    )


def find_entity(*, viewer: Viewer, name: str) -> Entity | None:
    """Return the entity of that name, upper and lower case alike, if the viewer may know of it.

    Known are the viewer's own entities and everything of the viewer's organisations.
    """
    entity = Entity.objects.select_related("organization", "user").filter(name_key=key(name)).first()
    if entity is None or viewer.is_all_seeing or entity.pk in viewer.entity_roles:
        return entity
    return entity if entity.home_organization_id in viewer.organization_ids else None


def get_entity(*, viewer: Viewer, name: str) -> Entity:
    entity = find_entity(viewer=viewer, name=name)
    if entity is None:
        raise NotFound(f"entity {name!r} not found")
    return entity


def get_user(*, viewer: Viewer, username: str) -> User:
    """Return the user of exactly that name. Everybody of an installation knows everybody's user name."""
    user = User.objects.filter(username=username).first() if viewer.is_authenticated else None
    if user is None:
        raise NotFound(f"There is no user {username!r}.")
    return user


def get_organization(*, viewer: Viewer, name: str) -> Entity:
    entity = find_entity(viewer=viewer, name=name)
    if entity is None or entity.kind != Entity.Kind.ORGANISATION:
        raise NotFound(f"There is no organisation {name!r}.")
    return entity


def list_members(*, viewer: Viewer, entity: Entity) -> list[tuple[str, Role]]:
    """Return the user names and roles of a team or an organisation, by name."""
    if not viewer.is_all_seeing and entity.home_organization_id not in viewer.organization_ids:
        return []
    members = EntityMember.objects.filter(entity=entity).order_by("user__username")
    return [(username, Role(role)) for username, role in members.values_list("user__username", "role")]
