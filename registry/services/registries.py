"""Registries and collections made and deleted by hand."""

from django.db import transaction

from registry import policies
from registry.core import clock, names
from registry.core.errors import Conflict, Forbidden
from registry.core.text import clean_text
from registry.core.viewer import Viewer
from registry.models import Action, Alias, Artifact, ArtifactCollection, CollectionMembership, Entity, Project
from registry.services import audit
from registry.services.aliases import drop_alias, require_alias_right
from registry.services.collections import ensure_collection, lock_collection, version_in
from registry.services.curation import change_collection
from registry.services.links import source_name
from registry.services.projects import ensure_project
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
    if ArtifactCollection.objects.filter(pk=collection.pk).exclude(deleted_at=None).exists():
        return False
    collection = lock_collection(collection)
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
