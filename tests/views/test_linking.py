"""Linking by hand (REG-1, REG-2, REG-4): from a version into a registry, from a collection by three choices."""

import pytest
from django.test import Client

from registry.core.viewer import Role, Viewer
from registry.models import Alias, Artifact, AuditEvent, CollectionMembership, Project, ProtectedAlias, User
from registry.services.accounts import add_member, create_organization
from tests.factories import make_version
from tests.views.conftest import Get, assert_valid, fresh, same_queries
from tests.views.test_version_changes import text_of

FROM_VERSION = "/ml/zoo/artifacts/model/net/v0/link"
COLLECTION = "/acme/wandb-registry-Model/collections/model/Zoo%20classifier"


def test_a_version_is_linked_into_a_new_collection(
    alice_browser: Client, get: Get, net: Artifact, registry: Project
) -> None:
    assert f'href="{FROM_VERSION}"' in get("/ml/zoo/artifacts/model/net/v0")
    assert 'href="?registry=acme%2FModel"' in get(FROM_VERSION)
    get(f"{FROM_VERSION}?registry=Model")
    words = {"registry": "Model", "collection": "Night vision", "aliases": "staging, best"}
    response = alice_browser.post(FROM_VERSION, words, follow=True)
    assert response.redirect_chain == [("/registry/Model/Night%20vision/v0", 302)]
    assert "net:v0 is linked." in text_of(response.content.decode())
    link = CollectionMembership.objects.get(collection__name="Night vision")
    assert link.artifact_id == net.pk
    names = Alias.objects.filter(collection=link.collection).values_list("name", flat=True)
    assert set(names) == {"staging", "best", "latest"}


def test_collections_of_the_type_are_offered(get: Get, net: Artifact, linked: CollectionMembership) -> None:
    assert '<option value="Zoo classifier">' in get(f"{FROM_VERSION}?registry=Model")
    assert '<option value="Zoo classifier">' not in get(f"{FROM_VERSION}?registry=Dataset")


def test_what_a_registry_does_not_accept_is_said_at_once_and_refused(
    alice_browser: Client, get: Get, net: Artifact, registry: Project
) -> None:
    Project.objects.filter(pk=registry.pk).update(accepted_types=["dataset"])
    page = get(FROM_VERSION)
    assert "accepts dataset only" in page
    assert "registry=acme%2FModel" not in page
    events = AuditEvent.objects.count()
    response = alice_browser.post(FROM_VERSION, {"registry": "Model", "collection": "Night vision"})
    assert response.status_code == 422
    assert_valid(response)
    assert "accepts dataset" in response.content.decode()
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ({"registry": "Model", "collection": ""}, 422),
        ({"registry": "Model", "collection": "a/b"}, 422),
        ({"registry": "Model", "collection": "ok", "aliases": "a:b"}, 422),
        ({"registry": "Nothing", "collection": "ok"}, 404),
        ({"registry": "", "collection": "ok"}, 422),
    ],
)
def test_bad_words_come_back(
    alice_browser: Client, net: Artifact, registry: Project, words: dict[str, str], status: int
) -> None:
    assert alice_browser.post(FROM_VERSION, words).status_code == status
    assert not CollectionMembership.objects.exists()


def test_aliases_that_would_move_are_told_first(
    alice_browser: Client, linked: CollectionMembership, zoo: Project
) -> None:
    second = make_version(zoo, "net", type_name="model")
    address = FROM_VERSION.replace("v0", "v1")
    words = {"registry": "acme/Model", "collection": "Zoo classifier", "aliases": "production"}
    response = alice_browser.post(address, words)
    assert response.status_code == 422
    assert_valid(response)
    assert "production moves from v0 to the version that is linked." in text_of(response.content.decode())
    assert CollectionMembership.objects.count() == 1
    response = alice_browser.post(address, {**words, "told": "production moves from v0"})
    assert response.url == "/registry/Model/Zoo%20classifier/v1"
    assert Alias.objects.get(collection=linked.collection_id, name="production").artifact_id == second.pk


def test_a_registry_of_another_organisation_is_not_mistaken(
    alice_browser: Client, get: Get, net: Artifact, registry: Project, alice: User
) -> None:
    rivals = create_organization(viewer=Viewer.system(), name="rivals")
    add_member(viewer=Viewer.system(), entity=rivals, user=alice, role=Role.MEMBER)
    page = get(FROM_VERSION)
    assert "rivals / Model" in page
    assert "acme / Model" in page
    alice_browser.post(FROM_VERSION, {"registry": "rivals/Model", "collection": "Theirs"})
    assert CollectionMembership.objects.get().collection.project.entity == rivals


