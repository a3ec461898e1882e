"""Changes to users, teams, organisations and API keys."""

import hashlib
import re
import secrets
import string
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from registry import policies
from registry.core import clock, names
from registry.core.errors import Conflict, Forbidden, InvalidInput
from registry.core.viewer import ActorKind, Role, Viewer
from registry.models import Action, ApiKey, Entity, EntityMember, Project, ProjectMember, User
from registry.services import audit, people

DEFAULT_REGISTRIES = ("Model", "Dataset")
_BASE62 = string.ascii_letters + string.digits
_PUBLIC_ID_LENGTH = 8
# the SDK's own rule: what follows the first dash, if there is one, has at least 40 characters
_SDK_KEY = re.compile(r"[A-Za-z0-9_.]*-[A-Za-z0-9_-]{40,}|[A-Za-z0-9_]{40,}")
_MAX_KEY_LENGTH = 256


def new_key_text() -> str:
    """Return a fresh API key: an 8-character public id, a dash, 40 base62 characters (238 bits)."""
    public, secret = ("".join(secrets.choice(_BASE62) for _ in range(length)) for length in (_PUBLIC_ID_LENGTH, 40))
    return f"{public}-{secret}"


def hash_key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def ensure_default_organization() -> Entity:
    """Return the installation's home organisation, making it and its registries on first use."""
    existing = Entity.objects.filter(kind=Entity.Kind.ORGANISATION).order_by("pk").first()
    if existing is not None:
        return existing
    return create_organization(viewer=Viewer.system(), name=settings.ORGANIZATION_NAME)


@transaction.atomic
def create_organization(*, viewer: Viewer, name: str) -> Entity:
    """Return the organisation of that name with its registries Model and Dataset, making what is missing."""
    _require_system(viewer)
    name = names.clean_entity(name)
    entity, created = _get_or_create_entity(Entity.Kind.ORGANISATION, name)
    if created:
        audit.record(viewer=viewer, action=Action.ORGANIZATION_CREATED, on=entity, organization_id=entity.pk)
        for registry in DEFAULT_REGISTRIES:
            _create_registry(viewer, entity, registry)
    return entity


def _create_registry(viewer: Viewer, organization: Entity, name: str) -> None:
    project_name = names.REGISTRY_PREFIX + name.lower()
    project = Project.objects.create(
        entity=organization,
        name=names.REGISTRY_PREFIX + name,
        name_key=names.key(project_name),
        visibility=Project.Visibility.ORGANISATION,
        accepted_types=[name.lower()],
    )
    audit.record(viewer=viewer, action=Action.PROJECT_CREATED, on=project, project=project)


@transaction.atomic
def create_team(*, viewer: Viewer, name: str, organization: Entity) -> Entity:
    """Return the team of that name; `Conflict` when the name belongs to something else.

    An admin of the organisation who makes a new team is its first admin.
    """
    policies.require_entity_admin(viewer, organization)
    entity, created = _get_or_create_entity(Entity.Kind.TEAM, names.clean_entity(name), organization)
    if entity.organization_id != organization.pk:
        raise Conflict(f"The team {entity.name!r} belongs to another organisation.")
    if created:
        audit.record(viewer=viewer, action=Action.TEAM_CREATED, on=entity, organization_id=organization.pk)
        if viewer.user_id is not None:
            add_member(viewer=viewer, entity=entity, user=User.objects.get(pk=viewer.user_id), role=Role.ADMIN)
    return entity


def _get_or_create_entity(kind: Entity.Kind, name: str, organization: Entity | None = None) -> tuple[Entity, bool]:
    entity, created = Entity.objects.select_related("organization").get_or_create(
        name_key=names.key(name), defaults={"kind": kind, "name": name, "organization": organization}
    )
    if entity.kind != kind:
        raise Conflict(f"The name {name!r} is taken by the {Entity.Kind(entity.kind).label.lower()} {entity.name!r}.")
    return entity, created


