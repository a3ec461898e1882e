"""The Artifacts tab: the tree in the sidebar and the table of collections (NAV-1, NAV-6)."""

import re

import pytest
from django.db import connection
from django.test import Client
from psycopg import connect

from registry.core.viewer import Viewer
from registry.models import Artifact, ArtifactCollection, Project
from registry.services.aliases import set_alias
from registry.services.links import link_version
from tests.factories import make_version
from tests.views.conftest import Get, fresh, same_queries

MOST_NODES = 60
FRAGMENT = {"HX-Request": "true"}


def tree_nodes(page: str) -> int:
    tree = page.split('id="tree"')[1].split("</nav>", maxsplit=1)[0] if 'id="tree"' in page else page
    return tree.count("<li>")


@pytest.fixture
def ten_thousand(zoo: Project) -> ArtifactCollection:
    first = make_version(zoo, "net", type_name="model")
    collection = first.collection
    Artifact.objects.bulk_create(
        (
            Artifact(collection=collection, version=number, digest=f"{number:032x}", state=Artifact.State.COMMITTED)
            for number in range(1, 10_000)
        ),
        batch_size=2000,
    )
    ArtifactCollection.objects.filter(pk=collection.pk).update(next_version=10_000)
    return collection


def test_the_tree_holds_types_and_only_the_open_branch(get: Get, zoo: Project) -> None:
    make_version(zoo, "raw")
    make_version(zoo, "net", type_name="model")
    closed = get("/ml/zoo/artifacts")
    tree = closed.split('id="tree"')[1].split("</nav>")[0]
    assert ">dataset<" in tree
    assert ">model<" in tree
    assert ">raw<" not in tree
    opened = get("/ml/zoo/artifacts/dataset").split('id="tree"')[1].split("</nav>")[0]
    assert ">raw<" in opened
    assert ">net<" not in opened


def test_the_table_leads_to_the_collections(get: Get, zoo: Project) -> None:
    make_version(zoo, "raw")
    page = get("/ml/zoo/artifacts")
    assert 'href="/ml/zoo/artifacts/dataset/raw"' in page
    assert 'href="/ml/zoo/collections/dataset/raw"' in page


def test_the_current_version_is_marked(get: Get, zoo: Project) -> None:
    make_version(zoo, "raw")
    make_version(zoo, "raw")
    page = get("/ml/zoo/artifacts/dataset/raw/v0")
    marked = re.findall(r'href="([^"]*)" aria-current="page" data-behaviour="scroll-here"', page)
    assert marked == ["/ml/zoo/artifacts/dataset/raw/v0"]


@pytest.mark.parametrize("version", [9_999, 5_000, 0])
def test_a_branch_stays_small_with_10_000_versions(get: Get, ten_thousand: ArtifactCollection, version: int) -> None:
    page = get(f"/ml/zoo/artifacts/model/net/v{version}")
    assert tree_nodes(page) <= MOST_NODES
    assert f'href="/ml/zoo/artifacts/model/net/v{version}" aria-current="page"' in page


def test_more_versions_page_on_to_the_last(get: Get, ten_thousand: ArtifactCollection) -> None:
    page = get("/ml/zoo/collections/model/net", **FRAGMENT)
    assert "9,985 more versions" in page
    seen = []
    address = "/ml/zoo/collections/model/net?before=50"
    while address:
        branch = get(address, **FRAGMENT)
        assert tree_nodes(branch) <= MOST_NODES
        seen += re.findall(r'class="ver">v(\d+)<', branch)
        older = re.search(r'href="([^"]*\?before=\d+)" hx-get="[^"]*"[^>]*>(?:Older|\d)', branch)
        address = older[1] if older else ""
    assert [int(number) for number in seen] == list(range(49, -1, -1))


def test_a_part_marks_the_version_that_the_page_is_about(get: Get, ten_thousand: ArtifactCollection) -> None:
    here = {**FRAGMENT, "HX-Current-URL": "http://testserver/ml/zoo/artifacts/model/net/v42/files?q=x"}
    branch = get("/ml/zoo/collections/model/net?before=50", **here)
    assert re.findall(r'/v(\d+)" aria-current="page"', branch) == ["42"]
    elsewhere = {**FRAGMENT, "HX-Current-URL": "http://testserver/ml/zoo/artifacts/model/other/v42"}
    assert "aria-current" not in get("/ml/zoo/collections/model/net?before=50", **elsewhere)


def test_newer_versions_lead_back(get: Get, ten_thousand: ArtifactCollection) -> None:
    branch = get("/ml/zoo/collections/model/net?before=100", **FRAGMENT)
    newer = re.search(r'href="([^"]*)"[^>]*>Newer versions', branch)[1]
    numbers = re.findall(r'class="ver">v(\d+)<', get(newer, **FRAGMENT))
    assert [int(number) for number in numbers] == list(range(114, 99, -1))


