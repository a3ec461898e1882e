"""Two versions beside each other (PAG-4): files by path and digest, metadata, lineage."""

import re
from html import unescape

import pytest
from django.test import Client

from registry.core.viewer import Viewer
from registry.models import Artifact, CollectionMembership, Entity, Project, User
from registry.services import projects
from registry.services.aliases import set_alias
from registry.services.links import link_version
from tests.factories import logged, make_run, make_version, used
from tests.factories.saving import save_version
from tests.views.conftest import Get, fresh, same_queries

ADDRESS = "/ml/zoo/artifacts/dataset/zoo"


def text_of(page: str, section: str) -> str:
    body = page.split(f'aria-labelledby="diff-{section}"')[1].split("</section>", maxsplit=1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split()).translate({0x2212: "-", 0x2013: "-"})


@pytest.fixture
def two(as_alice: Viewer, zoo: Project) -> tuple[Artifact, Artifact]:
    """v0 and v1 of a dataset: one file the same, one changed, one gone, one new."""
    first = save_version(as_alice, zoo, {"same.txt": "same", "changed.txt": "a", "gone.txt": "gone"})
    second = save_version(as_alice, zoo, {"same.txt": "same", "changed.txt": "abc", "new.txt": "new"})
    Artifact.objects.filter(pk=first.pk).update(metadata={"lr": 0.001, "keep": 1, "old": "<b>"})
    Artifact.objects.filter(pk=second.pk).update(metadata={"lr": 0.002, "keep": 1})
    return first, second


def test_files_are_compared_by_path_and_digest(get: Get, two: tuple[Artifact, Artifact]) -> None:
    told = text_of(get(f"{ADDRESS}/v0/compare?with=v1"), "files")
    assert "1 added ~ 1 changed - 1 removed" in told
    assert "Changed changed.txt 1 B 3 B +2 B" in told
    assert "Removed gone.txt 4 B - -4 B" in told
    assert "Added new.txt - 3 B +3 B" in told
    assert "1 file unchanged 4 B 4 B 0" in told
    assert "same.txt" not in told


def test_metadata_is_compared_by_key(get: Get, two: tuple[Artifact, Artifact]) -> None:
    told = text_of(get(f"{ADDRESS}/v0/compare?with=v1"), "metadata")
    assert "2 keys differ" in told
    assert "lr 0.001 0.002" in told
    assert "Removed old <b> -" in told
    assert "1 key same same" in told


def test_lineage_says_who_used_which(get: Get, two: tuple[Artifact, Artifact], zoo: Project) -> None:
    first, second = two
    both, only_first, only_second = (make_version(zoo, name, type_name="raw") for name in ("both", "old", "new"))
    for version, source, name in ((first, only_first, "maker-0"), (second, only_second, "maker-1")):
        maker = make_run(zoo, name, job_type="split")
        used(maker, source, both)
        logged(maker, version)
    reader = make_run(zoo, "reader")
    used(reader, first, second)
    used(make_run(zoo, "late reader"), second)
    page = get(f"{ADDRESS}/v0/compare?with=v1")
    told = text_of(page, "lineage")
    assert "2 only in v0, 3 only in v1, 2 in common" in told
    assert "Only v0 old:v0 raw Only v1 new:v0 raw In common: both:v0" in told
    assert "Only v0 maker-0 split Only v1 maker-1 split" in told
    assert "Only v0 nothing Only v1 late reader train In common: reader" in told


def test_without_a_second_version_the_one_before_is_taken(
    get: Get, alice_browser: Client, two: tuple[Artifact, Artifact]
) -> None:
    assert alice_browser.get(f"{ADDRESS}/v1/compare").url == f"{ADDRESS}/v0/compare?with=v1"
    assert "zoo v0 and v1" in get(f"{ADDRESS}/v0/compare")


def test_the_sides_can_be_swapped(get: Get, two: tuple[Artifact, Artifact]) -> None:
    assert f'href="{ADDRESS}/v1/compare?with=v0"' in get(f"{ADDRESS}/v0/compare?with=v1")
    assert "Added gone.txt" in text_of(get(f"{ADDRESS}/v1/compare?with=v0"), "files")


