"""What the pages of a person's own account, of members and of invitations show."""

from dataclasses import dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db.models import Count
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode

from registry import policies
from registry.core import clock, names
from registry.core.errors import NotFound, Unauthenticated
from registry.core.viewer import Viewer
from registry.models import ApiKey, Entity, EntityMember, Invitation, Project, ProjectMember, User
from registry.queries.accounts import get_entity
from registry.queries.places import ProjectFrame, get_project

MOST = 500


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An API key of the viewer, without its text."""

    pk: int
    public_id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    is_expired: bool


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """The viewer's account: the user, the keys that are not revoked, newest first, and where it is a member."""

    user: User
    keys: list[KeyRow]
    memberships: list["Membership"]
    has_identity: bool


@dataclass(frozen=True, slots=True)
class Membership:
    """A team or an organisation and a role there."""

    entity: str
    kind: str
    role: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A user, or a team, with a role."""

    name: str
    full_name: str
    role: str
    since: datetime
    is_team: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that can still be accepted."""

    pk: int
    role: str
    note: str
    created_by: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team of an organisation."""

    name: str
    member_count: int


@dataclass(frozen=True, slots=True)
class MembersPage:
    """The members of a team or an organisation; invitations and candidates for its admins only."""

    entity: Entity
    can_administer: bool
    members: list[MemberRow]
    invitations: list[InvitationRow]
    teams: list[TeamRow]
    candidates: list[str]


@dataclass(frozen=True, slots=True)
class ProjectMembersPage:
    """Who has which role in a project: by itself, and through its owner."""

    project: ProjectFrame
    owner: str
    owner_kind: str
    members: list[MemberRow]
    owner_members: list[MemberRow]
    candidates: list[str]
    teams: list[str]


def get_own_user(*, viewer: Viewer) -> User:
    user = User.objects.select_related("entity").filter(pk=viewer.user_id or 0).first()
    if user is None:
        raise Unauthenticated("Sign in to see this page.")
    return user


def get_own_account(*, viewer: Viewer) -> OwnAccount:
    user = get_own_user(viewer=viewer)
    now = clock.now()
    keys = [
        KeyRow(
            key.pk,
            key.public_id,
            key.name,
            key.created_at,
            key.last_used_at,
            key.expires_at,
            is_expired=key.expires_at is not None and key.expires_at <= now,
        )
        for key in ApiKey.objects.filter(user=user, revoked_at=None).order_by("-pk")[:MOST]
    ]
    rows = EntityMember.objects.filter(user=user).order_by("entity__kind", "entity__name_key")
    memberships = [Membership(*words) for words in rows.values_list("entity__name", "entity__kind", "role")[:MOST]]
    has_identity = SocialAccount.objects.filter(user=user).exists()
    return OwnAccount(user=user, keys=keys, memberships=memberships, has_identity=has_identity)


def get_own_key(*, viewer: Viewer, pk: int) -> ApiKey:
    keys = ApiKey.objects.select_related("user").filter(user_id=viewer.user_id or 0)
    key = keys.filter(pk=pk).first() if pk < 1 << 63 else None
    if key is None:
        raise NotFound("There is no such key.")
    return key


def get_members_page(*, viewer: Viewer, name: str) -> MembersPage:
    """Return who is in a team or an organisation. Known to everybody of the organisation, and to nobody else."""
    entity = get_member_entity(viewer=viewer, name=name)
    can_administer = policies.can_administer_entity(viewer, entity)
    is_team = entity.kind == Entity.Kind.TEAM
    return MembersPage(
        entity=entity,
        can_administer=can_administer,
        members=_member_rows(entity),
        invitations=_invitation_rows(entity) if can_administer else [],
        teams=[] if is_team else _team_rows(entity.pk),
        candidates=_usernames(entity.organization_id) if can_administer and is_team else [],
    )


def get_member_entity(*, viewer: Viewer, name: str) -> Entity:
    """Return a team or an organisation that the viewer may know of."""
    entity = get_entity(viewer=viewer, name=name)
    if entity.kind == Entity.Kind.USER:
        raise NotFound(f"{entity.name} is one person.")
    return entity


def get_project_members(*, viewer: Viewer, entity: str, project: str) -> ProjectMembersPage:
    """Return the roles in a project. The list is for its admins: `NotFound` and `Forbidden` as for its settings."""
    frame = get_project(viewer=viewer, entity=entity, project=project)
    row = get_administered_project(viewer=viewer, project_id=frame.place.project_id)
    members = ProjectMember.objects.filter(project=row).select_related("user", "team").order_by("pk")[:MOST]
    return ProjectMembersPage(
        project=frame,
        owner=row.entity.name,
        owner_kind=row.entity.kind,
        members=[_project_member_row(member) for member in members],
        owner_members=_member_rows(row.entity),
        candidates=_usernames(row.entity.home_organization_id),
        teams=[team.name for team in _team_rows(row.entity.home_organization_id)],
    )


def get_administered_project(*, viewer: Viewer, project_id: int) -> Project:
    """Return the row for the services. Raises `Forbidden` for who sees the project but is no admin of it."""
    row = Project.objects.visible_to(viewer).select_related("entity").filter(pk=project_id).first()
    if row is None:
        raise NotFound("There is no such project, or you may not see it.")
    policies.require_admin(viewer, row)
    return row


def get_open_invitation(*, viewer: Viewer, token_hash: str) -> Invitation:
    """Return the invitation of that secret, for whoever holds the link."""
    found = Invitation.objects.open(clock.now()).select_related("entity", "created_by")
    invitation = found.filter(token_hash=token_hash).first()
    if invitation is None:
        raise NotFound("This invitation is not valid any more. Ask for a new one.")
    return invitation


def find_linked_user(*, viewer: Viewer, word: str) -> User | None:
    """Return the active user whom the first word of a password link names; the second proves it."""
    try:
        pk = int(force_str(urlsafe_base64_decode(word)))
    except (ValueError, OverflowError):
        return None
    return User.objects.filter(pk=pk, is_active=True).first() if 0 < pk < 1 << 63 else None


def _member_rows(entity: Entity) -> list[MemberRow]:
    rows = EntityMember.objects.filter(entity=entity).select_related("user").order_by("user__username")[:MOST]
    return [
        MemberRow(row.user.username, row.user.name, row.role, row.created_at, is_active=row.user.is_active)
        for row in rows
    ]


def _project_member_row(member: ProjectMember) -> MemberRow:
    if member.user is not None:
        user = member.user
        return MemberRow(user.username, user.name, member.role, member.created_at, is_active=user.is_active)
    return MemberRow(member.team.name if member.team else "", "", member.role, member.created_at, is_team=True)


def _invitation_rows(entity: Entity) -> list[InvitationRow]:
    rows = Invitation.objects.open(clock.now()).filter(entity=entity).select_related("created_by").order_by("-pk")
    return [
        InvitationRow(
            row.pk, row.role, row.note, row.created_by.username if row.created_by else "system", row.expires_at
        )
        for row in rows[:MOST]
    ]


def _team_rows(organization_id: int | None) -> list[TeamRow]:
    teams = Entity.objects.filter(kind=Entity.Kind.TEAM, organization_id=organization_id)
    rows = teams.annotate(member_count=Count("members")).order_by("name_key")[:MOST]
    return [TeamRow(row.name, row.member_count) for row in rows]


def _usernames(organization_id: int | None) -> list[str]:
    rows = EntityMember.objects.filter(entity=organization_id, user__is_active=True).order_by("user__username")
    return list(rows.values_list("user__username", flat=True)[:MOST])


def get_team(*, viewer: Viewer, name: str) -> Entity:
    entity = get_entity(viewer=viewer, name=names.key(name))
    if entity.kind != Entity.Kind.TEAM:
        raise NotFound(f"There is no team {name!r}.")
    return entity
