"""The versions of a collection, and the address that leads to the latest one."""

from django.test import Client

from registry.core.viewer import Viewer
from registry.models import Artifact, ArtifactCollection, ArtifactTag, CollectionMembership, CollectionRedirect, Project
from registry.services.aliases import set_alias
from registry.services.versions import delete_version
from tests.factories import make_version
from tests.views.conftest import Get, fresh, same_queries


def test_it_lists_versions_newest_first_with_aliases_and_tombstones(get: Get, zoo: Project, as_alice: Viewer) -> None:
    first, second, _ = (fresh(make_version(zoo, "net", type_name="model")) for _ in range(3))
    set_alias(viewer=as_alice, collection=first.collection, artifact=first, name="best")
    delete_version(viewer=as_alice, artifact=second)
    page = get("/ml/zoo/collections/model/net").split('id="main"')[1]
    assert page.index("/v2") < page.index("/v1") < page.index("/v0")
    assert "best" in page
    assert "Deleted, its lineage is kept" in page
    assert "3 of 3, newest first" in page


def test_rows_cost_no_queries(alice_browser: Client, zoo: Project) -> None:
    make_version(zoo, "net", type_name="model")
    with same_queries(alice_browser, "/ml/zoo/collections/model/net"):
        for _ in range(20):
            make_version(zoo, "net", type_name="model")


def test_the_bare_address_leads_to_the_latest(alice_browser: Client, zoo: Project) -> None:
    make_version(zoo, "net", type_name="model")
    make_version(zoo, "net", type_name="model")
    assert alice_browser.get("/ml/zoo/artifacts/model/net").url == "/ml/zoo/artifacts/model/net/v1"


def test_without_versions_it_leads_to_the_list(alice_browser: Client, get: Get, zoo: Project) -> None:
    ArtifactCollection.objects.create(project=zoo, kind="sequence", type_name="model", name="net")
    address = alice_browser.get("/ml/zoo/artifacts/model/net").url
    assert address == "/ml/zoo/collections/model/net"
    assert "No versions" in get(address)


def test_the_old_name_of_a_renamed_collection_leads_on(alice_browser: Client, zoo: Project) -> None:
    version = make_version(zoo, "new-name", type_name="model")
    CollectionRedirect.objects.create(project=zoo, name="old-name", collection=version.collection)
    response = alice_browser.get("/ml/zoo/artifacts/model/old-name/v0/files?q=x")
    assert response.url == "/ml/zoo/artifacts/model/new-name/v0/files?q=x"
    assert alice_browser.get("/ml/zoo/artifacts/model/old-name").url == "/ml/zoo/artifacts/model/new-name"


def test_another_type_in_the_address_is_not_found(get: Get, zoo: Project) -> None:
    make_version(zoo, "net", type_name="model")
    get("/ml/zoo/collections/dataset/net", status=404)
    get("/ml/zoo/artifacts/dataset/net/v0", status=404)


def test_nonsense_in_before_is_told(get: Get, zoo: Project) -> None:
    make_version(zoo, "net", type_name="model")
    for before in ("x", "-1", str(2**31), "9" * 30):
        assert "before:" in get(f"/ml/zoo/collections/model/net?before={before}", status=400)


def test_a_row_shows_tags_size_and_how_long_it_is_kept(get: Get, net: Artifact) -> None:
    Artifact.objects.filter(pk=net.pk).update(ttl_seconds=30 * 86400)
    ArtifactTag.objects.create(artifact=net, name="eu-ok")
    page = get("/ml/zoo/collections/model/net")
    for text in ("eu-ok", "97.8 MB", "30 d"):
        assert text in page


def test_the_metadata_of_chosen_versions_is_compared(get: Get, net: Artifact, zoo: Project) -> None:
    Artifact.objects.filter(pk=net.pk).update(metadata={"lr": 0.1, "arch": "<b>", "old": 1})
    make_version(zoo, "net", type_name="model", metadata={"lr": 0.2, "arch": "<b>"})
    make_version(zoo, "net", type_name="model", metadata={"lr": 0.2, "arch": "<b>"})
    page = get("/ml/zoo/collections/model/net?pick=v0&pick=v2")
    table = page.split('id="metadata"')[1].split("</section>")[0]
    assert "2 keys differ, 1 is the same" in table
    assert [head for head in ("v2", "v1", "v0") if f">{head}</th>" in table] == ["v2", "v0"]
    assert "arch" not in table
    assert "0.1" in table
    assert page.count(" checked>") == 2
    assert "Nothing differs" in get("/ml/zoo/collections/model/net?pick=v1&pick=v2")
    assert "choose two or more" in get("/ml/zoo/collections/model/net?pick=v1")


def test_links_are_compared_by_their_numbers(get: Get, linked: CollectionMembership) -> None:
    assert 'id="metadata"' in get("/registry/Model/Zoo%20classifier/versions?pick=v0")


def test_bad_choices_are_refused(get: Get, net: Artifact) -> None:
    get("/ml/zoo/collections/model/net?pick=v7", status=404)
    for words in ("pick=0", "pick=latest", "pick=v99999999999", "&".join(f"pick=v{n}" for n in range(9))):
        assert "pick:" in get(f"/ml/zoo/collections/model/net?{words}", status=400)


def test_the_choice_survives_without_a_script(get: Get, net: Artifact) -> None:
    page = get("/ml/zoo/collections/model/net?before=1&pick=v0")
    assert '<input type="hidden" name="before" value="1">' in page
