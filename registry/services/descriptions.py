"""Descriptions that several people may be writing at once: nobody overwrites what they have not seen."""

import hashlib

from django.db import transaction

from registry import policies
from registry.core.errors import Conflict
from registry.core.viewer import Viewer
from registry.models import Artifact, ArtifactCollection
from registry.services.collections import lock_collection
from registry.services.curation import change_collection, change_version

STALE = "Somebody has changed the description since you opened this form."


def mark_of(text: str) -> str:
    """Return a short word that tells one text from another, for the form that edits it."""
    return hashlib.blake2s(text.encode(), digest_size=16).hexdigest()


@transaction.atomic
def describe_version(*, viewer: Viewer, artifact: Artifact, description: str, seen: str) -> bool:
    """Set the description of a version; False when it is the same.

    `seen` is the mark of the text that was edited. Raises `Conflict` when another one stands there by now.
    """
    policies.require_write(viewer, artifact.collection.project)
    lock_collection(artifact.collection)
    current = Artifact.objects.values_list("description", flat=True).get(pk=artifact.pk)
    if current != description and mark_of(current) != seen:
        raise Conflict(STALE)
    return change_version(viewer=viewer, artifact=artifact, description=description)


@transaction.atomic
def describe_collection(
    *, viewer: Viewer, collection: ArtifactCollection, name: str, description: str, seen: str
) -> ArtifactCollection:
    """Rename and describe a collection, under the same condition as `describe_version`."""
    policies.require_write(viewer, collection.project)
    current = lock_collection(collection).description
    if current != description and mark_of(current) != seen:
        raise Conflict(STALE)
    return change_collection(viewer=viewer, collection=collection, name=name, description=description)
