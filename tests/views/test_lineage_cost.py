"""What a Lineage page costs, and that what it keeps to cost less never shows an earlier picture."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.core import clock
from registry.core.viewer import Role, Viewer
from registry.models import Entity, Project, ProjectMember, Run, User
from registry.services.aliases import set_alias
from registry.services.edges import record_input
from registry.services.run_removal import delete_run
from registry.services.runs import RunChange, change_run
from registry.services.versions import delete_version
from tests.factories import logged, make_run, make_version, used
from tests.views.conftest import fresh, same_queries
from tests.views.lineage_pages import FRAGMENT, Pipeline, cluster_of, key, marked, outline, text

# ten for session, viewer and frame, five for what stands on the cards, one for saved views; the walk takes the rest:
# one a hop for both sides on PostgreSQL, up to two a hop and side on SQLite, where a query costs no round trip
MOST_QUERIES = {"postgresql": 21, "sqlite": 28}


def queries_of(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def walks_of(browser: Client, address: str) -> int:
    """How often the edges between the nodes of a picture are read, which every walk does once."""
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address, headers=FRAGMENT).status_code == 200
    return len([query for query in queries if "e.artifact_id, e.direction FROM" in query["sql"]])


def test_a_page_takes_few_queries(alice_browser: Client, pipeline: Pipeline) -> None:
    assert queries_of(alice_browser, pipeline.url) <= MOST_QUERIES[connection.vendor]


def test_more_runs_and_versions_take_no_more_queries(alice_browser: Client, zoo: Project, pipeline: Pipeline) -> None:
    with same_queries(alice_browser, pipeline.url):
        for _ in range(40):
            run = make_run(zoo)
            used(run, pipeline.base)
            logged(run, make_version(zoo, "net", type_name="model"))


def test_a_selected_node_costs_its_preview_and_no_second_walk(alice_browser: Client, pipeline: Pipeline) -> None:
    preview = queries_of(alice_browser, f"{pipeline.url}?selected={key(pipeline.split)}")
    plain = queries_of(alice_browser, pipeline.url)
    assert walks_of(alice_browser, f"{pipeline.url}?selected={key(pipeline.split)}") == 1
    assert preview > plain


def test_prv_3_a_preview_beside_a_picture_steps_through_that_picture_without_a_walk(
    alice_browser: Client, bob_browser: Client, zoo: Project, pipeline: Pipeline
) -> None:
    drawn = marked(alice_browser.get(pipeline.url), "data-version").popitem()[0]
    address = f"{pipeline.url}/preview?node={key(pipeline.net)}"
    assert walks_of(alice_browser, f"{address}&drawn={drawn}") == 0
    assert walks_of(alice_browser, f"{address}&drawn=another") == walks_of(alice_browser, address) == 1
    assert walks_of(bob_browser, f"{address}&drawn={drawn}") == 1, "what was drawn for one person is not for another"
    used(make_run(zoo, "next", job_type="evaluate"), pipeline.net)
    steps = [alice_browser.get(f"{address}{rest}", headers=FRAGMENT) for rest in (f"&drawn={drawn}", "")]
    assert ['data-way="next"' in step.content.decode() for step in steps] == [False, True]


@pytest.mark.parametrize("action", ["unfold", "hide", "extract", "focus"])
def test_a_change_costs_one_walk(alice_browser: Client, pipeline: Pipeline, action: str) -> None:
    plain = alice_browser.get(pipeline.url, headers=FRAGMENT)
    thing = {"unfold": cluster_of(plain), "extract": key(pipeline.trains[0])}.get(action, key(pipeline.split))
    assert walks_of(alice_browser, f"{pipeline.url}?{action}={thing}") == 1


@pytest.fixture
def shown(alice_browser: Client, pipeline: Pipeline) -> Callable[[], dict[str, str]]:
    """The outline as it is read, by key, of a page whose layout has been kept."""

    def look() -> dict[str, str]:
        entries = outline(alice_browser.get(pipeline.url))
        return {node: f"{text(found)} {found.get('data-state')}" for node, found in entries.items()}

    assert look() == look()
    return look


def test_a_new_edge_is_in_the_next_picture(
    shown: Callable[[], dict[str, str]], zoo: Project, pipeline: Pipeline
) -> None:
    run = make_run(zoo, "next", job_type="evaluate")
    assert key(run) not in shown()
    used(run, pipeline.net)
    assert key(run) in shown()


def test_an_alias_that_moves_is_in_the_next_picture(
    as_alice: Viewer, shown: Callable[[], dict[str, str]], zoo: Project, pipeline: Pipeline
) -> None:
    before, later = shown(), fresh(make_version(zoo, "zoo"))
    alias = {"viewer": as_alice, "collection": later.collection, "name": "prod"}
    set_alias(artifact=fresh(pipeline.base), **alias)
    record_input(viewer=as_alice, run=fresh_run(pipeline.trains[0]), artifact=fresh(pipeline.base))
    held = shown()
    assert "prod" not in before[key(pipeline.base)]
    assert "prod" in held[key(pipeline.base)]
    set_alias(artifact=later, **alias)
    assert "prod" not in shown()[key(pipeline.base)]


def test_a_state_is_in_the_next_picture(
    as_alice: Viewer, shown: Callable[[], dict[str, str]], pipeline: Pipeline
) -> None:
    split = key(pipeline.split)
    assert shown()[split].endswith("finished")
    change_run(viewer=as_alice, run=fresh_run(pipeline.split), change=RunChange(state="running"))
    assert shown()[split].endswith("running")
    Run.objects.filter(pk=pipeline.split.pk).update(heartbeat_at=clock.now() - timedelta(hours=1))
    assert shown()[split].endswith("crashed")


def test_a_job_type_that_changes_is_in_the_next_picture(
    as_alice: Viewer, alice_browser: Client, shown: Callable[[], dict[str, str]], pipeline: Pipeline
) -> None:
    cluster = cluster_of(alice_browser.get(pipeline.url))
    before = outline(alice_browser.get(pipeline.url))[cluster].get("data-count")
    change_run(viewer=as_alice, run=fresh_run(pipeline.trains[5]), change=RunChange(job_type="evaluate"))
    after = outline(alice_browser.get(pipeline.url))
    assert key(pipeline.trains[5]) in after
    assert int(before) - 1 == int(after[cluster].get("data-count"))


def test_what_is_deleted_is_so_in_the_next_picture(
    as_alice: Viewer, shown: Callable[[], dict[str, str]], pipeline: Pipeline
) -> None:
    delete_run(viewer=as_alice, run=fresh_run(pipeline.split))
    delete_version(viewer=as_alice, artifact=fresh(pipeline.raw), with_aliases=True)
    found = shown()
    assert found[key(pipeline.split)].endswith("deleted")
    assert found[key(pipeline.raw)].endswith("deleted")


def test_rights_are_those_of_now(
    charlie: User, charlie_browser: Client, ml: Entity, zoo: Project, pipeline: Pipeline
) -> None:
    lab = Project.objects.create(entity=ml, name="lab", name_key="lab")
    closed = make_run(lab, "closed", job_type="evaluate")
    used(closed, pipeline.base)
    ProjectMember.objects.create(project=zoo, user=charlie, role=Role.VIEWER)
    for _ in range(2):
        page = outline(charlie_browser.get(pipeline.url))
        assert key(closed) not in page
        assert any(node.startswith("locked-") for node in page)
    grant = ProjectMember.objects.create(project=lab, user=charlie, role=Role.VIEWER)
    page = outline(charlie_browser.get(pipeline.url))
    assert key(closed) in page
    assert not any(node.startswith("locked-") for node in page)
    grant.delete()
    assert key(closed) not in outline(charlie_browser.get(pipeline.url))
    ProjectMember.objects.all().delete()
    assert charlie_browser.get(pipeline.url).status_code == 404


def fresh_run(run: Run) -> Run:
    return Run.objects.select_related("project__entity", "group").get(pk=run.pk)
