"""Changes to projects and registries."""

from django.db import transaction

from registry import policies
from registry.core import names
from registry.core.errors import Forbidden, NotFound
from registry.core.viewer import Viewer
from registry.models import Action, Entity, Project, User
from registry.services import audit


@transaction.atomic
def ensure_project(*, viewer: Viewer, entity: Entity, name: str) -> Project:
    """Return the entity's project of that name, made when it is missing, as the SDK expects.

    Names match without regard to case. A registry of an organisation may be made by each of its members and is open
    to all of them. Raises `NotFound` for a project that the viewer may not see, `Forbidden` where none may be made.
    """
    policies.require_signed_in(viewer)
    name = names.clean_project(name)
    project = Project.objects.select_related("entity").filter(entity=entity, name_key=names.key(name)).first()
    if project is not None:
        if not policies.can_view_project(viewer, project):
            raise NotFound(f"project {name!r} not found under entity {entity.name!r}")
        return project
    if not policies.can_create_project(viewer, entity):
        raise Forbidden(f"You may not create a project under entity {entity.name!r}.")
    is_registry = entity.kind == Entity.Kind.ORGANISATION and names.is_registry_project(name)
    project, created = Project.objects.get_or_create(
        entity=entity,
        name_key=names.key(name),
        defaults={
            "name": name,
            "visibility": Project.Visibility.ORGANISATION if is_registry else Project.Visibility.PRIVATE,
            "created_by": User.objects.filter(pk=viewer.user_id).first() if viewer.user_id else None,
        },
    )
    if created:
        audit.record(viewer=viewer, action=Action.PROJECT_CREATED, on=project, project=project)
    return project