@transaction.atomic
def create_user(
    *, viewer: Viewer, username: str, password: str | None = None, name: str = "", is_admin: bool = False
) -> tuple[User, bool]:
    """Return the user and whether it is new. A new one joins the home organisation as a member (admins as admin).

    For an existing user the password is set when given, and rights are added, never taken.
    """
    _require_system(viewer)
    username = names.clean_username(username)
    organization = ensure_default_organization()
    user = User.objects.filter(username=username).first()
    created = user is None
    if user is None:
        user = new_user(viewer=viewer, username=username, password=password, name=name, organization=organization)
    elif password is not None:
        people.set_password(viewer=viewer, user=user, password=password)
    if is_admin and not user.is_superuser:
        people.change_rights(viewer=viewer, user=user, is_superuser=True)
    if created or is_admin:
        add_member(viewer=viewer, entity=organization, user=user, role=Role.ADMIN if is_admin else Role.MEMBER)
    return user, created


@transaction.atomic
def new_user(*, viewer: Viewer, username: str, password: str | None, name: str, organization: Entity) -> User:
    """Return a new user with the entity that owns the user's own projects, a member of nothing yet."""
    username = names.clean_username(username)
    if Entity.objects.filter(name_key=names.key(username)).exists() or User.objects.filter(username=username).exists():
        raise Conflict(f"The name {username!r} is already taken.")
    user = User.objects.create_user(username=username, password=password, name=name)
    entity = Entity.objects.create(
        kind=Entity.Kind.USER, name=username, name_key=names.key(username), organization=organization, user=user
    )
    audit.record(viewer=viewer, action=Action.USER_CREATED, on=user, organization_id=organization.pk, label=entity.name)
    return user


@transaction.atomic
def add_member(*, viewer: Viewer, entity: Entity, user: User, role: Role = Role.MEMBER) -> EntityMember:
    """Give the user that role in a team or an organisation, whatever it was before.

    Raises `Conflict` when nobody would be left to administer it, `InvalidInput` for a team of another organisation.
    """
    policies.require_entity_admin(viewer, entity)
    if entity.kind == Entity.Kind.USER:
        raise InvalidInput("A personal entity has no members.")
    if role is not Role.ADMIN:
        _require_another_admin(entity, user)
    member, created = EntityMember.objects.get_or_create(entity=entity, user=user, defaults={"role": role})
    if created:
        audit.record(
            viewer=viewer,
            action=Action.MEMBER_ADDED,
            on=member,
            label=f"{user.username} in {entity.name}",
            organization_id=entity.home_organization_id,
            after={"role": role.value},
        )
    elif member.role != role:
        before, member.role = member.role, role.value
        member.save(update_fields=["role"])
        audit.record(
            viewer=viewer,
            action=Action.ROLE_CHANGED,
            on=member,
            label=f"{user.username} in {entity.name}",
            organization_id=entity.home_organization_id,
            before={"role": before},
            after={"role": role.value},
        )
    return member


@transaction.atomic
def remove_member(*, viewer: Viewer, entity: Entity, user: User) -> bool:
    """Take the user out of a team or an organisation; False when not in it.

    Who leaves an organisation leaves its teams and loses the roles in its single projects too. Everybody may leave.
    Raises `Conflict` for the last admin.
    """
    if viewer.user_id != user.pk:
        policies.require_entity_admin(viewer, entity)
    member = EntityMember.objects.filter(entity=entity, user=user).first()
    if member is None:
        return False
    _require_another_admin(entity, user)
    if entity.kind == Entity.Kind.ORGANISATION:
        _leave_everything_of(viewer, entity, user)
    User.objects.filter(pk=user.pk, default_entity=entity).update(default_entity=None)
    audit.record(
        viewer=viewer,
        action=Action.MEMBER_REMOVED,
        on=member,
        label=f"{user.username} in {entity.name}",
        organization_id=entity.home_organization_id,
        before={"role": member.role},
    )
    member.delete()
    return True


def _leave_everything_of(viewer: Viewer, organization: Entity, user: User) -> None:
    teams = Entity.objects.filter(organization=organization, kind=Entity.Kind.TEAM, members__user=user)
    for team in teams.select_related("organization"):
        remove_member(viewer=viewer, entity=team, user=user)
    granted = ProjectMember.objects.filter(user=user).filter(
        Q(project__entity=organization) | Q(project__entity__organization=organization)
    )
    for member in granted.select_related("project__entity"):
        project = member.project
        audit.record(
            viewer=viewer,
            action=Action.MEMBER_REMOVED,
            on=member,
            label=f"{user.username} in {project.entity.name}/{project.name}",
            project=project,
            before={"role": member.role},
        )
        member.delete()


