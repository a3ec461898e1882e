"""Changes to who may do what in a single project or registry, beyond what its owner's members may."""

from typing import Any

from django.db import transaction

from registry import policies
from registry.core.errors import InvalidInput, NotFound
from registry.core.viewer import Role, Viewer
from registry.models import Action, Entity, EntityMember, Project, ProjectMember, User
from registry.services import audit
from registry.services.projects import lock_project


@transaction.atomic
def set_project_role(
    *, viewer: Viewer, project: Project, role: Role, user: User | None = None, team: Entity | None = None
) -> bool:
    """Give a user, or everybody of a team, that role in a project or registry; False when it was held already.

    Raises `Forbidden` for who is not an admin of the project, `InvalidInput` for who is not of its organisation.
    """
    policies.require_admin(viewer, project)
    whom = _whom(user, team)
    _require_same_organization(project, user, team)
    project = lock_project(project.pk)
    member, created = ProjectMember.objects.get_or_create(project=project, **whom, defaults={"role": role.value})
    if not created and member.role == role:
        return False
    before = None if created else {"role": member.role}
    if not created:
        member.role = role.value
        member.save(update_fields=["role"])
    audit.record(
        viewer=viewer,
        action=Action.MEMBER_ADDED if created else Action.ROLE_CHANGED,
        on=member,
        label=_label(project, user, team),
        project=project,
        before=before,
        after={"role": role.value},
    )
    return True


@transaction.atomic
def remove_project_member(
    *, viewer: Viewer, project: Project, user: User | None = None, team: Entity | None = None
) -> bool:
    """Take back what `set_project_role` gave; False when nothing was given."""
    policies.require_admin(viewer, project)
    project = lock_project(project.pk)
    member = ProjectMember.objects.filter(project=project, **_whom(user, team)).first()
    if member is None:
        return False
    audit.record(
        viewer=viewer,
        action=Action.MEMBER_REMOVED,
        on=member,
        label=_label(project, user, team),
        project=project,
        before={"role": member.role},
    )
    member.delete()
    return True


def _whom(user: User | None, team: Entity | None) -> dict[str, Any]:
    if (user is None) == (team is None):
        raise InvalidInput("Name either a user or a team.")
    if team is not None and team.kind != Entity.Kind.TEAM:
        raise InvalidInput(f"{team.name} is not a team.")
    return {"user": user} if user is not None else {"team": team}


def _require_same_organization(project: Project, user: User | None, team: Entity | None) -> None:
    organization_id = project.entity.home_organization_id
    if user is not None and not EntityMember.objects.filter(entity=organization_id, user=user).exists():
        raise InvalidInput(f"{user.username} is not a member of the organisation.")
    if team is not None and team.organization_id != organization_id:
        raise NotFound(f"There is no team {team.name!r}.")


def _label(project: Project, user: User | None, team: Entity | None) -> str:
    name = user.username if user is not None else team.name if team is not None else ""
    return f"{name} in {project.entity.name}/{project.name}"
