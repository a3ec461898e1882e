"""The table of a project's runs."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from registry.models import Project, Run, User
from tests.factories import LONG_AGO, make_run
from tests.views.conftest import Get, same_queries


def names_in(page: str) -> list[str]:
    return re.findall(r'<bdi class="name trunc cell">(.*?)</bdi>', page)


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


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("job_type=evaluate", ["gamma"]),
        ("author=ALICE", ["alpha"]),
        ("author=adams", ["alpha"]),
        ("tag=eu-ok", ["beta"]),
        ("tag=eu", []),
        ("tag=größe", ["gamma"]),
        ("state=crashed", ["beta"]),
        ("state=running", ["gamma"]),
        ("state=finished&job_type=train", ["alpha"]),
    ],
)
def test_it_filters(get: Get, zoo: Project, alice: User, words: str, names: list[str]) -> None:
    now = timezone.now()
    make_run(zoo, "alpha", created_by=alice)
    make_run(zoo, "beta", tags=["eu-ok", "x"], state=Run.State.RUNNING, heartbeat_at=now - timedelta(minutes=6))
    make_run(zoo, "gamma", job_type="evaluate", tags=["größe"], state=Run.State.RUNNING, heartbeat_at=now)
    assert names_in(get(f"/ml/zoo/runs?{words}")) == names


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["b", "c", "a"]),
        ("started", ["a", "c", "b"]),
        ("name", ["a", "b", "c"]),
        ("-name", ["c", "b", "a"]),
        ("state", ["c", "b", "a"]),
        ("job_type", ["b", "a", "c"]),
        ("-author", ["c", "b", "a"]),
    ],
)
def test_it_sorts_by_a_column(get: Get, zoo: Project, alice: User, sort: str, names: list[str]) -> None:
    make_run(zoo, "a", job_type="m", state="killed")
    make_run(zoo, "b", job_type="", state="finished", created_at=LONG_AGO + timedelta(hours=2))
    make_run(zoo, "c", job_type="z", state="crashed", created_by=alice, created_at=LONG_AGO + timedelta(hours=1))
    assert names_in(get(f"/ml/zoo/runs?sort={sort}")) == names


def test_pages_follow_the_order(get: Get, zoo: Project) -> None:
    for number in range(60):
        make_run(zoo, f"run-{number:02}")
    page = get("/ml/zoo/runs?sort=-name&q=run")
    after = page.split('rel="next"')[1].split("after=")[1].split('"')[0]
    assert names_in(get(f"/ml/zoo/runs?sort=-name&q=run&after={after}")) == [f"run-{n:02}" for n in range(9, -1, -1)]
    get(f"/ml/zoo/runs?sort=name&after={after}", status=400)


def test_a_head_turns_the_order_about(get: Get, zoo: Project) -> None:
    make_run(zoo)
    assert 'aria-sort="descending"><a href="?sort=started">Started' in get("/ml/zoo/runs")
    page = get("/ml/zoo/runs?sort=name&tag=&after=")
    assert 'aria-sort="ascending"><a href="?sort=-name&amp;tag=">Name' in page


def test_only_known_columns_sort(get: Get, zoo: Project) -> None:
    for sort in ("config", "created_by__password", "--name", "pk"):
        assert "sort:" in get(f"/ml/zoo/runs?sort={sort}", status=400)
