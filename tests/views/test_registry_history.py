"""Action History (REG-5): who linked, unlinked and named what in a collection, newest first."""

import csv
import io
import json
import re
from html import unescape

import pytest
from django.test import Client

from registry.core import clock
from registry.core.viewer import ActorKind, Origin, Viewer
from registry.models import Artifact, ArtifactCollection, CollectionMembership, Project, ProtectedAlias, User
from registry.queries.accounts import get_viewer
from registry.services.aliases import remove_alias, set_alias
from registry.services.links import link_version, unlink_version
from tests.factories import make_version
from tests.views.conftest import Get, fresh, same_queries

ADDRESS = "/registry/Model/Zoo%20classifier/history"


def entries(page: str) -> list[str]:
    """The rows as a person reads them, without the moment."""
    rows = re.findall(r"<tr data-action=.*?</tr>", page, re.DOTALL)
    rows = [re.sub(r'<span class="vh">.*?</span>', "", row) for row in rows]
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row.split("</time>")[1])).split()) for row in rows]


@pytest.fixture
def collection(linked: CollectionMembership) -> ArtifactCollection:
    return ArtifactCollection.objects.select_related("project__entity").get(pk=linked.collection_id)


@pytest.fixture
def second(as_alice: Viewer, collection: ArtifactCollection, zoo: Project) -> Artifact:
    """`net:v1`, linked as v1 without aliases of its own."""
    version = fresh(make_version(zoo, "net", type_name="model"))
    link_version(
        viewer=as_alice, artifact=version, project=collection.project, collection_name=collection.name, aliases=[]
    )
    return version


def test_a_link_its_aliases_and_the_collection_are_told(get: Get, linked: CollectionMembership) -> None:
    assert entries(get(ADDRESS)) == [
        "alice added production to v0 v0 by the system",
        "alice linked v0 from ml/zoo/net:v0 v0 by the system",
        "alice created the collection type: model by the system",
    ]


def test_a_move_is_one_entry_that_names_the_previous_holder(
    get: Get, as_alice: Viewer, collection: ArtifactCollection, second: Artifact
) -> None:
    set_alias(viewer=as_alice, collection=collection, artifact=second, name="production")
    assert entries(get(ADDRESS))[0] == "alice moved production from v0 to v1 v1 by the system"


def test_a_removed_alias_and_an_unlinked_version_are_told(
    get: Get, as_alice: Viewer, collection: ArtifactCollection, second: Artifact
) -> None:
    set_alias(viewer=as_alice, collection=collection, artifact=second, name="shadow")
    remove_alias(viewer=as_alice, collection=collection, artifact=second, name="shadow")
    unlink_version(viewer=as_alice, artifact=second, collection=collection)
    told = entries(get(ADDRESS))
    assert "alice removed shadow from v1 net:v1 by the system" in told
    assert "alice unlinked v1, which was ml/zoo/net:v1 net:v1 by the system" in told


def test_it_says_by_which_way_a_change_came(
    get: Get, alice: User, collection: ArtifactCollection, linked: CollectionMembership
) -> None:
    artifact = fresh(linked.artifact)
    for name, origin in (
        ("by-page", Origin(kind=ActorKind.SESSION)),
        ("by-key", Origin(kind=ActorKind.API_KEY, key_prefix="abcd1234")),
    ):
        viewer = get_viewer(user_id=alice.pk, origin=origin)
        set_alias(viewer=viewer, collection=collection, artifact=artifact, name=name)
    assert entries(get(ADDRESS))[:2] == [
        "alice added by-key to v0 v0 with an API key abcd1234…",
        "alice added by-page to v0 v0 in the browser",
    ]


def test_protected_aliases_are_drawn_as_such(
    get: Get, as_alice: Viewer, linked: CollectionMembership, registry: Project
) -> None:
    assert "Protected alias" not in get(ADDRESS)
    ProtectedAlias.objects.create(project=registry, name="production")
    assert get(ADDRESS).count("Protected alias") == 1


def test_it_filters_by_action(get: Get, second: Artifact) -> None:
    told = entries(get(f"{ADDRESS}?action=version.added"))
    assert [entry.split(" from")[0] for entry in told] == ["alice linked v1", "alice linked v0"]
    assert "Nothing has happened of this kind" in get(f"{ADDRESS}?action=alias.removed")
    assert "action:" in get(f"{ADDRESS}?action=nonsense", status=400)


def test_it_is_paged_and_rows_cost_no_queries(
    get: Get, alice_browser: Client, as_alice: Viewer, collection: ArtifactCollection, linked: CollectionMembership
) -> None:
    artifact = fresh(linked.artifact)
    with same_queries(alice_browser, ADDRESS):
        for number in range(60):
            set_alias(viewer=as_alice, collection=collection, artifact=artifact, name=f"a{number:02}")
    page = get(ADDRESS)
    assert len(entries(page)) == 50
    after = page.split("after=")[1].split('"')[0]
    rest = entries(get(f"{ADDRESS}?after={after}"))
    assert rest[0].startswith("alice added a09")
    assert len(rest) == 13


