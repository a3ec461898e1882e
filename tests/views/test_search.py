"""Search over everything (NAV-7), within what the viewer may see."""

import re
from html import unescape

import pytest
from django.test import Client

from registry.core.viewer import Viewer
from registry.models import Artifact, ArtifactTag, CollectionMembership, CollectionTag, Project
from registry.services.aliases import set_alias
from tests.factories import make_run, make_version
from tests.views.conftest import Get, fresh, same_queries


def hits(page: str) -> dict[str, list[tuple[str, str]]]:
    """What was found by kind: the words of each and where it leads."""
    sections = re.findall(r'<h2 id="found-(\w+)">.*?<ul class="hits">(.*?)</ul>', page, re.DOTALL)
    found = {}
    for kind, rows in sections:
        links = re.findall(r'<a class="ref" href="([^"]+)">.*?<bdi class="name trunc">(.*?)</bdi>', rows)
        found[kind] = [(unescape(text), address) for address, text in links]
    return found


def test_it_finds_things_of_every_kind(get: Get, as_alice: Viewer, linked: CollectionMembership, zoo: Project) -> None:
    artifact = fresh(linked.artifact)
    make_run(zoo, "zoo run", uid="r1")
    set_alias(viewer=as_alice, collection=artifact.collection, artifact=artifact, name="zoo-best")
    ArtifactTag.objects.create(artifact=artifact, name="zoo-checked")
    CollectionTag.objects.create(collection=linked.collection, name="zoo-family")
    assert hits(get("/search?q=Zoo")) == {
        "projects": [("zoo", "/ml/zoo")],
        "runs": [("zoo run", "/ml/zoo/runs/r1")],
        "collections": [("Zoo classifier", "/registry/Model/Zoo%20classifier/versions")],
        "aliases": [("net:zoo-best", "/ml/zoo/artifacts/model/net/v0")],
        "tags": [
            ("zoo-checked on net:v0", "/ml/zoo/artifacts/model/net/v0"),
            ("zoo-family on Zoo classifier", "/registry/Model/Zoo%20classifier/versions"),
        ],
    }


def test_an_alias_leads_to_the_number_it_has_there(get: Get, linked: CollectionMembership) -> None:
    CollectionMembership.objects.filter(pk=linked.pk).update(version=7)
    found = hits(get("/search?q=classifier:prod"))
    assert found == {"aliases": [("Zoo classifier:production", "/registry/Model/Zoo%20classifier/v7")]}


@pytest.mark.parametrize("words", ["v0", "net:v0", "V0"])
def test_versions_are_found_by_number(get: Get, net: Artifact, words: str) -> None:
    assert ("net:v0", "/ml/zoo/artifacts/model/net/v0") in hits(get(f"/search?q={words}"))["versions"]


def test_versions_are_found_by_digest(get: Get, net: Artifact) -> None:
    found = hits(get(f"/search?q={net.digest[:10]}"))["versions"]
    assert found == [("net:v0", "/ml/zoo/artifacts/model/net/v0")]


def test_a_few_of_each_then_all_of_one_kind_and_it_says_so(get: Get, zoo: Project) -> None:
    for number in range(110):
        make_run(zoo, f"sweep {number}")
    page = get("/search?q=sweep")
    assert len(hits(page)["runs"]) == 6
    assert 'href="?q=sweep&amp;kind=runs"' in page
    page = get("/search?q=sweep&kind=runs")
    assert len(hits(page)["runs"]) == 100
    assert "The first 100" in page


def test_nothing_found_and_nothing_asked(get: Get, zoo: Project) -> None:
    assert "Nothing found" in get("/search?q=absent")
    page = get("/search")
    assert "Search everything" in page
    assert hits(page) == {}


@pytest.mark.parametrize("words", ["%25", "_", "<script>alert(1)</script>", "a" * 128, "%22%27%5C"])
def test_odd_words_are_words(get: Get, zoo: Project, words: str) -> None:
    assert hits(get(f"/search?q={words}")) == {}


def test_bad_parameters_are_refused(get: Get, zoo: Project) -> None:
    assert "kind:" in get("/search?q=a&kind=nonsense", status=400)
    get("/search?q=" + "a" * 129, status=400)
    get("/search?q=a%00", status=400)


def test_a_stranger_finds_what_is_open_only(
    charlie_browser: Client, linked: CollectionMembership, zoo: Project
) -> None:
    make_run(zoo, "zoo run")
    page = charlie_browser.get("/search?q=zoo").content.decode()
    assert set(hits(page)) == {"collections"}
    for words in ("net", "v0", linked.artifact.digest[:12], "latest"):
        page = charlie_browser.get(f"/search?q={words}").content.decode()
        assert "ml/zoo" not in page


def test_rows_cost_no_queries(alice_browser: Client, net: Artifact, zoo: Project) -> None:
    with same_queries(alice_browser, "/search?q=n"):
        for number in range(20):
            make_version(zoo, f"n{number}", type_name="model")
            make_run(zoo, f"n{number}")


def test_the_header_of_every_page_has_the_field(get: Get, net: Artifact) -> None:
    assert '<form class="head-search" role="search" aria-label="Site" action="/search">' in get("/ml/zoo")
    assert 'value="net"' in get("/search?q=net")
