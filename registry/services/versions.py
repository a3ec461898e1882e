"""Changes to versions that are saved."""

from django.db import transaction

from registry import policies
from registry.core import clock
from registry.core.errors import Conflict
from registry.core.viewer import Viewer
from registry.models import Action, Alias, Artifact
from registry.services import audit
from registry.services.aliases import LATEST, drop_alias, require_alias_right, restore_latest
from registry.services.collections import lock_collection, lock_places, version_in
from registry.services.links import drop_membership


@transaction.atomic
def delete_version(*, viewer: Viewer, artifact: Artifact, with_aliases: bool = False) -> bool:
    """Turn the version into a tombstone, everywhere it is linked; False when it already is one.

    Raises `Conflict` when it holds an alias other than `latest` and `with_aliases` is not given.
    """
    policies.require_write(viewer, artifact.collection.project)
    sequence = lock_collection(artifact.collection)
    lock_places(artifact)
    artifact = (
        Artifact.objects.select_related("collection__project__entity")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=artifact.pk)
    )
    if artifact.state == Artifact.State.DELETED:
        return False
    held = list(Alias.objects.select_related("collection__project__entity").filter(artifact=artifact).order_by("pk"))
    if not with_aliases and any(alias.name != LATEST for alias in held):
        listed = ", ".join(sorted({alias.name for alias in held if alias.name != LATEST}))
        raise Conflict(
            f"The version has the aliases {listed}: remove them first, or delete it with delete_aliases=True."
        )
    for alias in held:
        require_alias_right(viewer, alias.collection, alias.name)
    for alias in held:
        drop_alias(
            viewer=viewer,
            collection=alias.collection,
            alias=alias,
            version=version_in(alias.collection, artifact),
        )
    _unlink_everywhere(viewer, artifact)
    artifact.state, artifact.deleted_at, artifact.deleted_by_id = Artifact.State.DELETED, clock.now(), viewer.user_id
    artifact.save(update_fields=["state", "deleted_at", "deleted_by"])
    audit.record(
        viewer=viewer,
        action=Action.VERSION_DELETED,
        on=artifact,
        label=f"{sequence.name}:v{artifact.version}",
        collection=sequence,
        artifact=artifact,
        version=artifact.version,
    )
    restore_latest(viewer=viewer, collection=sequence)
    return True


def _unlink_everywhere(viewer: Viewer, artifact: Artifact) -> None:
    links = artifact.memberships.select_related("collection__project__entity", "artifact__collection__project__entity")
    for membership in links.order_by("pk"):
        drop_membership(viewer=viewer, membership=membership, collection=membership.collection)