def test_what_happens_elsewhere_is_not_told(
    get: Get, as_alice: Viewer, linked: CollectionMembership, zoo: Project
) -> None:
    before = entries(get(ADDRESS))
    other = fresh(make_version(zoo, "other", type_name="model"))
    set_alias(viewer=as_alice, collection=other.collection, artifact=other, name="elsewhere")
    assert entries(get(ADDRESS)) == before


def test_moves_of_latest_are_folded_and_can_be_shown(get: Get, second: Artifact) -> None:
    page = get(ADDRESS)
    assert not any("latest" in entry for entry in entries(page))
    assert "2 moves of <code>latest</code> are folded" in page
    told = entries(get(f"{ADDRESS}?latest=on"))
    assert "alice moved latest from v0 to v1 v1 by the system" in told
    assert "alice added latest to v0 v0 by the system" in told
    assert len(entries(get(f"{ADDRESS}?alias=latest"))) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("member=bob", ["bob added bobs"]),
        ("member=alice&action=alias.added", ["alice added production"]),
        ("alias=bobs", ["bob added bobs"]),
        ("version=v1", ["bob added bobs", "alice linked v1"]),
        ("version=0&action=version.added", ["alice linked v0"]),
        ("since=2999-01-01", []),
        ("until=1999-12-31", []),
    ],
)
def test_it_filters_by_member_version_alias_and_day(
    get: Get, as_bob: Viewer, collection: ArtifactCollection, second: Artifact, words: str, told: list[str]
) -> None:
    set_alias(viewer=as_bob, collection=collection, artifact=second, name="bobs")
    found = entries(get(f"{ADDRESS}?{words}"))
    assert [re.split(r" to v| from ", entry)[0] for entry in found] == told


def test_days_are_whole_days(get: Get, linked: CollectionMembership) -> None:
    today = clock.now().date().isoformat()
    assert len(entries(get(f"{ADDRESS}?since={today}&until={today}"))) == 3


def test_a_move_is_found_by_the_version_that_lost_the_alias(
    get: Get, as_alice: Viewer, collection: ArtifactCollection, second: Artifact
) -> None:
    set_alias(viewer=as_alice, collection=collection, artifact=second, name="production")
    assert any("moved production" in entry for entry in entries(get(f"{ADDRESS}?version=v0")))


@pytest.mark.parametrize("words", ["version=x", "since=yesterday", "member=" + "a" * 129, "version=v99999999999"])
def test_bad_filters_are_refused_by_name(get: Get, linked: CollectionMembership, words: str) -> None:
    assert words.split("=", maxsplit=1)[0] in get(f"{ADDRESS}?{words}", status=400)


def test_each_entry_leads_to_the_version_and_its_lineage(get: Get, linked: CollectionMembership) -> None:
    page = get(f"{ADDRESS}?action=version.added")
    assert '<a class="chip" href="/registry/Model/Zoo%20classifier/v0">' in page
    assert 'href="/registry/Model/Zoo%20classifier/v0/lineage"' in page


def test_an_unlinked_version_leads_to_where_it_came_from(
    get: Get, as_alice: Viewer, collection: ArtifactCollection, second: Artifact
) -> None:
    unlink_version(viewer=as_alice, artifact=second, collection=collection)
    page = get(f"{ADDRESS}?action=version.removed")
    assert 'href="/ml/zoo/artifacts/model/net/v1"' in page


def test_it_is_exported_as_csv_without_formulas(
    alice_browser: Client, as_alice: Viewer, collection: ArtifactCollection, linked: CollectionMembership
) -> None:
    set_alias(viewer=as_alice, collection=collection, artifact=fresh(linked.artifact), name="=HYPERLINK(1)")
    response = alice_browser.get(f"{ADDRESS}/export?format=csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode())))
    assert [row["action"] for row in rows] == ["alias.added", "alias.added", "version.added", "collection.created"]
    assert rows[0]["alias"] == "'=HYPERLINK(1)"
    assert rows[1]["alias"] == "production"
    assert rows[1]["version"] == "0"


def test_it_is_exported_as_json_with_the_same_filters(
    alice_browser: Client, as_alice: Viewer, collection: ArtifactCollection, linked: CollectionMembership
) -> None:
    set_alias(viewer=as_alice, collection=collection, artifact=fresh(linked.artifact), name="=x")
    rows = json.loads(alice_browser.get(f"{ADDRESS}/export?format=json&alias=%3Dx").getvalue())
    assert [(row["actor"], row["alias"]) for row in rows] == [("alice", "=x")]
    assert json.loads(alice_browser.get(f"{ADDRESS}/export?format=json&member=nobody").getvalue()) == []
    assert alice_browser.get(f"{ADDRESS}/export?format=xml").status_code == 400


def test_a_project_s_collections_have_one_too(get: Get, net: Artifact, as_alice: Viewer) -> None:
    set_alias(viewer=as_alice, collection=net.collection, artifact=net, name="best")
    assert entries(get("/ml/zoo/collections/model/net/history"))[0] == "alice added best to v0 v0 by the system"
    get("/ml/zoo/collections/dataset/net/history", status=404)


def test_a_collection_that_is_not_there_has_none(get: Get, linked: CollectionMembership) -> None:
    get("/registry/Model/Nothing/history", status=404)
