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
