"""Runs and their streams: UpsertBucket, file_stream, run files."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse

from registry.core import clock
from registry.models import Edge, Project, Run, RunStreamLine
from tests.protocol.conftest import UPSERT, USE, Sdk
from tests.protocol.sdk_operations import operations

pytestmark = pytest.mark.django_db
RUN = """query($name: String!) { project(name: "zoo", entityName: "ml") { run(name: $name) { name state config
  summaryMetrics systemMetrics historyLineCount logLineCount historyKeys history(samples: 500) tags jobType
      group } } }"""


def _stream(sdk: Sdk, run: str, body: Any, project: str = "zoo", **headers: str) -> HttpResponse:
    data = body if isinstance(body, bytes) else json.dumps(body)
    answer: HttpResponse = sdk.client.post(
        f"/files/ml/{project}/{run}/file_stream",
        data,
        content_type="application/json",
        headers={"Authorization": f"Bearer {sdk.key}"} | headers,
    )
    return answer


def _history(offset: int, *lines: str) -> dict[str, Any]:
    return {"files": {"wandb-history.jsonl": {"offset": offset, "content": list(lines)}}}


def test_null_means_unchanged(sdk: Sdk) -> None:
    first = sdk.start_run("r1", jobType="train", tags=["a"], config='{"lr": {"value": 1}}', displayName="mine")
    again = sdk.start_run("r1", config='{"lr": {"value": 2}}')
    assert (first["inserted"], again["inserted"]) == (True, False)
    run = Run.objects.select_related("group").get()
    assert (run.name, run.group.job_type, run.tags, run.config) == ("mine", "train", ["a"], {"lr": {"value": 2}})
    assert first["bucket"]["id"] == again["bucket"]["id"]
    assert first["bucket"]["historyLineCount"] == 0


def test_a_run_gets_a_readable_name_and_its_project_is_made(sdk: Sdk) -> None:
    bucket = sdk.start_run("r1", project="fresh <b>", entity=None)["bucket"]
    assert bucket["project"] == {"name": "fresh <b>", "entity": {"name": "alice"}}
    words = bucket["displayName"].split("-")
    assert len(words) == 3
    assert words[2] == "1"
    assert sdk.start_run("r1", project="FRESH <b>", entity=None)["inserted"] is False


def test_a_job_type_that_arrives_later_moves_the_runs_edges(sdk: Sdk) -> None:
    sdk.start_run("r1")
    artifact = sdk.log("data", {"a": b"a"}, runName="r1")
    sdk.ask(USE, entityName="ml", projectName="zoo", runName="r1", artifactID=artifact)
    before = set(Edge.objects.values_list("run_group__job_type", flat=True))
    sdk.start_run("r1", jobType="train")
    run = Run.objects.get()
    assert before == {""}
    assert set(Edge.objects.values_list("run_group_id", flat=True)) == {run.group_id}
    assert run.group.job_type == "train"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a/b"),
        ("name", "a:b"),
        ("name", "x" * 129),
        ("name", ".."),
        ("project", "a/b"),
        ("project", "what?"),
        ("project", "wandb-registry-mine"),
        ("config", "[1]"),
        ("config", "{"),
        ("state", "flying"),
        ("jobType", "x" * 129),
        ("displayName", "a\u202eb"),
        ("tags", ["a\nb"]),
    ],
)
def test_a_run_that_cannot_be_is_refused(sdk: Sdk, field: str, value: Any) -> None:
    given = {"name": "r1", "project": "zoo", "entity": "ml"} | {field: value}
    status, message = sdk.refusal(UPSERT, **given)
    assert status == 400
    assert message
    assert Run.objects.count() == 0
    assert Project.objects.filter(name="wandb-registry-mine").count() == 0


def test_a_strangers_project_looks_like_none(sdk: Sdk, charlies_sdk: Sdk) -> None:
    sdk.start_run("r1")
    given = {"name": "r2", "entity": "ml"}
    hidden = charlies_sdk.refusal(UPSERT, project="zoo", **given)
    assert hidden == (404, "project 'zoo' not found under entity 'ml'")
    assert charlies_sdk.refusal(UPSERT, project="none", **given)[0] in {403, 404}
    assert charlies_sdk.refusal(UPSERT, name="r2", entity="nobody", project="p")[0] == 404


def test_a_line_sent_twice_is_one_line(sdk: Sdk) -> None:
    sdk.start_run("r1")
    assert _stream(sdk, "r1", _history(0, '{"_step":0,"x":1}', '{"_step":1,"x":2}')).status_code == 200
    assert _stream(sdk, "r1", _history(1, '{"_step":1,"x":3}', '{"_step":2,"x":4}')).status_code == 200
    run = sdk.ask(RUN, name="r1")["project"]["run"]
    assert [json.loads(line)["x"] for line in run["history"]] == [1, 3, 4]
    assert run["historyLineCount"] == 3
    assert run["historyKeys"]["lastStep"] == 2


def test_metrics_are_named_by_path_with_their_last_values(sdk: Sdk) -> None:
    sdk.start_run("r1")
    table = '{"_type":"table-file","nrows":1}'
    _stream(sdk, "r1", _history(0, '{"_step":0,"x":1}', '{"_step":1,"x":2}'))
    _stream(sdk, "r1", _history(2, '{"_step":2,"in":{"deep":{"y":5}},"name":"n"}', f'{{"_step":3,"t":{table}}}'))
    keys = sdk.ask(RUN, name="r1")["project"]["run"]["historyKeys"]
    found = {key: (one["typeCounts"][0]["type"], one["previousValue"]) for key, one in keys["keys"].items()}
    assert found == {
        "_step": ("number", 3),
        "x": ("number", 2),
        "in.deep.y": ("number", 5),
        "name": ("string", "n"),
        "t": ("table-file", {"_type": "table-file", "nrows": 1}),
    }
    assert keys["lastStep"] == 3
    sampled = """query($specs: [JSONString!]!) { project(name: "zoo", entityName: "ml") {
      run(name: "r1") { sampledHistory(specs: $specs) } } }"""
    specs = [json.dumps({"keys": ["_step", "in.deep.y"]}), json.dumps({"keys": ["x"], "samples": 1})]
    rows = sdk.ask(sampled, specs=specs)["project"]["run"]["sampledHistory"]
    assert rows == [[{"_step": 2, "in.deep.y": 5}], [{"x": 1}]]


def test_a_long_history_is_paged_by_step_and_sampled_over_its_whole_length(sdk: Sdk) -> None:
    sdk.start_run("r1")
    run = Run.objects.get()
    RunStreamLine.objects.bulk_create(
        RunStreamLine(run=run, stream="history", number=number, content=f'{{"_step":{2 * number},"x":{number}}}')
        for number in range(12_000)
    )
    page = operations()["HistoryPage"][0]
    where = {"entity": "ml", "project": "zoo", "run": "r1"}

    def steps(first: int, end: int, size: int) -> list[int]:
        lines = sdk.ask(page, **where, minStep=first, maxStep=end, pageSize=size)["project"]["run"]["history"]
        return [json.loads(line)["_step"] for line in lines]

    assert steps(0, 5, 10) == [0, 2, 4]
    assert steps(23_991, 30_000, 10) == [23_992, 23_994, 23_996, 23_998]
    assert steps(15_000, 30_000, 2) == [15_000, 15_002]
    assert steps(24_000, 30_000, 2) == []
    window = operations()["SampledHistoryPage"][0]
    spec = json.dumps({"keys": ["x"], "minStep": 22_000, "maxStep": 22_004, "samples": 5})
    rows = sdk.ask(window, **where, spec=spec)["project"]["run"]["sampledHistory"]
    assert rows == [[{"x": 11_000}, {"x": 11_001}, {"x": 11_002}]]
    assert sdk.refusal(window, **where, spec='{"minStep": "a"}')[0] == 400
    found = sdk.ask(RUN, name="r1")["project"]["run"]
    sampled = [json.loads(line)["x"] for line in found["history"]]
    assert (len(sampled), sampled[0], sampled[-1] > 11_900) == (500, 0, True)
    assert (found["historyKeys"]["lastStep"], found["historyLineCount"]) == (23_998, 12_000)


def test_the_last_message_ends_the_run(sdk: Sdk) -> None:
    for code, state in ((0, "finished"), (1, "failed"), (255, "killed"), (None, "finished")):
        sdk.start_run(f"r{code}")
        answer = _stream(sdk, f"r{code}", {"complete": True, "exitcode": code})
        assert isinstance(answer.json(), dict)
        assert sdk.ask(RUN, name=f"r{code}")["project"]["run"]["state"] == state


def test_the_last_message_sent_twice_ends_the_run_once(sdk: Sdk) -> None:
    sdk.start_run("r1")
    _stream(sdk, "r1", {"complete": True, "exitcode": 0})
    ended = Run.objects.get().finished_at
    _stream(sdk, "r1", {"complete": True, "exitcode": 1})
    run = Run.objects.get()
    assert (run.state, run.exit_code, run.finished_at) == (Run.State.FINISHED, 0, ended)


def test_late_data_is_kept_and_does_not_bring_a_run_back(sdk: Sdk) -> None:
    sdk.start_run("r1", host="h")
    _stream(sdk, "r1", {"complete": True, "exitcode": 1})
    _stream(sdk, "r1", _history(0, '{"x":1}'))
    sdk.start_run("r1", config="{}")
    run = sdk.ask(RUN, name="r1")["project"]["run"]
    assert (run["state"], run["historyLineCount"]) == ("failed", 1)
    sdk.start_run("r1", host="h")  # a new process
    assert sdk.ask(RUN, name="r1")["project"]["run"]["state"] == "running"


def test_a_silent_run_counts_as_crashed(sdk: Sdk) -> None:
    sdk.start_run("r1")
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert sdk.ask(RUN, name="r1")["project"]["run"]["state"] == "crashed"
        assert Run.objects.get().state == Run.State.RUNNING
        _stream(sdk, "r1", {})
        assert sdk.ask(RUN, name="r1")["project"]["run"]["state"] == "running"


def test_a_request_to_stop_reaches_the_run(sdk: Sdk) -> None:
    sdk.start_run("r1")
    assert "stopped" not in _stream(sdk, "r1", {}).json()
    Run.objects.update(stop_requested=True)
    assert _stream(sdk, "r1", {}).json()["stopped"] is True


def test_text_that_no_database_takes_is_replaced_not_refused(sdk: Sdk) -> None:
    sdk.start_run("r1")
    summary = r'{"a": "\u0000", "n": NaN, "i": 1e999}'
    files = {
        "output.log": {"offset": 0, "content": ["a\0b", "c\ud800d"]},
        "wandb-summary.json": {"offset": 0, "content": [summary]},
    }
    body = json.dumps({"files": files}).encode()
    assert _stream(sdk, "r1", body).status_code == 200
    lines = RunStreamLine.objects.order_by("number").values_list("content", flat=True)
    assert [line[0] + line[-1] for line in lines] == ["ab", "cd"]
    assert Run.objects.get().summary == {"a": "\ufffd", "n": "NaN", "i": "(number too large)"}


@pytest.mark.parametrize(
    "body",
    [
        b"nope",
        b"[]",
        b"[" * 100_000,
        {"files": []},
        {"files": {"output.log": 5}},
        {"files": {"output.log": {"offset": -1, "content": []}}},
        {"files": {"output.log": {"offset": 2**31, "content": ["x"]}}},
        {"files": {"output.log": {"offset": "0", "content": []}}},
        {"files": {"output.log": {"offset": 0, "content": "x"}}},
        {"files": {"output.log": {"offset": 0, "content": [1]}}},
        {"files": {"wandb-summary.json": {"offset": 0, "content": ["["]}}},
        {"complete": True, "exitcode": "0"},
    ],
    ids=str,
)
def test_a_message_of_another_form_is_400(sdk: Sdk, body: Any) -> None:
    sdk.start_run("r1")
    assert _stream(sdk, "r1", body).status_code == 400


def test_a_run_that_is_not_there_is_404_with_words(sdk: Sdk, charlies_sdk: Sdk) -> None:
    sdk.start_run("r1")
    answer = _stream(sdk, "none", {})
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (404, "run 'none' not found in ml/zoo")
    assert _stream(charlies_sdk, "r1", {}).status_code == 404
    assert _stream(sdk, "r1", b"\x1f\x8b", **{"Content-Encoding": "gzip"}).status_code == 400


def test_run_files_are_uploaded_replaced_and_downloaded(sdk: Sdk) -> None:
    sdk.start_run("r1")
    create = """mutation($files: [String!]!) { createRunFiles(input: {entityName: "ml", projectName: "zoo",
      runName: "r1", files: $files}) { runID uploadHeaders files { name uploadUrl } } }"""
    wanted = ["media/table/ü <b>.json", "config.yaml"]
    for content in (b"one", b"two!"):
        files = sdk.ask(create, files=wanted)["createRunFiles"]["files"]
        assert [file["name"] for file in files] == wanted
        for file in files:
            assert sdk.put(file["uploadUrl"], content).status_code == 200
    listing = """query { project(name: "zoo", entityName: "ml") { run(name: "r1") {
      fileCount files(names: ["./config.yaml"]) {
      edges { node { name sizeBytes directUrl url(upload: false) } } } } } }"""
    found = sdk.ask(listing)["project"]["run"]
    node = found["files"]["edges"][0]["node"]
    assert (found["fileCount"], node["sizeBytes"]) == (2, 4)
    assert sdk.get(node["directUrl"]).content == b"two!"
    assert sdk.refusal(create, files=["../../etc/passwd"])[0] == 400