def test_an_alias_leads_to_the_version_it_means(
    alice_browser: Client, as_alice: Viewer, two: tuple[Artifact, Artifact]
) -> None:
    first = fresh(two[0])
    set_alias(viewer=as_alice, collection=first.collection, artifact=first, name="gold")
    response = alice_browser.get(f"{ADDRESS}/latest/compare?with=gold")
    assert response.url == f"{ADDRESS}/v1/compare?with=v0"


def test_a_version_with_itself_is_all_the_same(get: Get, two: tuple[Artifact, Artifact]) -> None:
    page = get(f"{ADDRESS}/v0/compare?with=v0")
    assert "0 added ~ 0 changed - 0 removed" in text_of(page, "files")
    assert "Nothing is apart" in text_of(page, "lineage")


def test_an_only_version_has_nothing_to_be_compared_with(get: Get, net: Artifact) -> None:
    assert "There is nothing to compare with" in get("/ml/zoo/artifacts/model/net/v0/compare")


@pytest.mark.parametrize("words", ["v9", "nothing", "v" + "9" * 40])
def test_what_is_not_there_is_not_found(get: Get, two: tuple[Artifact, Artifact], words: str) -> None:
    get(f"{ADDRESS}/v0/compare?with={words}", status=404)
    get(f"{ADDRESS}/{words}/compare", status=404)


def test_many_changed_files_are_paged(get: Get, as_alice: Viewer, zoo: Project) -> None:
    save_version(as_alice, zoo, {"keep.txt": "x"})
    save_version(as_alice, zoo, {f"f{number:03}.txt": f"{number}" for number in range(250)})
    page = get(f"{ADDRESS}/v0/compare?with=v1")
    told = text_of(page, "files")
    assert "250 added ~ 0 changed - 1 removed" in told
    assert "200 of 251 shown" in told
    assert told.count("Added f") == 200
    after = page.split("after=")[1].split('"')[0]
    rest = text_of(get(f"{ADDRESS}/v0/compare?with=v1&after={after}"), "files")
    assert rest.count("Added f") == 50
    assert "Removed keep.txt" in rest
    get(f"{ADDRESS}/v0/compare?with=v1&after=nonsense", status=400)


def test_it_works_in_a_registry_by_the_numbers_there(
    get: Get, as_alice: Viewer, linked: CollectionMembership, registry: Project, zoo: Project
) -> None:
    make_version(zoo, "net", type_name="model")
    third = fresh(make_version(zoo, "net", type_name="model"))
    link_version(viewer=as_alice, artifact=third, project=registry, collection_name="Zoo classifier", aliases=[])
    assert "Zoo classifier v0 and v1" in get("/registry/Model/Zoo%20classifier/v0/compare?with=v1")


def test_inputs_that_may_not_be_seen_are_not_named(
    get: Get, two: tuple[Artifact, Artifact], zoo: Project, charlie: User
) -> None:
    own = projects.ensure_project(viewer=Viewer.system(), entity=Entity.objects.get(user=charlie), name="own")
    secret = make_version(own, "secret-data")
    maker = make_run(zoo, "maker")
    used(maker, secret)
    logged(maker, two[0])
    hidden = make_run(own, "secret-run")
    used(hidden, two[0])
    page = get(f"{ADDRESS}/v0/compare?with=v1")
    assert "secret" not in page
    assert "Others that you may not see" in page


def test_a_stranger_is_told_nothing(charlie_browser: Client, two: tuple[Artifact, Artifact]) -> None:
    assert charlie_browser.get(f"{ADDRESS}/v0/compare?with=v1").status_code == 404


def test_rows_cost_no_queries(alice_browser: Client, two: tuple[Artifact, Artifact], zoo: Project) -> None:
    logged(make_run(zoo), two[0])
    with same_queries(alice_browser, f"{ADDRESS}/v0/compare?with=v1"):
        for _ in range(20):
            maker = make_run(zoo)
            used(maker, make_version(zoo, "raw"))
            logged(maker, two[1])


def test_the_version_page_leads_here(get: Get, net: Artifact) -> None:
    address = "/ml/zoo/artifacts/model/net/v0"
    assert f'href="{address}/compare"' in get(address)
