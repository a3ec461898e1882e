"""Making, changing and deleting registries and collections by hand; protecting aliases."""

import pytest
from django.test import Client

from registry.core.viewer import Role, Viewer
from registry.models import (
    Alias,
    Artifact,
    ArtifactCollection,
    AuditEvent,
    CollectionMembership,
    Entity,
    Project,
    ProtectedAlias,
    User,
)
from registry.services import accounts
from tests.factories import make_version
from tests.views.conftest import Get, assert_valid, fresh
from tests.views.test_version_changes import _seen, text_of

IN_REGISTRY = "/acme/wandb-registry-Model/collections/model/Zoo%20classifier"
IN_PROJECT = "/ml/zoo/collections/model/net"


def test_a_registry_is_made(alice_browser: Client, get: Get, acme: Entity) -> None:
    get("/orgs/acme/registries/new")
    words = {"name": "Reports", "description": "For *auditors*", "accepted_types": "report\r\n\r\ntable"}
    response = alice_browser.post("/orgs/acme/registries/new", words, follow=True)
    assert response.redirect_chain == [("/registry/Reports", 302)]
    page = response.content.decode()
    assert "accepts report, table" in page
    assert "<em>auditors</em>" in page
    made = Project.objects.get(name="wandb-registry-Reports")
    assert (made.entity, made.visibility) == (acme, "organisation")


@pytest.mark.parametrize("name", ["", "Model", "model", "a/b", "a:b", "x" * 101])
def test_a_registry_of_a_bad_or_taken_name_comes_back(alice_browser: Client, acme: Entity, name: str) -> None:
    events = AuditEvent.objects.count()
    response = alice_browser.post("/orgs/acme/registries/new", {"name": name, "description": "kept"})
    assert response.status_code == 422
    assert_valid(response)
    assert "kept</textarea>" in response.content.decode()
    assert AuditEvent.objects.count() == events


def test_only_members_with_a_say_make_registries(charlie_browser: Client, charlie: User, acme: Entity) -> None:
    accounts.add_member(viewer=Viewer.system(), entity=acme, user=charlie, role=Role.VIEWER)
    assert charlie_browser.get("/orgs/acme/registries/new").status_code == 403
    assert charlie_browser.post("/orgs/acme/registries/new", {"name": "Mine"}).status_code == 403
    assert charlie_browser.get("/orgs/rivals/registries/new").status_code == 404


def test_a_collection_is_made(alice_browser: Client, get: Get, registry: Project) -> None:
    address = "/acme/wandb-registry-Model/new-collection"
    assert f'href="{address}"' in get("/registry/Model")
    get(address)
    words = {"name": "Fox or dog", "type_name": "model", "description": "Two animals"}
    response = alice_browser.post(address, words, follow=True)
    assert response.redirect_chain == [("/registry/Model/Fox%20or%20dog/versions", 302)]
    assert "Two animals" in response.content.decode()
    again = alice_browser.post(address, words)
    assert again.status_code == 422
    assert "There is a collection" in again.content.decode()


def test_a_type_that_the_registry_does_not_accept_is_refused_with_the_reason(
    alice_browser: Client, registry: Project
) -> None:
    Project.objects.filter(pk=registry.pk).update(accepted_types=["model"])
    address = "/acme/wandb-registry-Model/new-collection"
    assert '<option dir="auto" value="model">' in alice_browser.get(address).content.decode()
    response = alice_browser.post(address, {"name": "Cats", "type_name": "dataset"})
    assert response.status_code == 422
    assert "accepts model" in response.content.decode()
    assert not ArtifactCollection.objects.filter(name="Cats").exists()


def test_a_collection_is_renamed_and_described(alice_browser: Client, get: Get, linked: CollectionMembership) -> None:
    words = {"name": "Classifier", "description": "New", "seen": _seen(get(f"{IN_REGISTRY}/edit"))}
    response = alice_browser.post(f"{IN_REGISTRY}/edit", words)
    assert response.url == "/registry/Model/Classifier/versions"
    assert "New" in get("/registry/Model/Classifier/versions")
    assert alice_browser.get("/registry/Model/Zoo%20classifier").url == "/registry/Model/Classifier"