def _require_another_admin(entity: Entity, user: User) -> None:
    """Refuse to lose the last admin. The row of the entity is locked: two admins may leave at the same moment."""
    Entity.objects.select_for_update().get(pk=entity.pk)
    admins = EntityMember.objects.filter(entity=entity, role=Role.ADMIN.value, user__is_active=True)
    if admins.filter(user=user).exists() and not admins.exclude(user=user).exists():
        raise Conflict(f"{user.username} is the last admin of {entity.name}: make somebody else an admin first.")


@transaction.atomic
def join_organization(*, viewer: Viewer, organization: Entity, user: User) -> None:
    """Make the user a member of the organisation, keeping a role that is already held."""
    _require_system(viewer)
    if not EntityMember.objects.filter(entity=organization, user=user).exists():
        add_member(viewer=viewer, entity=organization, user=user)


@transaction.atomic
def set_home_organization(*, viewer: Viewer, user: User, organization: Entity) -> None:
    """Make the organisation the one in which the user's bare registry names are looked up."""
    _require_system(viewer)
    Entity.objects.filter(user=user).exclude(organization=organization).update(organization=organization)


@transaction.atomic
def create_api_key(
    *, viewer: Viewer, user: User, text: str | None = None, name: str = "", expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Return a key of the user and its text, the given one or a new one.

    Giving the text of a key that the user already has changes nothing. Raises `InvalidInput` for a text that the
    SDK would refuse and `Conflict` for another user's.
    """
    if not viewer.is_all_seeing and viewer.user_id != user.pk:
        raise Forbidden("You may make keys for yourself only.")
    if text is None:
        text = new_key_text()
    if len(text) > _MAX_KEY_LENGTH or not _SDK_KEY.fullmatch(text):
        raise InvalidInput(
            "An API key has at least 40 characters from letters, digits and '_', after an optional prefix and dash."
        )
    existing = ApiKey.objects.filter(key_hash=hash_key(text)).first()
    if existing is not None:
        if existing.user_id != user.pk or existing.revoked_at is not None:
            raise Conflict("This API key is already in use or was revoked.")
        return existing, text
    end = _earliest(expires_at, _end_of_own_key(viewer))
    key = ApiKey.objects.create(
        user=user, public_id=text[:_PUBLIC_ID_LENGTH], key_hash=hash_key(text), name=name, expires_at=end
    )
    audit.record(viewer=viewer, action=Action.KEY_CREATED, on=key, label=f"{key} of {user.username}")
    return key, text


def _end_of_own_key(viewer: Viewer) -> datetime | None:
    """Return when the key ends with which the viewer asks: a key makes none that outlives it."""
    if viewer.origin.kind != ActorKind.API_KEY:
        return None
    own = ApiKey.objects.filter(user_id=viewer.user_id or 0, public_id=viewer.origin.key_prefix)
    return own.exclude(expires_at=None).order_by("expires_at").values_list("expires_at", flat=True).first()


def _earliest(*ends: datetime | None) -> datetime | None:
    return min((end for end in ends if end is not None), default=None)


@transaction.atomic
def revoke_api_key(*, viewer: Viewer, key: ApiKey) -> None:
    """Make the key useless from now on; revoking it again changes nothing."""
    if not viewer.is_all_seeing and viewer.user_id != key.user_id:
        raise Forbidden("You may revoke your own keys only.")
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now()):
        audit.record(viewer=viewer, action=Action.KEY_REVOKED, on=key, label=f"{key} of {key.user.username}")


def note_key_use(*, key_id: int, now: datetime) -> None:
    """Remember when a key was last used. Not audited: it is telemetry."""
    ApiKey.objects.filter(pk=key_id).update(last_used_at=now)


def _require_system(viewer: Viewer) -> None:
    if not viewer.is_all_seeing:
        raise Forbidden("Only administrators of this installation may do this.")
