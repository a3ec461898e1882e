"""Registries and collections made, changed and deleted by hand."""

from collections.abc import Sequence

from django.db import transaction

from registry import policies
from registry.core import clock, names
from registry.core.errors import Conflict, Forbidden, InvalidInput
from registry.core.text import clean_text
from registry.core.viewer import Role, Viewer
from registry.models import (
    Action,
    Alias,
    Artifact,
    ArtifactCollection,
    CollectionMembership,
    Entity,
    Project,
    ProjectMember,
    Run,
)
from registry.services import audit
from registry.services.aliases import drop_alias, require_alias_right
from registry.services.collections import ensure_collection, lock_collection, version_in
from registry.services.curation import change_collection
from registry.services.links import source_name
from registry.services.projects import change_project, ensure_project, lock_project
from registry.services.versions import delete_version

MOST_VERSIONS_DELETED = 500


@transaction.atomic
def create_registry(
    *, viewer: Viewer, organization: Entity, name: str, description: str = "", accepted_types: list[str] | None = None
) -> Project:
    """Make a registry of the organisation, open to all of it. Its maker needs no role beyond that of a member.

    Raises `Conflict` when there is one of that name.
    """
    policies.require_signed_in(viewer)
    if not policies.can_create_project(viewer, organization):
        raise Forbidden(f"You may not create a registry of {organization.name}.")
    full_name = names.clean_project(f"{names.REGISTRY_PREFIX}{names.clean_project(name)}")
    if Project.objects.filter(entity=organization, name_key=names.key(full_name)).exists():
        raise Conflict(f"{organization.name} already has a registry {name!r}.")
    registry = ensure_project(viewer=viewer, entity=organization, name=full_name)
    types = sorted({names.clean_type(kind) for kind in accepted_types or ()}) or None
    description = clean_text("The description", description)
    if description or types:
        registry.description, registry.accepted_types = description, types
        registry.save(update_fields=["description", "accepted_types"])
        audit.record(
            viewer=viewer,
            action=Action.PROJECT_CHANGED,
            on=registry,
            project=registry,
            before={"description": "", "accepted_types": None},
            after={"description": description, "accepted_types": types},
        )
    return registry


@transaction.atomic
def create_collection(
    *, viewer: Viewer, project: Project, name: str, type_name: str, description: str = ""
) -> ArtifactCollection:
    """Make an empty collection for links. Raises `Conflict` when the name is taken or the type is not accepted."""
    policies.require_write(viewer, project)
    name = names.clean_collection(name)
    if ArtifactCollection.objects.present().filter(project=project, name=name).exists():
        raise Conflict(f"There is a collection {name!r} here already.")
    collection = ensure_collection(
        viewer=viewer, project=project, name=name, type_name=type_name, kind=ArtifactCollection.Kind.PORTFOLIO
    )
    return change_collection(viewer=viewer, collection=collection, description=description)


@transaction.atomic
def delete_collection(*, viewer: Viewer, collection: ArtifactCollection) -> bool:
    """Delete a collection; False when it already is. Links go, versions of a sequence become tombstones.

    Its name is free again. Raises `Forbidden` for a protected alias unless the viewer is an admin, `Conflict` for a
    sequence with more than 500 versions.
    """
    policies.require_write(viewer, collection.project)
    collection = lock_collection(collection, with_deleted=True)
    if collection.deleted_at is not None:
        return False
    if collection.is_portfolio:
        _empty_portfolio(viewer, collection)
    else:
        _delete_versions(viewer, collection)
    collection.deleted_at, collection.deleted_by_id = clock.now(), viewer.user_id
    collection.save(update_fields=["deleted_at", "deleted_by"])
    audit.record(
        viewer=viewer,
        action=Action.COLLECTION_DELETED,
        on=collection,
        collection=collection,
        before={"kind": str(collection.kind), "type": collection.type_name},
    )
    return True


def _empty_portfolio(viewer: Viewer, collection: ArtifactCollection) -> None:
    held = list(Alias.objects.filter(collection=collection).select_related("artifact").order_by("pk"))
    for alias in held:
        require_alias_right(viewer, collection, alias.name)
    for alias in held:
        version = version_in(collection, alias.artifact)
        drop_alias(viewer=viewer, collection=collection, alias=alias, version=version)
    links = CollectionMembership.objects.filter(collection=collection).select_related(
        "artifact__collection__project__entity"
    )
    for membership in links.order_by("pk"):
        audit.record(
            viewer=viewer,
            action=Action.VERSION_REMOVED,
            on=membership.artifact,
            label=f"{collection.name}:v{membership.version}",
            collection=collection,
            artifact=membership.artifact,
            version=membership.version,
            before={"source": source_name(membership.artifact)},
        )
    links.delete()


def _delete_versions(viewer: Viewer, collection: ArtifactCollection) -> None:
    versions = list(
        Artifact.objects.committed()
        .filter(collection=collection)
        .select_related("collection__project__entity")
        .order_by("version")[: MOST_VERSIONS_DELETED + 1]
    )
    if len(versions) > MOST_VERSIONS_DELETED:
        raise Conflict(
            f"The collection has more than {MOST_VERSIONS_DELETED} versions: delete some of them before all the rest."
        )
    for artifact in versions:
        delete_version(viewer=viewer, artifact=artifact, with_aliases=True)


