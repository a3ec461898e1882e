"""The table of a project's runs."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from registry.models import Project, Run, User
from tests.factories import LONG_AGO, make_run
from tests.views.conftest import Get, same_queries


def test_a_row_shows_what_the_run_is(get: Get, zoo: Project, alice: User) -> None:
    make_run(
        zoo,
        "zesty-snowball-7",
        uid="qne08r7u",
        created_by=alice,
        tags=["baseline"],
        finished_at=LONG_AGO + timedelta(minutes=78),
    )
    page = get("/ml/zoo/runs")
    for text in (
        "Finished",
        "zesty-snowball-7",
        "train",
        "Alice Adams",
        "14 Mar 2026, 09:42",
        "1 h 18 min",
        "baseline",
    ):
        assert text in page
    assert 'href="/ml/zoo/runs/qne08r7u"' in page


def test_a_run_that_went_silent_counts_as_crashed(get: Get, zoo: Project) -> None:
    silent = timezone.now() - timedelta(minutes=6)
    make_run(zoo, state=Run.State.RUNNING, heartbeat_at=silent)
    assert "Crashed" in get("/ml/zoo/runs")


def test_a_run_that_is_going_counts_up_to_now(get: Get, zoo: Project) -> None:
    now = timezone.now()
    ahead = now + timedelta(days=3650)
    make_run(zoo, state=Run.State.RUNNING, created_at=now - timedelta(minutes=90), heartbeat_at=ahead)
    page = get("/ml/zoo/runs")
    assert "Running" in page
    assert "1 h 30 min" in page


def test_it_is_newest_first_and_paged_by_50(get: Get, zoo: Project) -> None:
    for number in range(60):
        make_run(zoo, f"run-{number:02}", created_at=LONG_AGO + timedelta(minutes=number))
    page = get("/ml/zoo/runs")
    assert page.index("run-59") < page.index("run-58")
    assert "run-09<" not in page
    after = page.split("after=")[1].split('"')[0]
    rest = get(f"/ml/zoo/runs?after={after}")
    assert "run-09<" in rest
    assert "run-10<" not in rest


def test_rows_cost_no_queries(alice_browser: Client, zoo: Project, alice: User) -> None:
    make_run(zoo, created_by=alice)
    with same_queries(alice_browser, "/ml/zoo/runs"):
        for number in range(20):
            make_run(zoo, created_by=alice, job_type=f"job-{number}")


def test_it_filters_by_text_and_state(get: Get, zoo: Project) -> None:
    make_run(zoo, "brisk-comet", job_type="train")
    make_run(zoo, "quiet-lake", job_type="evaluate", state=Run.State.FAILED)
    page = get("/ml/zoo/runs?q=EVAL&state=failed")
    assert "quiet-lake" in page
    assert "brisk-comet" not in page
    assert "No run matches" in get("/ml/zoo/runs?q=nothing")


def test_nonsense_in_the_address_is_told(get: Get, zoo: Project) -> None:
    assert "state:" in get("/ml/zoo/runs?state=flying", status=400)
    assert "bad cursor" in get("/ml/zoo/runs?after=zzz", status=400)


def test_an_empty_project_says_how_to_begin(get: Get, zoo: Project) -> None:
    assert "wandb.init" in get("/ml/zoo/runs")
