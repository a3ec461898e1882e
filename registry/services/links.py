"""Links: versions of sequences standing in portfolios and registries."""

from django.db import transaction

from registry import policies
from registry.core.errors import InvalidInput, NotFound
from registry.core.viewer import Viewer
from registry.models import Action, Alias, Artifact, ArtifactCollection, CollectionMembership, Project
from registry.services import audit
from registry.services.aliases import LATEST, drop_alias, require_alias_right, restore_latest, set_alias
from registry.services.collections import ensure_collection, lock_collection, take_version_number


@transaction.atomic
def link_version(
    *, viewer: Viewer, artifact: Artifact, project: Project, collection_name: str, aliases: list[str]
) -> CollectionMembership:
    """Link a committed version into a portfolio of the project, made when it is missing.

    Linking again returns the same membership and only moves aliases. `latest` goes to the linked version.
    Raises `Conflict` for another type and `NotFound` for a version that is not there any more.
    """
    collection = ensure_collection(
        viewer=viewer,
        project=project,
        name=collection_name,
        type_name=artifact.collection.type_name,
        kind=ArtifactCollection.Kind.PORTFOLIO,
    )
    lock_collection(artifact.collection)
    if not Artifact.objects.committed().filter(pk=artifact.pk).exists():
        raise NotFound("Only a version that is saved and not deleted can be linked.")
    collection = lock_collection(collection)
    membership = CollectionMembership.objects.filter(collection=collection, artifact=artifact).first()
    if membership is None:
        membership = CollectionMembership.objects.create(
            collection=collection,
            artifact=artifact,
            version=take_version_number(collection),
            created_by_id=viewer.user_id,
        )
        audit.record(
            viewer=viewer,
            action=Action.VERSION_ADDED,
            on=artifact,
            label=f"{collection.name}:v{membership.version}",
            collection=collection,
            artifact=artifact,
            version=membership.version,
            after={"source": source_name(artifact)},
        )
        aliases = [*aliases, LATEST]
    for name in aliases:
        set_alias(viewer=viewer, collection=collection, artifact=artifact, name=name)
    return membership


def source_name(artifact: Artifact) -> str:
    """Return `entity/project/collection:vN` of the version's own sequence, as the audit log keeps it."""
    project = artifact.collection.project
    return f"{project.entity.name}/{project.name}/{artifact.collection.name}:v{artifact.version}"


@transaction.atomic
def unlink_version(*, viewer: Viewer, artifact: Artifact, collection: ArtifactCollection) -> bool:
    """Take the link and its aliases out of a portfolio; False when it was not there. The number stays used."""
    policies.require_write(viewer, collection.project)
    if not collection.is_portfolio:
        raise InvalidInput("Only links can be removed; a version of a sequence is deleted.")
    collection = lock_collection(collection)
    membership = CollectionMembership.objects.filter(collection=collection, artifact=artifact).first()
    if membership is None:
        return False
    held = list(Alias.objects.filter(collection=collection, artifact=artifact).order_by("name"))
    for alias in held:
        require_alias_right(viewer, collection, alias.name)
    for alias in held:
        drop_alias(viewer=viewer, collection=collection, alias=alias, version=membership.version)
    drop_membership(viewer=viewer, membership=membership, collection=collection)
    return True


def drop_membership(*, viewer: Viewer, membership: CollectionMembership, collection: ArtifactCollection) -> None:
    """Remove a link whose aliases are gone, as part of a change that asked for rights. Call it under the lock."""
    artifact, version = membership.artifact, membership.version
    membership.delete()
    audit.record(
        viewer=viewer,
        action=Action.VERSION_REMOVED,
        on=artifact,
        label=f"{collection.name}:v{version}",
        collection=collection,
        artifact=artifact,
        version=version,
        before={"source": source_name(artifact)},
    )
    restore_latest(viewer=viewer, collection=collection)
