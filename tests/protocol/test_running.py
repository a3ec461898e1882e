"""What a run asks while it goes: alerts, rewinding, forking, its state, its files, its console. SDK-1."""

import json
from datetime import timedelta
from typing import Any

import pytest

from registry.core import clock
from registry.models import AuditEvent, Edge, Run, RunAlert, RunStreamLine
from registry.models.runs import BranchPoint
from tests.protocol.conftest import USE, Sdk
from tests.protocol.sdk_operations import operations

pytestmark = pytest.mark.django_db
ALERT, REWIND, STATE, UPLOADED = (
    operations()[name][0]
    for name in ("NotifyScriptableRunAlert", "RewindRun", "UpdateRunState", "MarkRunFilesUploaded")
)


def _alert(sdk: Sdk, **fields: Any) -> bool:
    given = {"entityName": "ml", "projectName": "zoo", "runName": "r1", "title": "low", "text": "x", "severity": "WARN"}
    answer = sdk.ask(ALERT, **given | fields)
    return bool(answer["notifyScriptableRunAlert"]["success"])


def _history(run: str, *steps: int) -> None:
    RunStreamLine.objects.bulk_create(
        RunStreamLine(
            run=Run.objects.get(uid=run), stream="history", number=number, content=f'{{"_step":{step},"x":{step}}}'
        )
        for number, step in enumerate(steps)
    )


def _steps(run: str) -> list[int]:
    rows = RunStreamLine.objects.filter(run__uid=run, stream="history").order_by("number")
    return [json.loads(content)["_step"] for content in rows.values_list("content", flat=True)]


def _branch(run: str, step: int) -> str:
    return json.dumps({"_wandb": {"value": {"branch_point": {"run_id": run, "step": step}}}})


def test_an_alert_is_kept_once_for_as_long_as_the_run_said(sdk: Sdk) -> None:
    sdk.start_run("r1")
    events = AuditEvent.objects.count()
    assert _alert(sdk, waitDuration=60_000)
    assert _alert(sdk, waitDuration=60_000, text="sent again")
    assert _alert(sdk, title="other", severity=None, waitDuration=None)
    assert _alert(sdk, title="other", severity=None, waitDuration=None)
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert _alert(sdk, waitDuration=60_000)
    kept = RunAlert.objects.order_by("pk").values_list("title", "text", "level")
    assert list(kept) == [("low", "x", "WARN"), ("other", "x", "INFO"), ("low", "x", "WARN")]
    assert AuditEvent.objects.count() == events


def test_text_that_no_database_takes_and_a_long_title_are_made_to_fit(sdk: Sdk) -> None:
    sdk.start_run("r1")
    assert _alert(sdk, title="t" * 500)
    assert [len(alert.title) for alert in RunAlert.objects.all()] == [128]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"title": " "}, 400),
        ({"severity": "LOUD"}, 400),
        ({"waitDuration": -1}, 400),
        ({"waitDuration": 2**80}, 400),
        ({"text": "x" * 20_001}, 413),
        ({"title": "\0"}, 400),
        ({"runName": "none"}, 404),
        ({"projectName": "none"}, 404),
    ],
    ids=str,
)
def test_an_alert_that_cannot_be_is_refused(sdk: Sdk, fields: dict[str, Any], status: int) -> None:
    sdk.start_run("r1")
    given = {"entityName": "ml", "projectName": "zoo", "runName": "r1", "title": "low", "text": "x"}
    assert sdk.refusal(ALERT, **given | fields)[0] == status
    assert RunAlert.objects.count() == 0


def test_a_rewound_run_forgets_later_steps_and_keeps_its_lineage(sdk: Sdk) -> None:
    sdk.start_run("r1")
    artifact = sdk.log("data", {"a": b"a"}, runName="r1")
    sdk.ask(USE, entityName="ml", projectName="zoo", runName="r1", artifactID=artifact)
    _history("r1", 0, 1, 2, 3, 4)
    RunStreamLine.objects.create(run=Run.objects.get(), stream="output", number=0, content="old")
    given = {"runName": "r1", "entity": "ml", "project": "zoo", "metricName": "_step", "metricValue": 2}
    events = AuditEvent.objects.count()
    rewound = sdk.ask(REWIND, **given)["rewindRun"]["rewoundRun"]
    assert rewound["historyLineCount"] == 3
    assert rewound["project"]["entity"]["name"] == "ml"
    assert _steps("r1") == [0, 1, 2]
    run = Run.objects.get()
    assert run.summary == {"_step": 2, "x": 2}
    assert run.stream_lines.exclude(stream="history").count() == 0
    assert Edge.objects.filter(run=run).count() == 2
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.after) == ("run.rewound", {"uid": "r1", "step": 2, "rows_removed": 2})
    sdk.ask(REWIND, **given)
    assert AuditEvent.objects.count() == events + 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"runName": "none"}, 404),
        ({"metricName": "loss"}, 400),
        ({"metricValue": -1}, 400),
        ({"metricValue": 1e300}, 400),
    ],
    ids=str,
)
def test_a_moment_that_is_not_is_refused(sdk: Sdk, fields: dict[str, Any], status: int) -> None:
    sdk.start_run("r1")
    _history("r1", 0, 1)
    given = {"runName": "r1", "entity": "ml", "project": "zoo", "metricName": "_step", "metricValue": 0}
    assert sdk.refusal(REWIND, **given | fields)[0] == status
    assert _steps("r1") == [0, 1]