def test_many_collections_and_types_keep_it_small_too(get: Get, alice_browser: Client, zoo: Project) -> None:
    collections = [
        ArtifactCollection(project=zoo, kind="sequence", type_name="model", name=f"m{n:04}") for n in range(300)
    ]
    collections += [
        ArtifactCollection(project=zoo, kind="sequence", type_name=f"t{n:03}", name=f"n{n}") for n in range(90)
    ]
    ArtifactCollection.objects.bulk_create(collections)
    make_version(zoo, "m0150", type_name="model")
    page = get("/ml/zoo/artifacts/model/m0150/v0")
    assert tree_nodes(page) <= MOST_NODES
    assert 'aria-current="page" data-behaviour="scroll-here"' in page
    assert "All 300 of this type" in page


def test_the_fragment_is_the_branch_alone_and_answers_vary(alice_browser: Client, zoo: Project) -> None:
    make_version(zoo, "raw")
    response = alice_browser.get("/ml/zoo/artifacts/dataset", headers=FRAGMENT)
    assert response.content.decode().strip().startswith("<li>")
    assert "HX-Request" in response.headers["Vary"]
    back = {**FRAGMENT, "HX-History-Restore-Request": "true"}
    assert "<!doctype html>" in alice_browser.get("/ml/zoo/artifacts/dataset", headers=back).content.decode()


def test_the_filter_finds_names_types_and_aliases(get: Get, zoo: Project, as_alice: Viewer) -> None:
    raw = fresh(make_version(zoo, "raw"))
    make_version(zoo, "net", type_name="model")
    set_alias(viewer=as_alice, collection=raw.collection, artifact=raw, name="gold")
    for q, found, hidden in (("ra", "raw", "net"), ("mod", "net", "raw"), ("gol", "raw", "net")):
        page = get(f"/ml/zoo/artifacts?q={q}")
        assert f'title="{found}"' in page
        assert f'title="{hidden}"' not in page
    assert "No artifact matches" in get("/ml/zoo/artifacts?q=lion")


def test_an_alias_that_matches_twice_lists_its_collection_once(get: Get, zoo: Project, as_alice: Viewer) -> None:
    raw = fresh(make_version(zoo, "raw"))
    for name in ("gold-a", "gold-b"):
        set_alias(viewer=as_alice, collection=raw.collection, artifact=raw, name=name)
    assert get("/ml/zoo/artifacts?q=gold").count('href="/ml/zoo/collections/dataset/raw">1</a>') == 1


def test_rows_cost_no_queries(alice_browser: Client, zoo: Project) -> None:
    make_version(zoo, "raw")
    with same_queries(alice_browser, "/ml/zoo/artifacts"):
        for number in range(20):
            make_version(zoo, f"raw{number}")


def test_the_table_is_paged(get: Get, zoo: Project) -> None:
    ArtifactCollection.objects.bulk_create(
        ArtifactCollection(project=zoo, kind="sequence", type_name="model", name=f"m{n:04}") for n in range(60)
    )
    page = get("/ml/zoo/artifacts/model")
    after = page.split("after=")[1].split('"')[0]
    rest = get(f"/ml/zoo/artifacts/model?after={after}").split('id="main"')[1]
    assert "m0059" in rest
    assert "m0049" not in rest


def test_a_type_that_is_not_there_is_not_found(get: Get, zoo: Project) -> None:
    get("/ml/zoo/artifacts/models", status=404)


def test_a_row_leads_to_the_latest_version_and_its_lineage(get: Get, zoo: Project, as_alice: Viewer) -> None:
    """NAV-1: the way from the Artifacts tab to a Lineage tab is one click."""
    older, newer = make_version(zoo, "raw"), make_version(zoo, "raw")
    set_alias(viewer=as_alice, collection=newer.collection, artifact=older, name="latest")
    page = get("/ml/zoo/artifacts")
    assert 'href="/ml/zoo/artifacts/dataset/raw/v0"' in page
    assert 'href="/ml/zoo/artifacts/dataset/raw/v0/lineage"' in page
    assert "/raw/v1" not in page


def test_the_latest_of_a_portfolio_is_numbered_there(get: Get, zoo: Project, as_alice: Viewer) -> None:
    make_version(zoo, "raw")
    second = make_version(zoo, "raw")
    link_version(viewer=as_alice, artifact=second, project=zoo, collection_name="chosen", aliases=["latest"])
    assert 'href="/ml/zoo/artifacts/dataset/chosen/v0/lineage"' in get("/ml/zoo/artifacts")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans the same whatever there is")
def test_a_page_is_there_also_when_the_database_misjudges_its_tables(
    get: Get, ten_thousand: ArtifactCollection
) -> None:
    """Statistics taken while much is being written count none of it; a plan made for no rows ran into the timeout."""
    with connect(**{**connection.get_connection_params(), "cursor_factory": None}, autocommit=True) as elsewhere:
        elsewhere.execute("ANALYZE")
    get("/ml/zoo/artifacts/model/net/v9999")
