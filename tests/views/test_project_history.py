"""The log of a project and of an organisation, for their admins."""

import json

import pytest
from django.test import Client

from registry.core.viewer import Role, Viewer
from registry.models import CollectionMembership, Entity, Project, User
from registry.services import accounts
from registry.services.links import link_version
from tests.factories import make_version
from tests.views.conftest import Get, fresh, same_queries
from tests.views.test_registry_history import entries


@pytest.fixture
def admin(alice: User, acme: Entity) -> User:
    """alice, who administers the organisation."""
    accounts.add_member(viewer=Viewer.system(), entity=acme, user=alice, role=Role.ADMIN)
    return alice


def test_a_project_s_admin_reads_all_that_was_changed_in_it(
    get: Get, as_alice: Viewer, zoo: Project, linked: CollectionMembership
) -> None:
    told = entries(get("/ml/zoo/history"))
    assert told == ["alice created the project zoo by the system"]
    assert "created the project" in get("/ml/zoo/history?action=project.created")


def test_a_member_is_refused_in_words_and_a_stranger_is_told_nothing(
    bob_browser: Client, charlie_browser: Client, zoo: Project
) -> None:
    for address in ("/ml/zoo/history", "/ml/zoo/history/export?format=csv"):
        refused = bob_browser.get(address)
        assert refused.status_code == 403
        assert "Only the admins of this project" in refused.content.decode()
        assert charlie_browser.get(address).status_code == 404


def test_an_organisation_s_admin_reads_everything_of_it(admin: User, get: Get, linked: CollectionMembership) -> None:
    told = entries(get("/orgs/acme/history?member=alice"))
    assert "alice linked v0 from ml/zoo/net:v0 Zoo classifier:v0 by the system" in told
    assert any("created the project zoo" in entry for entry in told)
    assert any("created the user" in entry for entry in entries(get("/orgs/acme/history?member=system")))


def test_its_other_members_are_refused_and_unknown_ones_are_not_found(charlie_browser: Client) -> None:
    for address in ("/orgs/acme/history", "/orgs/acme/history/export?format=json"):
        assert charlie_browser.get(address).status_code == 403
    assert charlie_browser.get("/orgs/nothing/history").status_code == 404


def test_private_projects_are_named_but_not_opened(
    admin: User, alice_browser: Client, linked: CollectionMembership
) -> None:
    rows = json.loads(alice_browser.get("/orgs/acme/history/export?format=json").getvalue())
    assert {row["actor"] for row in rows} == {"alice", "system"}


def test_rows_cost_no_queries(
    admin: User, alice_browser: Client, as_alice: Viewer, linked: CollectionMembership, registry: Project
) -> None:
    with same_queries(alice_browser, "/orgs/acme/history"):
        for number in range(20):
            version = fresh(make_version(linked.artifact.collection.project, f"m{number}", type_name="model"))
            link_version(viewer=as_alice, artifact=version, project=registry, collection_name=f"c{number}", aliases=[])


def test_the_pages_of_what_has_a_log_lead_admins_to_it(
    get: Get, bob_browser: Client, admin: User, zoo: Project, acme: Entity
) -> None:
    for page, log in (("/acme", "/orgs/acme/history"), ("/ml/zoo", "/ml/zoo/history")):
        assert f'href="{log}"' in get(page)
        assert f'href="{log}"' not in bob_browser.get(page).content.decode()
    assert "history" not in get("/ml").split("<main")[1]
