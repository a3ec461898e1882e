"""Logging a version, first half: the draft, which nobody sees until it is committed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from registry import policies
from registry.core import names
from registry.core.errors import Conflict, InvalidInput
from registry.core.text import clean_json, clean_text
from registry.core.viewer import Viewer
from registry.models import Artifact, ArtifactCollection, ArtifactTag, ClientId, Project, Run
from registry.services.aliases import require_alias_right, set_alias
from registry.services.collections import ensure_collection, lock_collection
from registry.services.edges import lock_runs, record_output

_MAX_CLIENT_ID = 255
_MAX_ALIASES = 100


@dataclass(frozen=True, slots=True)
class NewArtifact:
    """What the SDK says about an artifact before it sends its files."""

    type_name: str
    collection_name: str
    digest: str
    aliases: Sequence[str] = ()
    tags: Sequence[str] = ()
    description: str = ""
    metadata: str | None = None
    ttl_seconds: int = 0
    history_step: int | None = None
    client_id: str | None = None
    sequence_client_id: str | None = None
    distributed_id: str | None = None


@transaction.atomic
def log_artifact(*, viewer: Viewer, project: Project, run: Run | None, new: NewArtifact) -> Artifact:
    """Return the draft to fill, or the committed version that has the same content already.

    The version with that content, whichever it is, gets the aliases and the run's output edge at once; a draft gets
    them when it is committed. Sending the same client id, or for a distributed save the same distributed id, leads to
    the same artifact. Raises `Conflict` when the name belongs to artifacts of another type.
    """
    digest = _clean_digest(new.digest)
    lock_runs([run.pk] if run else [])
    collection = lock_collection(
        ensure_collection(
            viewer=viewer,
            project=project,
            name=new.collection_name,
            type_name=new.type_name,
            kind=ArtifactCollection.Kind.SEQUENCE,
        )
    )
    aliases = _clean_aliases(viewer, collection, new.aliases)
    artifact = _existing(collection, digest, new) or _create(viewer, collection, run, digest, new)
    _remember_client_ids(artifact, collection, new)
    if artifact.state == Artifact.State.COMMITTED:
        attach(viewer=viewer, artifact=artifact, runs=[run] if run else [], aliases=aliases)
    else:
        artifact.pending_aliases = sorted({*artifact.pending_aliases, *aliases})
        artifact.pending_run_ids = sorted({*artifact.pending_run_ids, *([run.pk] if run else [])})
        artifact.save(update_fields=["pending_aliases", "pending_run_ids"])
    return artifact


def attach(*, viewer: Viewer, artifact: Artifact, runs: Sequence[Run], aliases: Sequence[str]) -> None:
    """Give a committed version its producers and aliases. Call it under the collection's lock."""
    for run in runs:
        record_output(viewer=viewer, run=run, artifact=artifact)
    for name in aliases:
        set_alias(viewer=viewer, collection=artifact.collection, artifact=artifact, name=name)


def _existing(collection: ArtifactCollection, digest: str, new: NewArtifact) -> Artifact | None:
    same = Artifact.objects.filter(collection=collection)
    found = None
    if new.client_id:
        found = _by_client_id(collection, new.client_id)
    if found is None and new.distributed_id:
        found = same.filter(distributed_id=new.distributed_id, state=Artifact.State.PENDING, superseded_by=None).first()
    elif found is None:
        found = same.filter(digest=digest, state=Artifact.State.COMMITTED).first()
    if found is not None:
        found.collection = collection
    return found


def _by_client_id(collection: ArtifactCollection, client_id: str) -> Artifact | None:
    known = ClientId.objects.select_related("artifact__superseded_by").filter(client_id=client_id).first()
    if known is None:
        return None
    artifact = known.artifact
    if artifact is None or artifact.collection_id != collection.pk:
        raise Conflict("This client id belongs to another artifact.")
    artifact = artifact.superseded_by or artifact
    return None if artifact.state == Artifact.State.DELETED else artifact


def _create(viewer: Viewer, collection: ArtifactCollection, run: Run | None, digest: str, new: NewArtifact) -> Artifact:
    metadata = clean_json("metadata", new.metadata) if new.metadata else {}
    if metadata is not None and not isinstance(metadata, dict):
        raise InvalidInput("metadata must be a JSON object.")
    artifact = Artifact.objects.create(
        collection=collection,
        digest=digest,
        description=clean_text("description", new.description),
        metadata=metadata or {},
        ttl_seconds=max(0, new.ttl_seconds),
        history_step=new.history_step,
        distributed_id=clean_text("distributedID", new.distributed_id or "", _MAX_CLIENT_ID),
        created_by_id=viewer.user_id,
        created_by_run=run,
    )
    ArtifactTag.objects.bulk_create(
        [ArtifactTag(artifact=artifact, name=name) for name in sorted({names.clean_tag(tag) for tag in new.tags})]
    )
    return artifact


def _remember_client_ids(artifact: Artifact, collection: ArtifactCollection, new: NewArtifact) -> None:
    if new.client_id:
        ClientId.objects.update_or_create(
            client_id=clean_text("clientID", new.client_id, _MAX_CLIENT_ID),
            defaults={"artifact": artifact, "collection": None},
        )
    if new.sequence_client_id:
        ClientId.objects.get_or_create(
            client_id=clean_text("sequenceClientID", new.sequence_client_id, _MAX_CLIENT_ID),
            defaults={"collection": collection},
        )


def _clean_aliases(viewer: Viewer, collection: ArtifactCollection, aliases: Sequence[str]) -> list[str]:
    if len(aliases) > _MAX_ALIASES:
        raise InvalidInput(f"At most {_MAX_ALIASES} aliases can be given at once.")
    # the SDK expects names like `v3`, which belong to the system, to be passed over
    cleaned = [names.clean_alias(name) for name in aliases if not names.is_version(name)]
    for name in cleaned:
        require_alias_right(viewer, collection, name)
    policies.require_write(viewer, collection.project)
    return sorted(set(cleaned))


def _clean_digest(digest: str) -> str:
    if len(digest) != 32 or any(character not in "0123456789abcdef" for character in digest):
        raise InvalidInput(f"{digest[:80]!r} is not the digest of an artifact: 32 hex digits are.")
    return digest
