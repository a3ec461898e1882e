"""The Version tab of a version (PAG-1), by number and by alias (NAV-5)."""

import re

import pytest
from django.test import Client

from registry.core.viewer import Viewer
from registry.models import Artifact, ArtifactTag, CollectionMembership, Entity, Project, User
from registry.services import projects
from registry.services.aliases import protect_alias, set_alias
from registry.services.links import link_version
from registry.services.versions import delete_version
from tests.factories import logged, make_run, make_version, used
from tests.views.conftest import Get, fresh, same_queries

ADDRESS = "/ml/zoo/artifacts/model/net"


def test_it_shows_the_facts(get: Get, net: Artifact, as_alice: Viewer, alice: User, zoo: Project) -> None:
    protect_alias(viewer=as_alice, project=zoo, name="gold")
    set_alias(viewer=as_alice, collection=net.collection, artifact=net, name="gold")
    ArtifactTag.objects.create(artifact=net, name="eu-ok")
    Artifact.objects.filter(pk=net.pk).update(
        created_by=alice,
        ttl_seconds=30 * 86400,
        description="# Net\n\nTrained on **clean** data.",
        created_by_run=make_run(zoo, "zesty-snowball-7"),
    )
    page = get(f"{ADDRESS}/v0")
    for text in (
        "ml/zoo/net:v0",
        "97.8 MB",
        "14 Mar 2026, 09:42",
        "Alice Adams",
        "zesty-snowball-7",
        "eu-ok",
        "30 d",
        f"{net.digest[:6]}…{net.digest[-4:]}",
        "<strong>clean</strong>",
        "Protected alias",
    ):
        assert text in page
    assert 'data-copy="ml/zoo/net:v0"' in page


def test_what_is_missing_is_said_to_be(get: Get, net: Artifact) -> None:
    page = get(f"{ADDRESS}/v0")
    assert "No description." in page
    assert page.count("not recorded") == 2
    assert "not linked" in page


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_every_tab_has_its_address(get: Get, net: Artifact) -> None:
    page = get(f"{ADDRESS}/v0")
    for tab in ("", "/metadata", "/usage", "/files", "/lineage"):
        assert f'href="{ADDRESS}/v0{tab}"' in page
    both = [without_tokens(text.split("<main")[1]) for text in (get(f"{ADDRESS}/v0/version"), page)]
    assert both[0] == both[1]


@pytest.mark.parametrize("tab", ["", "/metadata", "/usage", "/files", "/lineage"])
def test_an_alias_leads_to_its_version_and_the_page_says_so(
    get: Get, alice_browser: Client, net: Artifact, as_alice: Viewer, tab: str
) -> None:
    set_alias(viewer=as_alice, collection=net.collection, artifact=net, name="production")
    response = alice_browser.get(f"{ADDRESS}/production{tab}")
    assert response.status_code == 302
    assert response.url == f"{ADDRESS}/v0{tab}?via=production"
    if tab == "":
        assert "<bdi>production</bdi></b> currently means <b>v0</b>" in get(response.url)


def test_latest_leads_to_the_newest(alice_browser: Client, zoo: Project) -> None:
    make_version(zoo, "net", type_name="model")
    make_version(zoo, "net", type_name="model")
    assert alice_browser.get(f"{ADDRESS}/latest").url == f"{ADDRESS}/v1?via=latest"


def test_what_is_not_there_is_not_found(get: Get, net: Artifact) -> None:
    for address in (
        f"{ADDRESS}/v1",
        f"{ADDRESS}/nothing",
        f"{ADDRESS}/v" + "9" * 40,
        "/ml/zoo/artifacts/model/nothing/v0",
    ):
        get(address, status=404)


def test_a_draft_is_invisible(get: Get, net: Artifact) -> None:
    Artifact.objects.filter(pk=net.pk).update(state=Artifact.State.PENDING)
    get(f"{ADDRESS}/v0", status=404)


def test_a_deleted_version_stays_as_a_tombstone(get: Get, net: Artifact, as_alice: Viewer, zoo: Project) -> None:
    logged(make_run(zoo, "maker"), net)
    delete_version(viewer=as_alice, artifact=net)
    page = get(f"{ADDRESS}/v0")
    assert "This version was deleted" in page
    assert "Alice Adams" in page
    assert "maker" in page


def test_lineage_at_a_glance_names_one_run_and_counts_several(get: Get, net: Artifact, zoo: Project) -> None:
    logged(make_run(zoo, "maker", uid="maker"), net)
    for _ in range(3):
        used(make_run(zoo, job_type="evaluate"), net)
    page = get(f"{ADDRESS}/v0")
    assert "1 run logged it, 3 used it" in page
    assert 'href="/ml/zoo/runs/maker"' in page
    assert "3 runs" in page


def test_it_leads_to_the_registries_that_hold_it(get: Get, linked: CollectionMembership) -> None:
    assert 'href="/registry/Model/Zoo%20classifier/v0"' in get(f"{ADDRESS}/v0")


def test_neighbours_cost_no_queries(alice_browser: Client, net: Artifact, zoo: Project) -> None:
    logged(make_run(zoo), net)
    with same_queries(alice_browser, f"{ADDRESS}/v0"):
        for number in range(20):
            used(make_run(zoo, job_type=f"job-{number}"), net)
            ArtifactTag.objects.create(artifact=net, name=f"tag-{number}")
            make_version(zoo, "net", type_name="model")


def test_a_stranger_gets_the_answer_of_what_does_not_exist(charlie_browser: Client, net: Artifact) -> None:
    there, not_there = (charlie_browser.get(f"/ml/zoo/artifacts/model/{name}/v0") for name in ("net", "ten"))
    assert there.status_code == not_there.status_code == 404
    ids = [answer.headers["X-Request-Id"] for answer in (there, not_there)]
    assert there.content.decode().replace(ids[0], "") == not_there.content.decode().replace(ids[1], "")


def test_a_version_from_elsewhere_shows_through_a_link(
    get: Get, as_alice: Viewer, zoo: Project, charlie: User, acme: Entity
) -> None:
    """A portfolio of alice's project holds a version of a project that is not hers."""
    own = projects.ensure_project(viewer=Viewer.system(), entity=Entity.objects.get(user=charlie), name="own")
    version = fresh(make_version(own, "theirs", type_name="model"))
    link_version(viewer=Viewer.system(), artifact=version, project=zoo, collection_name="picked", aliases=[])
    page = get("/ml/zoo/artifacts/model/picked/v0")
    assert "a project that you may not see" in page
    assert "charlie/own" not in page
