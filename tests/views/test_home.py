"""Home: the projects that a person sees. The pages of owners show the same table."""

from datetime import timedelta

from django.test import Client

from registry.core.viewer import Viewer
from registry.models import Entity, Project
from registry.services import projects
from tests.factories import LONG_AGO, make_run, make_version
from tests.views.conftest import Get, same_queries


def test_it_shows_own_projects_with_counts_and_leaves_registries_out(get: Get, zoo: Project) -> None:
    make_run(zoo)
    make_version(zoo)
    page = get("/")
    assert 'href="/ml/zoo"' in page
    assert "wandb-registry" not in page
    assert "14 Mar 2026, 09:42" in page


def test_a_stranger_sees_no_private_project(charlie_browser: Client, zoo: Project) -> None:
    page = charlie_browser.get("/").content.decode()
    assert "ml/zoo" not in page
    assert "No projects yet" in page


def test_the_newest_run_comes_first_and_pages_follow(
    get: Get, alice_browser: Client, as_alice: Viewer, ml: Entity
) -> None:
    for number in range(52):
        project = projects.ensure_project(viewer=as_alice, entity=ml, name=f"p{number:02}")
        make_run(project, created_at=LONG_AGO + timedelta(days=number))
    page = get("/")
    assert page.index("/ml/p51") < page.index("/ml/p50")
    assert "/ml/p01" not in page
    after = page.split("after=")[1].split('"')[0]
    rest = get(f"/?after={after}")
    assert "/ml/p01" in rest
    assert "/ml/p51" not in rest


def test_rows_cost_no_queries(alice_browser: Client, as_alice: Viewer, ml: Entity, zoo: Project) -> None:
    with same_queries(alice_browser, "/"):
        for number in range(20):
            projects.ensure_project(viewer=as_alice, entity=ml, name=f"p{number:02}")


def test_the_filter_finds_by_name_and_says_when_nothing_matches(get: Get, zoo: Project) -> None:
    assert 'href="/ml/zoo"' in get("/?q=ZO")
    assert "No project matches" in get("/?q=lion")


def test_an_owner_has_a_page(get: Get, charlie_browser: Client, zoo: Project) -> None:
    assert 'href="/ml/zoo"' in get("/ML")
    # members of the organisation may know the team, not its private project
    page = charlie_browser.get("/ml")
    assert page.status_code == 200
    assert "/ml/zoo" not in page.content.decode()
    get("/nobody", status=404)