def test_a_forked_run_begins_with_the_history_of_its_origin(sdk: Sdk) -> None:
    sdk.start_run("r1")
    _history("r1", 0, 1, 2, 3)
    first = sdk.start_run("r2", config=_branch("r1", 2))
    again = sdk.start_run("r2", config=_branch("r1", 2))
    assert (first["inserted"], again["inserted"]) == (True, False)
    assert first["bucket"]["historyLineCount"] == 3
    assert (_steps("r1"), _steps("r2")) == ([0, 1, 2, 3], [0, 1, 2])
    # resumed, it still says where it came from
    sdk.start_run("r2", config='{"a": {"value": 1}, "_wandb": {"value": {"t": {}}}}')
    resumed = Run.objects.get(uid="r2")
    assert (resumed.branch_point, resumed.config["a"]) == (BranchPoint("r1", 2), {"value": 1})
    status, message = sdk.refusal(
        operations()["UpsertBucket"][-1], name="r3", project="zoo", entity="ml", config=_branch("rr", 2)
    )
    assert (status, message) == (404, "The run 'rr' to fork from does not exist in this project.")
    assert not Run.objects.filter(uid="r3").exists()
    # rewound while it was offline, and never here before
    assert sdk.start_run("r4", config=_branch("r4", 2))["bucket"]["historyLineCount"] == 0


def test_a_lost_run_is_marked_as_failed_and_an_ended_one_is_not(sdk: Sdk) -> None:
    number = sdk.start_run("r1")["bucket"]["id"]
    for _ in range(2):
        assert sdk.ask(STATE, input={"id": number, "state": "failed"}) == {"updateRunState": {"success": True}}
    ended = Run.objects.get()
    assert ended.state == "failed"
    assert ended.finished_at is not None
    Run.objects.update(state="finished")
    assert sdk.refusal(STATE, input={"id": number, "state": "failed"})[0] == 409
    status, message = sdk.refusal(STATE, input={"id": number, "state": "pending"})
    assert status == 400
    assert "no queue" in message


def test_files_are_confirmed_when_they_have_arrived(sdk: Sdk) -> None:
    sdk.start_run("r1")
    create = operations()["CreateRunFiles"][0]
    where = {"entity": "ml", "project": "zoo", "run": "r1", "files": ["a.txt"]}
    file = sdk.ask(create, **where)["createRunFiles"]["files"][0]
    assert sdk.refusal(UPLOADED, **where) == (409, "The file 'a.txt' was not uploaded.")
    sdk.put(file["uploadUrl"], b"x")
    assert sdk.ask(UPLOADED, **where) == {"markRunFilesUploaded": {"success": True}}


def test_console_lines_come_in_pages_and_from_the_end(sdk: Sdk) -> None:
    sdk.start_run("r1")
    lines = ["2026-11-20T01:02:03.000000 one", "ERROR 2026-11-20T01:02:04.000000 two", "three"]
    RunStreamLine.objects.bulk_create(
        RunStreamLine(run=Run.objects.get(), stream="output", number=number, content=line)
        for number, line in enumerate(lines)
    )
    where = {"entity": "ml", "project": "zoo", "runName": "r1"}
    page, tail = (operations()[name][0] for name in ("RunConsoleLogPage", "RunConsoleLogTail"))
    first = sdk.ask(page, **where, first=2)["project"]["run"]["logLines"]
    assert [edge["node"] for edge in first["edges"]] == [
        {"number": 0, "timestamp": "2026-11-20T01:02:03.000000", "level": None, "label": None, "line": "one"},
        {"number": 1, "timestamp": "2026-11-20T01:02:04.000000", "level": "error", "label": None, "line": "two"},
    ]
    assert first["pageInfo"]["hasNextPage"] is True
    rest = sdk.ask(page, **where, first=2, after=first["pageInfo"]["endCursor"])["project"]["run"]["logLines"]
    assert [edge["node"]["line"] for edge in rest["edges"]] == ["three"]
    last = sdk.ask(tail, **where, last=2)["project"]["run"]
    assert (last["logLineCount"], [edge["node"]["number"] for edge in last["logLines"]["edges"]]) == (3, [1, 2])
