"""Who may do what: predicates over a viewer and rows that are already loaded. No queries."""

from registry.core.errors import Forbidden, Unauthenticated
from registry.core.viewer import Role, Viewer
from registry.models import Entity, Project


def project_role(viewer: Viewer, project: Project) -> Role | None:
    """Return the viewer's role in a project, None for who may only see it or not even that.

    The role in the owning entity counts, or the one given for this project, whichever includes the other.
    """
    if viewer.is_all_seeing:
        return Role.ADMIN
    roles = [viewer.project_roles.get(project.pk), viewer.entity_roles.get(project.entity_id)]
    held = [role for role in roles if role is not None]
    if not held:
        return None
    return max(held, key=list(Role).index)


def can_view_project(viewer: Viewer, project: Project) -> bool:
    """The rule of `Project.objects.visible_to`, for a row whose entity is loaded."""
    if viewer.is_all_seeing or project.entity_id in viewer.entity_ids or project.pk in viewer.project_ids:
        return True
    return (
        project.visibility == Project.Visibility.ORGANISATION
        and project.entity.home_organization_id in viewer.organization_ids
    )


def can_write_project(viewer: Viewer, project: Project) -> bool:
    role = project_role(viewer, project)
    return role is not None and role.includes(Role.MEMBER)


def can_administer_project(viewer: Viewer, project: Project) -> bool:
    role = project_role(viewer, project)
    return role is not None and role.includes(Role.ADMIN)


def can_create_project(viewer: Viewer, entity: Entity) -> bool:
    if viewer.is_all_seeing:
        return True
    role = viewer.entity_roles.get(entity.pk)
    return role is not None and role.includes(Role.MEMBER)


def require_signed_in(viewer: Viewer) -> None:
    if not viewer.is_authenticated:
        raise Unauthenticated("Sign in first.")


def require_write(viewer: Viewer, project: Project) -> None:
    require_signed_in(viewer)
    if not can_write_project(viewer, project):
        raise Forbidden(f"You may not write to {project.entity.name}/{project.name}.")


def require_admin(viewer: Viewer, project: Project) -> None:
    require_signed_in(viewer)
    if not can_administer_project(viewer, project):
        raise Forbidden(f"Only admins of {project.entity.name}/{project.name} may do this.")


def can_administer_entity(viewer: Viewer, entity: Entity) -> bool:
    """The admins of a team or an organisation may; a team's organisation may too."""
    if viewer.is_all_seeing:
        return True
    places = [entity.pk] if entity.kind == Entity.Kind.USER else [entity.pk, entity.home_organization_id]
    return any(place is not None and viewer.entity_roles.get(place) is Role.ADMIN for place in places)


def require_entity_admin(viewer: Viewer, entity: Entity) -> None:
    require_signed_in(viewer)
    if not can_administer_entity(viewer, entity):
        raise Forbidden(f"Only admins of {entity.name} may do this.")
