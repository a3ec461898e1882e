"""Collections themselves: making them, locking them, numbering what comes in."""

from django.db import transaction
from django.db.models import F

from registry import policies
from registry.core import clock, names
from registry.core.errors import Conflict, NotFound
from registry.core.viewer import Viewer
from registry.models import Action, Artifact, ArtifactCollection, CollectionMembership, Project
from registry.services import audit
from registry.services.projects import lock_project


@transaction.atomic
def ensure_collection(
    *, viewer: Viewer, project: Project, name: str, type_name: str, kind: ArtifactCollection.Kind
) -> ArtifactCollection:
    """Return the project's collection of that name, made when it is missing.

    Raises `Conflict` when the name belongs to a collection of another type or kind, or when a registry does not
    accept the type.
    """
    policies.require_write(viewer, project)
    name, type_name = names.clean_collection(name), names.clean_type(type_name)
    collection = ArtifactCollection.objects.present().filter(project=project, name=name).first()
    if collection is None:
        _require_accepted(lock_project(project.pk), type_name)
        collection, created = ArtifactCollection.objects.get_or_create(
            project=project,
            name=name,
            deleted_at=None,
            defaults={"kind": kind, "type_name": type_name, "created_by_id": viewer.user_id},
        )
        if created:
            audit.record(
                viewer=viewer,
                action=Action.COLLECTION_CREATED,
                on=collection,
                project=project,
                collection=collection,
                after={"kind": kind.value, "type": type_name},
            )
    if collection.type_name != type_name:
        raise Conflict(
            f"The collection {name!r} holds artifacts of type {collection.type_name!r}; "
            f"it cannot take one of type {type_name!r}."
        )
    if collection.kind != kind:
        what = "links to versions" if collection.is_portfolio else "versions that runs log"
        raise Conflict(f"The collection {name!r} of this project holds {what}; choose another name.")
    collection.project = project
    return collection


def _require_accepted(project: Project, type_name: str) -> None:
    if project.accepted_types and type_name not in project.accepted_types:
        accepted = ", ".join(project.accepted_types)
        raise Conflict(f"The registry {project.title!r} accepts {accepted}; the artifact's type is {type_name!r}.")


def lock_collection(collection: ArtifactCollection, *, with_deleted: bool = False) -> ArtifactCollection:
    """Return the row, locked until the transaction ends: aliases and numbers change under this lock only.

    Raises `NotFound` when it is deleted, unless that was asked for too.
    """
    # no_key: who holds a run and inserts an edge to this row must not wait for who holds this row and wants the run
    locked = (
        ArtifactCollection.objects.select_for_update(of=("self",), no_key=True)
        .select_related("project__entity")
        .filter(pk=collection.pk)
        .first()
    )
    if locked is None or (locked.deleted_at is not None and not with_deleted):
        raise NotFound(f"The collection {collection.name!r} was deleted.")
    return locked


def lock_places(artifact: Artifact) -> None:
    """Lock the collections where the version is linked. Call it under the lock of its sequence, which links take too.

    So nothing is linked meanwhile. The order of locks is run, project, sequence, collections of links, artifact.
    """
    linked = ArtifactCollection.objects.filter(memberships__artifact=artifact).order_by("pk")
    list(linked.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def take_version_number(collection: ArtifactCollection) -> int:
    """Return the next number of the collection, which nobody else will get. Call it inside the transaction."""
    ArtifactCollection.objects.filter(pk=collection.pk).update(
        next_version=F("next_version") + 1, updated_at=clock.now()
    )
    return ArtifactCollection.objects.values_list("next_version", flat=True).get(pk=collection.pk) - 1


def version_in(collection: ArtifactCollection, artifact: Artifact) -> int:
    """Return the version's number in the collection; `NotFound` when it is not in it."""
    if artifact.collection_id == collection.pk and artifact.version is not None:
        return artifact.version
    number = (
        CollectionMembership.objects.filter(collection=collection, artifact=artifact)
        .values_list("version", flat=True)
        .first()
    )
    if number is None:
        raise NotFound(f"The version is not in the collection {collection.name!r}.")
    return number
