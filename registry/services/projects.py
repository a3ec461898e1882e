"""Changes to projects and registries."""

from django.db import transaction

from registry import policies
from registry.core import names
from registry.core.errors import Forbidden, InvalidInput, NotFound
from registry.core.text import clean_text
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


def lock_project(project_id: int) -> Project:
    """Return the row, locked until the transaction ends; `NotFound` when it is gone.

    What the project says of itself and who has which role in it change under this lock only. It is taken after a
    run's and before a collection's.
    """
    # no_key: rows that refer to the project can be written meanwhile
    locked = Project.objects.select_related("entity").select_for_update(of=("self",), no_key=True)
    project = locked.filter(pk=project_id).first()
    if project is None:
        raise NotFound("This project does not exist.")
    return project


@transaction.atomic
def change_project(
    *,
    viewer: Viewer,
    project_id: int,
    description: str,
    visibility: str,
    accepted_types: list[str] | None,
) -> bool:
    """Change what the admins of a project decide; False when nothing differs."""
    project = lock_project(project_id)
    policies.require_admin(viewer, project)
    if visibility not in Project.Visibility.values:
        raise InvalidInput(f"The visibility {visibility!r} does not exist.")
    types = sorted({names.clean_type(name) for name in accepted_types}) if accepted_types else None
    wanted = {
        "description": clean_text("The description", description),
        "visibility": visibility,
        "accepted_types": types,
    }
    before = {name: getattr(project, name) for name in wanted}
    changed = sorted(name for name in wanted if wanted[name] != before[name])
    if not changed:
        return False
    for name in changed:
        setattr(project, name, wanted[name])
    project.save(update_fields=changed)
    audit.record(
        viewer=viewer,
        action=Action.PROJECT_CHANGED,
        on=project,
        project=project,
        before={name: before[name] for name in changed},
        after={name: wanted[name] for name in changed},
    )
    return True


@transaction.atomic
def describe_project(*, viewer: Viewer, project: Project, description: str) -> bool:
    """Set the project's description; False when it is the same."""
    policies.require_write(viewer, project)
    description = clean_text("description", description)
    before, project.description = lock_project(project.pk).description, description
    if before == description:
        return False
    project.save(update_fields=["description"])
    audit.record(
        viewer=viewer,
        action=Action.PROJECT_CHANGED,
        on=project,
        project=project,
        before={"description": before},
        after={"description": description},
    )
    return True