def test_a_taken_name_and_an_overtaken_text_come_back(
    alice_browser: Client, bob_browser: Client, get: Get, net: Artifact, zoo: Project
) -> None:
    make_version(zoo, "other")
    seen = _seen(get(f"{IN_PROJECT}/edit"))
    taken = alice_browser.post(f"{IN_PROJECT}/edit", {"name": "other", "description": "", "seen": seen})
    assert taken.status_code == 422
    assert "already has a collection" in taken.content.decode()
    bob_browser.post(f"{IN_PROJECT}/edit", {"name": "net", "description": "bob's", "seen": seen})
    late = alice_browser.post(f"{IN_PROJECT}/edit", {"name": "net", "description": "alice's", "seen": seen})
    assert late.status_code == 409
    assert_valid(late)


def test_a_collection_has_tags(alice_browser: Client, get: Get, net: Artifact) -> None:
    alice_browser.post(f"{IN_PROJECT}/tags", {"add": "vision"})
    assert "vision" in get(f"{IN_PROJECT}/tags")
    assert "vision" in get(IN_PROJECT)
    alice_browser.post(f"{IN_PROJECT}/tags", {"remove": "vision"})
    assert "vision" not in get(IN_PROJECT)


def test_a_collection_of_links_is_deleted_and_its_versions_stay(
    alice_browser: Client, get: Get, net: Artifact, linked: CollectionMembership
) -> None:
    assert "The versions stay where they were logged." in text_of(get(f"{IN_REGISTRY}/delete"))
    assert alice_browser.post(f"{IN_REGISTRY}/delete", {"typed": "Zoo"}).status_code == 422
    response = alice_browser.post(f"{IN_REGISTRY}/delete", {"typed": "Zoo classifier"})
    assert response.url == "/registry/Model"
    get("/registry/Model/Zoo%20classifier/versions", status=404)
    assert not fresh(net).is_deleted
    assert not Alias.objects.filter(collection=linked.collection_id).exists()
    told = list(AuditEvent.objects.filter(collection_id=linked.collection_id).order_by("-pk").values_list("action")[:4])
    assert told == [("collection.deleted",), ("version.removed",), ("alias.removed",), ("alias.removed",)]


def test_a_collection_of_versions_is_deleted_with_them(
    alice_browser: Client, net: Artifact, linked: CollectionMembership
) -> None:
    response = alice_browser.post(f"{IN_PROJECT}/delete", {"typed": "net"}, follow=True)
    assert "The collection net is deleted." in text_of(response.content.decode())
    assert fresh(net).is_deleted
    assert not CollectionMembership.objects.filter(pk=linked.pk).exists()
    # the name is free again
    assert make_version(net.collection.project, "net", type_name="dataset").version == 0


def test_a_protected_alias_keeps_a_collection_from_members(
    bob_browser: Client, linked: CollectionMembership, registry: Project
) -> None:
    ProtectedAlias.objects.create(project=registry, name="production")
    assert bob_browser.post(f"{IN_REGISTRY}/delete", {"typed": "Zoo classifier"}).status_code == 403
    assert CollectionMembership.objects.filter(pk=linked.pk).exists()


def test_admins_protect_aliases(alice_browser: Client, bob_browser: Client, get: Get, zoo: Project) -> None:
    address = "/ml/zoo/protected-aliases"
    assert bob_browser.get(address).status_code == 403
    assert bob_browser.post(address, {"add": "production"}).status_code == 403
    assert "No alias is protected." in get(address)
    alice_browser.post(address, {"add": "production"})
    assert "<bdi>production</bdi>" in get(address)
    assert alice_browser.post(address, {"add": "v3"}).status_code == 422
    alice_browser.post(address, {"remove": "production"})
    assert not ProtectedAlias.objects.exists()


@pytest.mark.parametrize("form", ["edit", "tags", "link", "delete"])
def test_strangers_find_no_form(charlie_browser: Client, net: Artifact, form: str) -> None:
    assert charlie_browser.get(f"{IN_PROJECT}/{form}").status_code == 404
    assert charlie_browser.post(f"{IN_PROJECT}/{form}", {"typed": "net", "name": "x"}).status_code == 404
