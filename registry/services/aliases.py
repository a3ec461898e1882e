"""Aliases: giving, moving, removing and protecting them."""

from django.db import transaction

from registry import policies
from registry.core import clock, names
from registry.core.errors import InvalidInput, NotFound
from registry.core.viewer import Viewer
from registry.models import Action, Alias, Artifact, ArtifactCollection, Project, ProtectedAlias
from registry.services import audit
from registry.services.collections import lock_collection, version_in

LATEST = "latest"


@transaction.atomic
def set_alias(*, viewer: Viewer, collection: ArtifactCollection, artifact: Artifact, name: str) -> bool:
    """Give the alias to the version, taking it from the one that has it; False when it already has it.

    A name like `v3` belongs to the system and is passed over, as the SDK expects. Raises `Forbidden` for a protected
    alias unless the viewer is an admin, `NotFound` when the version is not in the collection, or not any more.
    """
    if names.is_version(name):
        return False
    name = names.clean_alias(name)
    policies.require_write(viewer, collection.project)
    require_alias_right(viewer, collection, name)
    collection = lock_collection(collection)
    if not Artifact.objects.committed().filter(pk=artifact.pk).exists():
        raise NotFound("Only a version that is saved and not deleted can have an alias.")
    version = version_in(collection, artifact)
    alias = Alias.objects.select_related("artifact").filter(collection=collection, name=name).first()
    if alias is not None and alias.artifact_id == artifact.pk:
        return False
    before = None
    if alias is None:
        alias = Alias.objects.create(collection=collection, name=name, artifact=artifact, created_by_id=viewer.user_id)
    else:
        before = {"version": version_in(collection, alias.artifact), "artifact": alias.artifact_id}
        alias.artifact, alias.created_at, alias.created_by_id = artifact, clock.now(), viewer.user_id
        alias.save(update_fields=["artifact", "created_at", "created_by"])
    audit.record(
        viewer=viewer,
        action=Action.ALIAS_ADDED if before is None else Action.ALIAS_MOVED,
        on=alias,
        label=f"{collection.name}:v{version}",
        collection=collection,
        artifact=artifact,
        version=version,
        alias=name,
        before=before,
        after={"version": version, "artifact": artifact.pk},
    )
    return True


@transaction.atomic
def remove_alias(*, viewer: Viewer, collection: ArtifactCollection, artifact: Artifact, name: str) -> bool:
    """Take the alias from the version; False when the version does not have it.

    Raises `Forbidden` for a protected alias unless the viewer is an admin, `InvalidInput` for `latest`.
    """
    policies.require_write(viewer, collection.project)
    if name == LATEST:
        raise InvalidInput("'latest' belongs to the system: it moves by itself.")
    require_alias_right(viewer, collection, name)
    collection = lock_collection(collection)
    alias = Alias.objects.filter(collection=collection, name=name, artifact=artifact).first()
    if alias is None:
        return False
    drop_alias(viewer=viewer, collection=collection, alias=alias, version=version_in(collection, artifact))
    return True


@transaction.atomic
def protect_alias(*, viewer: Viewer, project: Project, name: str) -> bool:
    """Reserve an alias name of the project for its admins; False when it already is."""
    policies.require_admin(viewer, project)
    protected, created = ProtectedAlias.objects.get_or_create(project=project, name=names.clean_alias(name))
    if created:
        audit.record(viewer=viewer, action=Action.ALIAS_PROTECTED, on=protected, project=project, alias=protected.name)
    return created


@transaction.atomic
def unprotect_alias(*, viewer: Viewer, project: Project, name: str) -> bool:
    """Give an alias name back to everyone; False when it was not protected."""
    policies.require_admin(viewer, project)
    protected = ProtectedAlias.objects.filter(project=project, name=name).first()
    if protected is None:
        return False
    audit.record(viewer=viewer, action=Action.ALIAS_UNPROTECTED, on=protected, project=project, alias=name)
    protected.delete()
    return True


def restore_latest(*, viewer: Viewer, collection: ArtifactCollection) -> None:
    """Give `latest` to the newest version that is left, when the one that held it is gone. Call it under the lock."""
    if Alias.objects.filter(collection=collection, name=LATEST).exists():
        return
    if collection.is_portfolio:
        newest = Artifact.objects.filter(memberships__collection=collection).order_by("-memberships__version").first()
    else:
        newest = Artifact.objects.committed().filter(collection=collection).order_by("-version").first()
    if newest is not None:
        set_alias(viewer=viewer, collection=collection, artifact=newest, name=LATEST)


def drop_alias(*, viewer: Viewer, collection: ArtifactCollection, alias: Alias, version: int) -> None:
    """Take an alias away without asking for rights, as part of a larger change that did. Call it under the lock."""
    audit.record(
        viewer=viewer,
        action=Action.ALIAS_REMOVED,
        on=alias,
        label=f"{collection.name}:v{version}",
        collection=collection,
        artifact=alias.artifact,
        version=version,
        alias=alias.name,
        before={"version": version, "artifact": alias.artifact_id},
    )
    alias.delete()


def require_alias_right(viewer: Viewer, collection: ArtifactCollection, name: str) -> None:
    """Raise `Forbidden` when the alias is protected and the viewer is no admin of the project."""
    if ProtectedAlias.objects.filter(project_id=collection.project_id, name=name).exists():
        policies.require_admin(viewer, collection.project)