def test_a_protected_alias_is_refused_and_nothing_is_linked(
    bob_browser: Client, net: Artifact, registry: Project
) -> None:
    ProtectedAlias.objects.create(project=registry, name="production")
    words = {"registry": "Model", "collection": "Night vision", "aliases": "production"}
    assert bob_browser.post(FROM_VERSION, words).status_code == 403
    assert not CollectionMembership.objects.exists()


def test_a_version_is_chosen_in_three_steps(
    alice_browser: Client, get: Get, linked: CollectionMembership, zoo: Project
) -> None:
    make_version(zoo, "net", type_name="model")
    make_version(zoo, "raw", type_name="dataset")
    assert f'href="{COLLECTION}/link"' in get("/registry/Model/Zoo%20classifier/v0")
    assert 'href="?source=ml%2Fzoo"' in get(f"{COLLECTION}/link")
    page = get(f"{COLLECTION}/link?source=ml/zoo")
    assert 'href="?source=ml%2Fzoo&amp;artifact=net"' in page
    assert "artifact=raw" not in page
    assert "Link v1" in text_of(get(f"{COLLECTION}/link?source=ml/zoo&artifact=net"))
    words = {"source": "ml/zoo", "artifact": "net", "version": "v1"}
    response = alice_browser.post(f"{COLLECTION}/link", words, follow=True)
    assert response.redirect_chain == [("/registry/Model/Zoo%20classifier/v1", 302)]
    assert "net:v1 is linked." in text_of(response.content.decode())


def test_linking_twice_is_once(alice_browser: Client, linked: CollectionMembership) -> None:
    words = {"source": "ml/zoo", "artifact": "net", "version": "v0"}
    assert alice_browser.post(f"{COLLECTION}/link", words).url == "/registry/Model/Zoo%20classifier/v0"
    assert CollectionMembership.objects.filter(collection=linked.collection_id).count() == 1


def test_many_versions_come_in_pages_and_lists_can_be_narrowed(
    get: Get, alice_browser: Client, linked: CollectionMembership, zoo: Project
) -> None:
    with same_queries(alice_browser, f"{COLLECTION}/link?source=ml/zoo&artifact=net"):
        for _ in range(60):
            make_version(zoo, "net", type_name="model")
    page = get(f"{COLLECTION}/link?source=ml/zoo&artifact=net")
    assert "Link v60" in page
    assert "Link v10<" not in page
    assert "before=11" in page
    assert "Link v10<" in get(f"{COLLECTION}/link?source=ml/zoo&artifact=net&before=11")
    assert "Nothing matches." in get(f"{COLLECTION}/link?source=ml/zoo&q=absent")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("source=ml/nothing", 404),
        ("source=nonsense", 404),
        ("source=ml/zoo&artifact=nothing", 404),
        ("source=ml/zoo&before=x", 400),
        ("version=1", 400),
    ],
)
def test_bad_steps_are_refused(get: Get, linked: CollectionMembership, words: str, status: int) -> None:
    get(f"{COLLECTION}/link?{words}", status=status)


def test_what_may_not_be_seen_is_neither_offered_nor_linked(
    charlie_browser: Client, linked: CollectionMembership, zoo: Project
) -> None:
    make_version(zoo, "net", type_name="model")
    assert "zoo" not in text_of(charlie_browser.get(f"{COLLECTION}/link").content.decode()).replace("Zoo", "")
    words = {"source": "ml/zoo", "artifact": "net", "version": "v1"}
    assert charlie_browser.post(f"{COLLECTION}/link", words).status_code == 404


def test_a_sequence_takes_no_links(get: Get, net: Artifact) -> None:
    get("/ml/zoo/collections/model/net/link", status=400)


def test_a_version_is_unlinked_after_a_warning(
    alice_browser: Client, get: Get, net: Artifact, linked: CollectionMembership
) -> None:
    address = "/acme/wandb-registry-Model/artifacts/model/Zoo%20classifier/v0/unlink"
    assert f'href="{address}"' in get("/registry/Model/Zoo%20classifier/v0")
    told = text_of(get(address))
    assert "loses production, latest here" in told
    assert "The number v0 is not used again." in told
    response = alice_browser.post(address, follow=True)
    assert "v0 is not linked here any more." in text_of(response.content.decode())
    assert not CollectionMembership.objects.exists()
    assert not fresh(net).is_deleted


def test_a_sequence_s_version_is_not_unlinked(alice_browser: Client, net: Artifact) -> None:
    response = alice_browser.post("/ml/zoo/artifacts/model/net/v0/unlink", {"x": "1"})
    assert response.status_code == 422
    assert "is deleted" in response.content.decode()
