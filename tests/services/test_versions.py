"""Deleting a version leaves a tombstone, and no alias or link that points to it."""

import pytest

from registry.core.errors import Conflict, Forbidden
from registry.core.viewer import Viewer
from registry.models import Action, Alias, Artifact, AuditEvent, CollectionMembership, Entity, Project
from registry.services import aliases, links, versions
from tests.factories import make_version


def test_a_deleted_version_is_a_dated_tombstone_and_latest_goes_to_the_newest_left(
    as_alice: Viewer, zoo: Project
) -> None:
    v0, v1 = (make_version(zoo) for _ in range(2))
    assert versions.delete_version(viewer=as_alice, artifact=v1)
    v1.refresh_from_db()
    assert v1.state == Artifact.State.DELETED
    assert v1.deleted_at is not None
    assert v1.deleted_by_id == as_alice.user_id
    assert Alias.objects.get(collection=v0.collection, name="latest").artifact == v0


def test_deleting_twice_writes_nothing_the_second_time(as_alice: Viewer, zoo: Project) -> None:
    v0 = make_version(zoo)
    assert versions.delete_version(viewer=as_alice, artifact=v0)
    before = AuditEvent.objects.count()
    assert not versions.delete_version(viewer=as_alice, artifact=v0)
    assert AuditEvent.objects.count() == before


def test_a_version_with_an_alias_is_deleted_only_on_demand(as_alice: Viewer, zoo: Project) -> None:
    v0 = make_version(zoo)
    aliases.set_alias(viewer=as_alice, collection=v0.collection, artifact=v0, name="best")
    with pytest.raises(Conflict, match="has the aliases best"):
        versions.delete_version(viewer=as_alice, artifact=v0)
    assert versions.delete_version(viewer=as_alice, artifact=v0, with_aliases=True)
    assert not Alias.objects.filter(artifact=v0).exists()


def test_a_deleted_version_leaves_every_portfolio(as_alice: Viewer, acme: Entity, zoo: Project) -> None:
    registry = Project.objects.select_related("entity").get(entity=acme, name_key="wandb-registry-model")
    net = make_version(zoo, "net", type_name="model")
    link = links.link_version(viewer=as_alice, artifact=net, project=registry, collection_name="Classifier", aliases=[])
    versions.delete_version(viewer=as_alice, artifact=net)
    assert not CollectionMembership.objects.exists()
    removed = AuditEvent.objects.filter(collection_id=link.collection_id, action=Action.VERSION_REMOVED).get()
    assert removed.version == 0
    assert removed.before == {"source": "ml/zoo/net:v0"}


def test_the_content_of_a_deleted_version_may_be_saved_again(as_alice: Viewer, zoo: Project) -> None:
    v0 = make_version(zoo)
    versions.delete_version(viewer=as_alice, artifact=v0)
    assert make_version(zoo, digest=v0.digest).version == 1


def test_a_stranger_cannot_delete(as_charlie: Viewer, zoo: Project) -> None:
    v0 = make_version(zoo)
    with pytest.raises(Forbidden):
        versions.delete_version(viewer=as_charlie, artifact=v0)
    v0.refresh_from_db()
    assert v0.state == Artifact.State.COMMITTED
