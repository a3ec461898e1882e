"""What the admins of an organisation do on its pages: start teams, and give roles to who is already in it."""

from django.db import transaction

from registry import policies
from registry.core import names
from registry.core.errors import Conflict, InvalidInput
from registry.core.viewer import Role, Viewer
from registry.models import Entity, EntityMember, User
from registry.services import accounts


@transaction.atomic
def start_team(*, viewer: Viewer, name: str, organization: Entity) -> Entity:
    """Return a new team; `Conflict` when the name is taken, even by a team."""
    if organization.kind != Entity.Kind.ORGANISATION:
        raise InvalidInput("Only an organisation has teams.")
    if Entity.objects.filter(name_key=names.key(names.clean_entity(name))).exists():
        raise Conflict(f"The name {name!r} is already taken.")
    return accounts.create_team(viewer=viewer, name=name, organization=organization)


@transaction.atomic
def change_member(*, viewer: Viewer, entity: Entity, user: User, role: Role) -> EntityMember:
    """Do as `add_member`, for a page: nobody is brought into an organisation unasked, only by an invitation."""
    policies.require_entity_admin(viewer, entity)
    known = entity.pk if entity.kind == Entity.Kind.ORGANISATION else entity.organization_id
    if not EntityMember.objects.filter(entity=known, user=user).exists():
        raise InvalidInput(f"{user.username} is not a member of the organisation. Send an invitation.")
    return accounts.add_member(viewer=viewer, entity=entity, user=user, role=role)


@transaction.atomic
def ensure_team(*, viewer: Viewer, name: str, organization: Entity, admin: User | None = None) -> Entity:
    """Do as `start_team`, and return a team that is already just so: a request may be sent again.

    `admin` is of the organisation and administers the team beside the viewer.
    """
    Entity.objects.select_for_update().get(pk=organization.pk)
    team = Entity.objects.filter(name_key=names.key(names.clean_entity(name)), organization=organization).first()
    wanted = viewer.user_id if admin is None else admin.pk
    if team is not None and team.kind == Entity.Kind.TEAM and policies.can_administer_entity(viewer, organization):
        admins = EntityMember.objects.filter(entity=team, role=Role.ADMIN.value)
        if wanted is not None and admins.filter(user_id=wanted).exists():
            return team
    team = start_team(viewer=viewer, name=name, organization=organization)
    if admin is not None:
        change_member(viewer=viewer, entity=team, user=admin, role=Role.ADMIN)
    return team


@transaction.atomic
def include_member(*, viewer: Viewer, entity: Entity, user: User, role: Role) -> EntityMember:
    """Do as `change_member`, but leave a role that says as much or more."""
    policies.require_entity_admin(viewer, entity)
    held = EntityMember.objects.filter(entity=entity, user=user).first()
    if held is not None and Role(held.role).includes(role):
        return held
    return change_member(viewer=viewer, entity=entity, user=user, role=role)
