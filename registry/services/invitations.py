"""Inviting people by a link that is good once. Nothing is mailed: whoever invites hands the link over."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction

from registry import policies
from registry.core import clock
from registry.core.errors import InvalidInput, NotFound
from registry.core.text import clean_text
from registry.core.viewer import Role, Viewer
from registry.models import Action, Entity, EntityMember, Invitation, User
from registry.queries.accounts import get_viewer
from registry.services import accounts, audit

DAYS = 7


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@transaction.atomic
def invite_member(*, viewer: Viewer, entity: Entity, role: Role, note: str = "") -> tuple[Invitation, str]:
    """Return an invitation to a team or an organisation, and the secret word of its address, shown this once."""
    policies.require_entity_admin(viewer, entity)
    if entity.kind == Entity.Kind.USER:
        raise InvalidInput("A personal entity has no members.")
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        entity=entity,
        role=role.value,
        note=clean_text("The note", note).strip()[:128],
        token_hash=hash_token(token),
        created_by_id=viewer.user_id,
        expires_at=clock.now() + timedelta(days=DAYS),
    )
    _record(viewer, Action.INVITATION_CREATED, invitation)
    return invitation, token


@transaction.atomic
def revoke_invitation(*, viewer: Viewer, entity: Entity, invitation_id: int) -> bool:
    """Make the link useless; False when it was already."""
    policies.require_entity_admin(viewer, entity)
    invitations = Invitation.objects.select_for_update().filter(entity=entity)
    # neither database can be asked for a number that is no key
    invitation = invitations.filter(pk=invitation_id).first() if invitation_id < 1 << 63 else None
    if invitation is None:
        raise NotFound("There is no such invitation.")
    if invitation.accepted_at or invitation.revoked_at:
        return False
    invitation.revoked_at = clock.now()
    invitation.save(update_fields=["revoked_at"])
    _record(viewer, Action.INVITATION_REVOKED, invitation)
    return True


@transaction.atomic
def accept_invitation(*, viewer: Viewer, token: str) -> Entity:
    """Make the signed-in viewer a member as the invitation says; never less than before. Uses it up."""
    policies.require_signed_in(viewer)
    return _accept(viewer, _open(token), User.objects.get(pk=viewer.user_id or 0))


@transaction.atomic
def join_by_invitation(*, viewer: Viewer, token: str, username: str, name: str, password: str) -> User:
    """Return a new user, made for the holder of the invitation. Uses it up."""
    invitation = _open(token)
    organization = invitation.entity.organization or invitation.entity
    user = accounts.new_user(
        viewer=Viewer(username=username, origin=viewer.origin),
        username=username,
        password=password,
        name=clean_text("The name", name).strip()[:128],
        organization=organization,
    )
    _accept(Viewer(user_id=user.pk, username=user.username, origin=viewer.origin), invitation, user)
    return user


@transaction.atomic
def join_by_identity(*, viewer: Viewer, username: str, name: str) -> User:
    """Return a new user without a password, a member of the home organisation, for a confirmed identity.

    Raises `Conflict` when the name is taken: nobody gets somebody's account by being called alike.
    """
    organization = accounts.ensure_default_organization()
    user = accounts.new_user(
        viewer=Viewer(username=username[:64], origin=viewer.origin),
        username=username,
        password=None,
        name=clean_text("The name", name).strip()[:128],
        organization=organization,
    )
    accounts.add_member(
        viewer=Viewer(username=username, is_all_seeing=True, origin=viewer.origin), entity=organization, user=user
    )
    return user


def _open(token: str) -> Invitation:
    """Return the invitation, locked: of two who use the link at once, one is second."""
    found = Invitation.objects.open(clock.now()).select_for_update(of=("self",)).select_related("entity__organization")
    invitation = found.filter(token_hash=hash_token(token)).first()
    if invitation is None or not _may_still_invite(invitation):
        raise NotFound("This invitation is not valid any more. Ask for a new one.")
    return invitation


def _may_still_invite(invitation: Invitation) -> bool:
    """Tell whether whoever made the link is still an admin there."""
    if invitation.created_by_id is None:
        return True
    try:
        inviter = get_viewer(user_id=invitation.created_by_id)
    except NotFound:
        return False
    return policies.can_administer_entity(inviter, invitation.entity)


def _accept(viewer: Viewer, invitation: Invitation, user: User) -> Entity:
    invitation.accepted_at, invitation.accepted_by = clock.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _record(viewer, Action.INVITATION_ACCEPTED, invitation)
    # the inviter's right was checked when the link was made; the link is what carries it
    right = Viewer(user_id=viewer.user_id, username=viewer.username, is_all_seeing=True, origin=viewer.origin)
    entity, role = invitation.entity, Role(invitation.role)
    if entity.organization is not None:
        accounts.join_organization(viewer=right, organization=entity.organization, user=user)
    held = EntityMember.objects.filter(entity=entity, user=user).first()
    if held is None or not Role(held.role).includes(role):
        accounts.add_member(viewer=right, entity=entity, user=user, role=role)
    return entity


def _record(viewer: Viewer, action: Action, invitation: Invitation) -> None:
    entity = invitation.entity
    audit.record(
        viewer=viewer,
        action=action,
        on=invitation,
        label=f"{invitation.role} of {entity.name}",
        organization_id=entity.home_organization_id,
        after={"role": invitation.role, "note": invitation.note},
    )
