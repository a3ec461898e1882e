"""Descriptions, metadata, tags and names: small edits of versions and collections, each an audit event."""

from collections.abc import Sequence
from typing import Any

from django.db import models, transaction

from registry import policies
from registry.core import clock, names
from registry.core.errors import Conflict, InvalidInput
from registry.core.text import clean_json, clean_text
from registry.core.viewer import Viewer
from registry.models import (
    Action,
    Artifact,
    ArtifactCollection,
    ArtifactTag,
    CollectionMembership,
    CollectionRedirect,
    CollectionTag,
)
from registry.services import audit
from registry.services.collections import lock_collection


@transaction.atomic
def change_version(
    *,
    viewer: Viewer,
    artifact: Artifact,
    description: str | None = None,
    metadata: str | None = None,
    ttl_seconds: int | None = None,
    tags_to_add: Sequence[str] = (),
    tags_to_remove: Sequence[str] = (),
) -> bool:
    """Change what is given and differs; False when nothing does. A time to live of 0 or less means none."""
    policies.require_write(viewer, artifact.collection.project)
    collection = lock_collection(artifact.collection)
    artifact = Artifact.objects.select_for_update(no_key=True).get(pk=artifact.pk)
    wanted: dict[str, Any] = {}
    if description is not None:
        wanted["description"] = clean_text("description", description)
    if metadata is not None:
        wanted["metadata"] = _metadata(metadata)
    if ttl_seconds is not None:
        wanted["ttl_seconds"] = max(0, ttl_seconds)
    before = {name: getattr(artifact, name) for name, value in wanted.items() if getattr(artifact, name) != value}
    if before:
        for name in before:
            setattr(artifact, name, wanted[name])
        artifact.updated_at = clock.now()
        artifact.save(update_fields=[*before, "updated_at"])
        audit.record(
            viewer=viewer,
            action=Action.VERSION_CHANGED,
            on=artifact,
            label=f"{collection.name}:v{artifact.version}",
            collection=collection,
            artifact=artifact,
            version=artifact.version,
            before=before,
            after={name: wanted[name] for name in before},
        )
    changed = _change_tags(
        viewer,
        ArtifactTag.objects.filter(artifact=artifact),
        on=artifact,
        collection=collection,
        add=tags_to_add,
        remove=tags_to_remove,
    )
    return bool(before) or changed


def _metadata(text: str) -> dict[str, Any]:
    parsed = clean_json("metadata", text) if text else {}
    if parsed is not None and not isinstance(parsed, dict):
        raise InvalidInput("metadata must be a JSON object.")
    return parsed or {}


@transaction.atomic
def change_collection_tags(
    *, viewer: Viewer, collection: ArtifactCollection, add: Sequence[str], remove: Sequence[str]
) -> bool:
    """Add and remove tags of a collection; False when nothing changes."""
    policies.require_write(viewer, collection.project)
    collection = lock_collection(collection)
    return _change_tags(
        viewer,
        CollectionTag.objects.filter(collection=collection),
        on=collection,
        collection=collection,
        add=add,
        remove=remove,
    )


def _change_tags(
    viewer: Viewer,
    held: "models.QuerySet[Any]",
    *,
    on: Artifact | ArtifactCollection,
    collection: ArtifactCollection,
    add: Sequence[str],
    remove: Sequence[str],
) -> bool:
    present = set(held.values_list("name", flat=True))
    added = sorted({names.clean_tag(name) for name in add} - present)
    removed = sorted(set(remove) & present)
    owner = {"artifact": on} if isinstance(on, Artifact) else {"collection": on}
    held.model._default_manager.bulk_create([held.model(name=name, **owner) for name in added])
    held.filter(name__in=removed).delete()
    for action, changed in ((Action.TAG_ADDED, added), (Action.TAG_REMOVED, removed)):
        for name in changed:
            audit.record(
                viewer=viewer,
                action=action,
                on=on,
                label=name,
                collection=collection,
                artifact=on if isinstance(on, Artifact) else None,
                version=on.version if isinstance(on, Artifact) else None,
                after={"tag": name} if action is Action.TAG_ADDED else None,
                before={"tag": name} if action is Action.TAG_REMOVED else None,
            )
    return bool(added or removed)


@transaction.atomic
def change_collection(
    *, viewer: Viewer, collection: ArtifactCollection, name: str | None = None, description: str | None = None
) -> ArtifactCollection:
    """Rename or describe a collection; its old name leads to it until something else takes it.

    Raises `Conflict` when the new name is taken.
    """
    policies.require_write(viewer, collection.project)
    collection = lock_collection(collection)
    wanted: dict[str, str] = {}
    if name is not None:
        wanted["name"] = names.clean_collection(name)
    if description is not None:
        wanted["description"] = clean_text("description", description)
    before = {key: getattr(collection, key) for key, value in wanted.items() if getattr(collection, key) != value}
    if not before:
        return collection
    if "name" in before:
        _take_name(collection, wanted["name"])
    for key in before:
        setattr(collection, key, wanted[key])
    collection.updated_at = clock.now()
    collection.save(update_fields=[*before, "updated_at"])
    audit.record(
        viewer=viewer,
        action=Action.COLLECTION_CHANGED,
        on=collection,
        collection=collection,
        before=before,
        after={key: wanted[key] for key in before},
    )
    return collection


@transaction.atomic
def change_collection_type(*, viewer: Viewer, collection: ArtifactCollection, type_name: str) -> ArtifactCollection:
    """Give a sequence, and with it all of its versions, another type.

    Raises `Conflict` while a version is linked: where it is linked, a collection holds versions of one type.
    """
    policies.require_write(viewer, collection.project)
    type_name = names.clean_type(type_name)
    collection = lock_collection(collection)
    if collection.is_portfolio:
        raise InvalidInput("A collection of links has the type of what is linked there.")
    if collection.type_name == type_name:
        return collection
    links = CollectionMembership.objects.filter(artifact__collection=collection, collection__deleted_at=None)
    if links.exclude(collection__type_name=type_name).exists():
        raise Conflict("Versions of this collection are linked elsewhere under its type: remove those links first.")
    before, collection.type_name, collection.updated_at = collection.type_name, type_name, clock.now()
    collection.save(update_fields=["type_name", "updated_at"])
    audit.record(
        viewer=viewer,
        action=Action.COLLECTION_CHANGED,
        on=collection,
        collection=collection,
        before={"type": before},
        after={"type": type_name},
    )
    return collection


def _take_name(collection: ArtifactCollection, name: str) -> None:
    taken = ArtifactCollection.objects.present().filter(project_id=collection.project_id, name=name)
    if taken.exists():
        raise Conflict(f"This project already has a collection {name!r}.")
    CollectionRedirect.objects.filter(project_id=collection.project_id, name=name).delete()
    CollectionRedirect.objects.update_or_create(
        project_id=collection.project_id, name=collection.name, defaults={"collection": collection}
    )
