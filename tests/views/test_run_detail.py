"""The page of one run (PAG-2, its first part)."""

from django.test import Client

from registry.core.viewer import Viewer
from registry.models import Edge, Entity, Project, Run, RunAlert, RunStreamLine, User
from registry.services import projects
from tests.factories import logged, make_run, make_version, used
from tests.views.conftest import Get, same_queries


def test_it_shows_the_facts_config_and_summary(get: Get, zoo: Project, alice: User) -> None:
    make_run(
        zoo,
        "zesty-snowball-7",
        uid="qne08r7u",
        created_by=alice,
        group_name="resnet-baseline",
        tags=["eu-ok"],
        config={"arch": {"value": "resnet50"}, "augment": {"value": {"flip": True}}, "_wandb": {"value": {}}},
        summary={"val/loss": 0.2087, "_wandb": {"runtime": 3}},
    )
    page = get("/ml/zoo/runs/qne08r7u")
    for text in (
        "qne08r7u",
        "Alice Adams",
        "resnet-baseline",
        "eu-ok",
        "resnet50",
        "augment.flip",
        "val/loss",
        "0.2087",
    ):
        assert text in page
    assert "_wandb" not in page
    assert 'href="/ml/zoo/runs/qne08r7u/lineage"' in page


def test_what_is_missing_is_said_to_be(get: Get, zoo: Project) -> None:
    make_run(zoo, uid="r1", job_type="")
    page = get("/ml/zoo/runs/r1")
    assert page.count("not recorded") >= 6
    assert "This run used no artifact." in page


def test_inputs_and_outputs_link_to_their_versions(get: Get, zoo: Project) -> None:
    run = make_run(zoo, uid="r1")
    used(run, make_version(zoo, "raw"))
    logged(run, make_version(zoo, "net", type_name="model"))
    Edge.objects.filter(run=run, direction=Edge.Direction.USED).update(aliases=["gold"])
    page = get("/ml/zoo/runs/r1")
    assert 'href="/ml/zoo/artifacts/dataset/raw/v0"' in page
    assert 'href="/ml/zoo/artifacts/model/net/v0"' in page
    assert "when used" in page
    assert "gold" in page


def test_an_input_from_where_the_viewer_may_not_look_stays_without_a_name(
    get: Get, zoo: Project, charlie: User, acme: Entity
) -> None:
    own = projects.ensure_project(viewer=Viewer.system(), entity=Entity.objects.get(user=charlie), name="secret")
    run = make_run(zoo, uid="r1")
    used(run, make_version(own, "hidden-thing"))
    page = get("/ml/zoo/runs/r1")
    assert "hidden-thing" not in page
    assert "Others that you may not see" in page


def test_hundreds_of_inputs_come_in_pages_and_cost_no_queries(get: Get, alice_browser: Client, zoo: Project) -> None:
    run = make_run(zoo, uid="r1")
    used(run, make_version(zoo, "raw"))
    with same_queries(alice_browser, "/ml/zoo/runs/r1"):
        used(run, *(make_version(zoo, "raw") for _ in range(60)))
    page = get("/ml/zoo/runs/r1")
    assert page.count('class="ref" href') == 50
    after = page.split("inputs_after=")[1].split('"')[0]
    assert get(f"/ml/zoo/runs/r1?inputs_after={after}").count('class="ref" href') == 11


def test_a_deleted_run_keeps_its_page(get: Get, zoo: Project) -> None:
    run = make_run(zoo, uid="r1")
    run.deleted_at = run.created_at
    run.save()
    assert "Deleted" in get("/ml/zoo/runs/r1")


def test_others_do_not_learn_whether_it_exists(charlie_browser: Client, zoo: Project) -> None:
    make_run(zoo, uid="r1")
    there, not_there = (charlie_browser.get(f"/ml/zoo/runs/{uid}") for uid in ("r1", "r2"))
    assert there.status_code == not_there.status_code == 404
    same = [
        answer.content.decode().replace(answer.headers["X-Request-Id"], "").replace(uid, "")
        for answer, uid in ((there, "r1"), (not_there, "r2"))
    ]
    assert same[0] == same[1]


def test_a_member_of_the_project_alone_sees_it(charlie_browser: Client, charlie: User, zoo: Project) -> None:
    make_run(zoo, uid="r1")
    zoo.members.create(user=charlie)
    assert charlie_browser.get("/ml/zoo/runs/r1").status_code == 200


def _write(run: Run, *lines: str) -> None:
    RunStreamLine.objects.bulk_create(
        RunStreamLine(run=run, stream="output", number=number, content=line) for number, line in enumerate(lines)
    )


def test_the_end_of_the_console_is_shown_as_text(get: Get, zoo: Project) -> None:
    run = make_run(zoo, uid="r1")
    assert "The run wrote nothing." in get("/ml/zoo/runs/r1")
    _write(run, "old", *(f"line {number}" for number in range(198)), "10%\r50%\r100%\n", "\x1b[31m<b>red</b>\x1b[0m")
    page = get("/ml/zoo/runs/r1")
    shown = page.split('aria-label="Console">')[1].split("</pre>")[0].split("\n")
    assert len(shown) == 200
    assert shown[0] == "line 0"
    assert shown[-2:] == ["100%", "&lt;b&gt;red&lt;/b&gt;"]
    assert "the last 200 of 201 lines" in page


def test_config_and_summary_can_be_searched(get: Get, zoo: Project) -> None:
    config = {f"key{number}": {"value": number} for number in range(900)} | {"optimiser": {"value": {"lr": 0.125}}}
    make_run(zoo, uid="r1", config=config, summary={"val/loss": 0.5})
    page = get("/ml/zoo/runs/r1?q=optim")
    rows = page.split('<dl class="kv">')
    assert len(rows) == 2
    assert "optimiser.lr" in rows[1]
    assert "nothing matches" in page
    get(f"/ml/zoo/runs/r1?q={'a' * 129}", status=400)


def test_alerts_stand_first_and_a_bell_marks_the_run_in_the_table(get: Get, zoo: Project) -> None:
    """SDK-1: `run.alert`, shown with title, text, level and time."""
    run, quiet = make_run(zoo, uid="r1"), make_run(zoo, uid="r2")
    RunAlert.objects.create(run=run, title="Low <b>accuracy</b>", text="below\nhalf", level="ERROR")
    page = get("/ml/zoo/runs/r1")
    assert "Low &lt;b&gt;accuracy&lt;/b&gt;" in page
    assert "below<br>half" in page
    assert 'data-level="ERROR"' in page
    table = get("/ml/zoo/runs")
    assert table.count("#alerts") == 1
    assert f'href="/ml/zoo/runs/{run.uid}#alerts"' in table
    assert 'id="alerts"' not in get(f"/ml/zoo/runs/{quiet.uid}")


def test_a_run_says_from_where_it_goes_on(get: Get, zoo: Project) -> None:
    point = {"run_id": "r1", "step": 2}
    make_run(zoo, uid="r1", config={"_wandb": {"value": {"branch_point": point}}})
    make_run(zoo, uid="r2", config={"_wandb": {"value": {"branch_point": point}}})
    make_run(zoo, uid="r3", config={"_wandb": {"value": {"branch_point": {"run_id": "a/../b", "step": 2}}}})
    assert "to step 2" in get("/ml/zoo/runs/r1")
    assert '<a class="link trunc" href="/ml/zoo/runs/r1"><bdi>r1</bdi></a> at step 2' in get("/ml/zoo/runs/r2")
    assert "Forked from" not in get("/ml/zoo/runs/r3")