@transaction.atomic
def save_registry(
    *,
    viewer: Viewer,
    organization: Entity,
    name: str,
    description: str | None = None,
    is_open: bool | None = None,
    accepts_all: bool | None = None,
    types: Sequence[str] = (),
) -> tuple[Project, bool]:
    """Make or change the registry of that full name as the SDK says it, and tell whether it is new.

    `types` are added to those that it accepts already; `accepts_all` lifts the restriction. None leaves things as
    they are. A registry that is not open to its organisation has its maker as admin.
    """
    known = Project.objects.select_related("entity").filter(entity=organization, name_key=names.key(name)).first()
    if known is None or not policies.can_view_project(viewer, known):
        registry = create_registry(
            viewer=viewer,
            organization=organization,
            name=names.registry_name(name),
            description=description or "",
            accepted_types=None if accepts_all else list(types),
        )
        if is_open is False:
            _close(viewer, registry)
        _make_admin(viewer, registry)
        return registry, True
    accepted = known.accepted_types
    if accepts_all:
        accepted = None
    elif types or accepts_all is False:
        accepted = sorted({*(known.accepted_types or _present_types(known)), *types})
        if not accepted:
            raise InvalidInput("A registry that does not accept all types needs the name of one that it accepts.")
    visibility = known.visibility
    if is_open is not None:
        visibility = Project.Visibility.ORGANISATION if is_open else Project.Visibility.PRIVATE
    change_project(
        viewer=viewer,
        project_id=known.pk,
        description=known.description if description is None else description,
        visibility=visibility,
        accepted_types=accepted,
    )
    return Project.objects.select_related("entity").get(pk=known.pk), False


def _present_types(registry: Project) -> set[str]:
    rows = ArtifactCollection.objects.present().filter(project=registry)
    return set(rows.order_by().values_list("type_name", flat=True))


def _close(viewer: Viewer, registry: Project) -> None:
    registry.visibility = Project.Visibility.PRIVATE
    registry.save(update_fields=["visibility"])
    audit.record(
        viewer=viewer,
        action=Action.PROJECT_CHANGED,
        on=registry,
        project=registry,
        before={"visibility": Project.Visibility.ORGANISATION.value},
        after={"visibility": Project.Visibility.PRIVATE.value},
    )


def _make_admin(viewer: Viewer, registry: Project) -> None:
    if policies.can_administer_project(viewer, registry):
        return
    member = ProjectMember.objects.create(project=registry, user_id=viewer.user_id, role=Role.ADMIN.value)
    audit.record(
        viewer=viewer,
        action=Action.MEMBER_ADDED,
        on=member,
        label=f"{viewer.username} in {registry.entity.name}/{registry.name}",
        project=registry,
        after={"role": Role.ADMIN.value},
    )


@transaction.atomic
def rename_registry(*, viewer: Viewer, registry: Project, name: str) -> Project:
    """Give the registry another full name. Raises `Conflict` when the organisation has one of that name."""
    policies.require_admin(viewer, registry)
    name = names.clean_project(name)
    if not names.is_registry_project(name) or not names.registry_name(name):
        raise InvalidInput(f"The name of a registry begins with {names.REGISTRY_PREFIX!r}.")
    registry = lock_project(registry.pk)
    if registry.name == name:
        return registry
    same = Project.objects.filter(entity_id=registry.entity_id, name_key=names.key(name)).exclude(pk=registry.pk)
    if same.exists():
        raise Conflict(f"{registry.entity.name} already has a registry {names.registry_name(name)!r}.")
    before, registry.name, registry.name_key = registry.name, name, names.key(name)
    registry.save(update_fields=["name", "name_key"])
    audit.record(
        viewer=viewer,
        action=Action.PROJECT_CHANGED,
        on=registry,
        project=registry,
        before={"name": before},
        after={"name": name},
    )
    return registry


@transaction.atomic
def delete_registry(*, viewer: Viewer, registry: Project) -> None:
    """Delete a registry and its collections; the versions linked there stay in their own projects.

    Raises `Conflict` when it holds runs or versions of its own.
    """
    policies.require_admin(viewer, registry)
    if not registry.is_registry or registry.entity.kind != Entity.Kind.ORGANISATION:
        raise InvalidInput("Only a registry can be deleted, not another project.")
    registry = lock_project(registry.pk)
    collections = ArtifactCollection.objects.filter(project=registry).select_related("project__entity").order_by("pk")
    own = any(not one.is_portfolio for one in collections)
    if own or Run.objects.filter(project=registry).exists():
        raise Conflict("The registry holds runs or versions of its own, not only links: it cannot be deleted.")
    for collection in collections:
        delete_collection(viewer=viewer, collection=collection)
    audit.record(
        viewer=viewer,
        action=Action.PROJECT_DELETED,
        on=registry,
        project=registry,
        before={"name": registry.name, "description": registry.description},
    )
    collections.delete()
    registry.delete()
