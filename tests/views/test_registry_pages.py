"""The registry: home, one registry, a collection's linked versions (NAV-2, PAG-6)."""

import re

import pytest
from django.test import Client

from registry.core.viewer import Viewer
from registry.models import ArtifactCollection, ArtifactTag, CollectionMembership, CollectionTag, Entity, Project, User
from registry.services import accounts
from registry.services.links import link_version, unlink_version
from tests.factories import make_version
from tests.views.conftest import Get, fresh, same_queries

ADDRESS = "/registry/Model/Zoo%20classifier"


def test_home_shows_what_each_registry_accepts_and_holds(get: Get, linked: CollectionMembership) -> None:
    page = get("/registry")
    assert "accepts model" in page
    assert "1 collection<" in page
    assert "1 version<" in page
    assert "net:v0" in page
    assert f'href="{ADDRESS}/v0"' in page


def test_every_member_of_the_organisation_sees_it(charlie_browser: Client, linked: CollectionMembership) -> None:
    assert "Zoo classifier" in charlie_browser.get("/registry/Model").content.decode()
    page = charlie_browser.get(f"{ADDRESS}/v0")
    assert page.status_code == 200
    # the source project is not theirs, and not named
    for address in (f"{ADDRESS}/v0", f"{ADDRESS}/history", f"{ADDRESS}/history/export?format=json", "/registry"):
        assert "ml/zoo" not in charlie_browser.get(address).getvalue().decode(), address


def test_another_organisation_does_not(linked: CollectionMembership, db: None) -> None:
    other = accounts.create_organization(viewer=Viewer.system(), name="rivals")
    user = User.objects.create_user("rita")
    Entity.objects.create(kind="user", name="rita", name_key="rita", user=user, organization=other)
    accounts.add_member(viewer=Viewer.system(), entity=other, user=user)
    browser = Client()
    browser.force_login(user)
    # rita's own organisation has a registry of the same name: that is the one she reads
    assert "Zoo classifier" not in browser.get("/registry/Model").content.decode()
    assert browser.get(f"{ADDRESS}/v0").status_code == 404
    assert browser.get("/registry").content.decode().count('class="reg-card"') == 2


def test_names_match_without_regard_to_case(get: Get, linked: CollectionMembership) -> None:
    assert "Zoo classifier" in get("/registry/MODEL")


def test_the_collection_leads_to_its_latest_version(alice_browser: Client, linked: CollectionMembership) -> None:
    assert alice_browser.get(ADDRESS).url == f"{ADDRESS}/v0"
    assert alice_browser.get(f"{ADDRESS}/production").url == f"{ADDRESS}/v0?via=production"


def test_the_version_page_has_the_drop_down_the_tabs_and_the_menu(
    get: Get, linked: CollectionMembership, as_alice: Viewer, zoo: Project, registry: Project
) -> None:
    for _ in range(2):
        version = fresh(make_version(zoo, "net", type_name="model"))
        link_version(viewer=as_alice, artifact=version, project=registry, collection_name="Zoo classifier", aliases=[])
    page = get(f"{ADDRESS}/v0")
    assert [re.search(f'href="{ADDRESS}/v{number}"', page) is not None for number in range(4)] == [True] * 3 + [False]
    for tab in ("metadata", "usage", "files", "lineage"):
        assert f'href="{ADDRESS}/v0/{tab}"' in page
    for tab in ("metadata", "usage", "files"):
        get(f"{ADDRESS}/v0/{tab}")
    assert f'href="{ADDRESS}/history">' in page
    assert "Action History" in page
    assert "acme/wandb-registry-Model/Zoo classifier:v0" in page


def test_an_unlinked_version_is_gone_and_its_number_stays_used(
    get: Get, linked: CollectionMembership, as_alice: Viewer, zoo: Project, registry: Project
) -> None:
    collection = ArtifactCollection.objects.select_related("project__entity").get(pk=linked.collection_id)
    unlink_version(viewer=as_alice, artifact=fresh(linked.artifact), collection=collection)
    get(f"{ADDRESS}/v0", status=404)
    assert "No versions" in get(f"{ADDRESS}/versions")


def test_a_registry_without_collections_shows_how_to_link(get: Get, ml: Entity) -> None:
    assert 'run.link_artifact(artifact, "wandb-registry-Dataset/My collection")' in get("/registry/Dataset")
    get("/registry/Nothing", status=404)


def test_rows_cost_no_queries(
    alice_browser: Client, linked: CollectionMembership, as_alice: Viewer, registry: Project
) -> None:
    with same_queries(alice_browser, "/registry"), same_queries(alice_browser, "/registry/Model"):
        for number in range(20):
            link_version(
                viewer=as_alice,
                artifact=fresh(linked.artifact),
                project=registry,
                collection_name=f"C{number}",
                aliases=["production"],
            )


def test_the_sidebar_stays_small_with_thousands_of_collections(get: Get, registry: Project, ml: Entity) -> None:
    ArtifactCollection.objects.bulk_create(
        ArtifactCollection(project=registry, kind="portfolio", type_name="model", name=f"C{n:04}") for n in range(3000)
    )
    page = get("/registry/Model/C1500/versions")
    tree = page.split('id="tree"')[1].split("</nav>")[0]
    assert tree.count("<li>") <= 60
    assert 'aria-current="page" data-behaviour="scroll-here"' in tree


@pytest.mark.parametrize(
    ("address", "target"),
    [
        (
            "/orgs/acme/registry/Model?selectionPath=acme%2Fwandb-registry-Model%2FZoo%20classifier&view=membership&version=v0",
            f"{ADDRESS}/v0",
        ),
        ("/orgs/acme/registry/Model", "/registry/Model"),
        (
            "/ml/registry/model?selectionPath=ml%2Fzoo%2Fnet&view=membership&version=v0",
            "/ml/zoo/artifacts/model/net/v0",
        ),
        ("/ml/registry/model?selectionPath=ml%2Fzoo%2Fnet", "/ml/zoo/artifacts/model/net/latest"),
    ],
)
def test_the_addresses_that_the_sdk_prints_lead_here(
    alice_browser: Client, linked: CollectionMembership, address: str, target: str
) -> None:
    assert alice_browser.get(address).url == target


def test_the_home_page_finds_registries_and_collections_by_name_tag_and_alias(
    get: Get, as_alice: Viewer, linked: CollectionMembership
) -> None:
    CollectionTag.objects.create(collection=linked.collection, name="vision")
    ArtifactTag.objects.create(artifact=linked.artifact, name="eu-ok")
    for words in ("ZOO", "production", "visi", "eu-ok"):
        page = get(f"/registry?q={words}")
        assert 'href="/registry/Model/Zoo%20classifier"' in page, words
        assert "No registry is called so." in page
    page = get("/registry?q=model")
    assert "<bdi>Model</bdi>" in page
    assert "<bdi>Dataset</bdi>" not in page
    assert "No collection has" in page


def test_a_registry_finds_its_collections_by_tag(get: Get, linked: CollectionMembership) -> None:
    CollectionTag.objects.create(collection=linked.collection, name="vision")
    assert "Zoo classifier</bdi>" in get("/registry/Model?q=visi").split("<main")[1]
    assert "No collection matches" in get("/registry/Model?q=absent")


def test_it_says_who_may_look(get: Get, registry: Project) -> None:
    assert "</svg>open</span>" in get("/registry")
    assert "Open to the organisation" in get("/registry/Model")
