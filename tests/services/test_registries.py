"""Registries and collections made and deleted by hand; what is refused leaves no trace."""

import pytest

from registry.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from registry.core.viewer import Viewer
from registry.models import Alias, Artifact, ArtifactCollection, AuditEvent, CollectionMembership, Entity, Project
from registry.services import registries
from registry.services.aliases import protect_alias, set_alias
from registry.services.links import link_version
from tests.factories import make_version
from tests.views.conftest import fresh


def told(**filters: object) -> list[str]:
    return list(AuditEvent.objects.filter(**filters).order_by("pk").values_list("action", flat=True))


def test_a_registry_is_a_project_open_to_the_organisation(as_bob: Viewer, acme: Entity) -> None:
    made = registries.create_registry(
        viewer=as_bob, organization=acme, name="Reports", accepted_types=["b", "a", "a"], description="x"
    )
    assert (made.name, made.visibility, made.accepted_types) == ("wandb-registry-Reports", "organisation", ["a", "b"])
    assert told(project_id=made.pk) == ["project.created", "project.changed"]
    with pytest.raises(Conflict, match="already has a registry"):
        registries.create_registry(viewer=as_bob, organization=acme, name="REPORTS")


def test_a_registry_of_a_refused_name_or_type_leaves_nothing(as_bob: Viewer, acme: Entity) -> None:
    count, events = Project.objects.count(), AuditEvent.objects.count()
    with pytest.raises(InvalidInput):
        registries.create_registry(viewer=as_bob, organization=acme, name="a/b")
    with pytest.raises(InvalidInput):
        registries.create_registry(viewer=as_bob, organization=acme, name="Fine", accepted_types=["a:b"])
    with pytest.raises(InvalidInput):
        registries.create_registry(viewer=as_bob, organization=acme, name="Fine", description="nul\x00")
    assert (Project.objects.count(), AuditEvent.objects.count()) == (count, events)


def test_strangers_make_none(as_alice: Viewer) -> None:
    other = Entity.objects.create(kind="organisation", name="rivals", name_key="rivals")
    with pytest.raises(Forbidden):
        registries.create_registry(viewer=as_alice, organization=other, name="Mine")


def test_a_collection_is_made_once(as_alice: Viewer, zoo: Project) -> None:
    make = {"viewer": as_alice, "project": zoo, "name": "picked", "type_name": "model"}
    made = registries.create_collection(**make, description="for *all*")  # type: ignore[arg-type]
    assert (made.kind, made.description) == ("portfolio", "for *all*")
    assert told(collection_id=made.pk) == ["collection.created", "collection.changed"]
    with pytest.raises(Conflict, match="here already"):
        registries.create_collection(**make)  # type: ignore[arg-type]


@pytest.fixture
def picked(as_alice: Viewer, zoo: Project) -> ArtifactCollection:
    """A collection of `ml/zoo` with two links, the second one `best`."""
    for _ in range(2):
        version = fresh(make_version(zoo, "net", type_name="model"))
        link_version(viewer=as_alice, artifact=version, project=zoo, collection_name="picked", aliases=["best"])
    return ArtifactCollection.objects.select_related("project__entity").get(name="picked")


def test_deleting_a_portfolio_tells_of_each_link_and_alias(as_alice: Viewer, picked: ArtifactCollection) -> None:
    before = AuditEvent.objects.count()
    assert registries.delete_collection(viewer=as_alice, collection=picked)
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))[before:]
    assert actions == ["alias.removed"] * 2 + ["version.removed"] * 2 + ["collection.deleted"]
    assert not CollectionMembership.objects.exists()
    assert not Alias.objects.filter(collection=picked).exists()
    assert Artifact.objects.committed().count() == 2
    assert not registries.delete_collection(viewer=as_alice, collection=picked)
    assert AuditEvent.objects.count() == before + 5


def test_deleting_a_sequence_leaves_tombstones_and_frees_the_name(
    as_alice: Viewer, picked: ArtifactCollection, zoo: Project
) -> None:
    sequence = ArtifactCollection.objects.select_related("project__entity").get(name="net")
    assert registries.delete_collection(viewer=as_alice, collection=sequence)
    assert {version.state for version in Artifact.objects.filter(collection=sequence)} == {"deleted"}
    assert not CollectionMembership.objects.exists()
    assert make_version(zoo, "net").version == 0
    with pytest.raises(NotFound):
        set_alias(viewer=as_alice, collection=sequence, artifact=sequence.artifacts.get(version=0), name="x")


def test_a_protected_alias_stops_a_member_and_nothing_is_gone(
    as_alice: Viewer, as_bob: Viewer, picked: ArtifactCollection, zoo: Project
) -> None:
    protect_alias(viewer=as_alice, project=zoo, name="best")
    events = AuditEvent.objects.count()
    with pytest.raises(Forbidden):
        registries.delete_collection(viewer=as_bob, collection=picked)
    assert AuditEvent.objects.count() == events
    assert CollectionMembership.objects.count() == 2
    assert registries.delete_collection(viewer=as_alice, collection=picked)


def test_a_very_long_sequence_is_not_deleted_at_once(
    as_alice: Viewer, zoo: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registries, "MOST_VERSIONS_DELETED", 2)
    for _ in range(3):
        version = make_version(zoo, "net")
    with pytest.raises(Conflict, match="more than 2 versions"):
        registries.delete_collection(viewer=as_alice, collection=fresh(version).collection)
    assert Artifact.objects.committed().count() == 3
