"""The SDK's filters and orders of runs, versions and collections, on real JSON of real rows."""

import json
from typing import Any

import pytest

from registry.core import clock
from registry.models import Run
from registry.models.runs import SILENCE
from tests.protocol.conftest import Sdk
from tests.protocol.sdk_operations import operations

pytestmark = pytest.mark.django_db
# as the SDK puts it together at run time
RUNS = """query Runs($project: String!, $entity: String!, $cursor: String, $perPage: Int = 50, $order: String,
    $filters: JSONString) {
  project(name: $project, entityName: $entity) { runCount(filters: $filters)
    runs(filters: $filters, after: $cursor, first: $perPage, order: $order) {
      edges { node { name } cursor } pageInfo { endCursor hasNextPage } } } }"""


def _runs(sdk: Sdk, filters: Any = None, **variables: Any) -> list[str]:
    given = None if filters is None else json.dumps(filters)
    answer = sdk.ask(RUNS, entity="ml", project="zoo", filters=given, **variables)
    return [edge["node"]["name"] for edge in answer["project"]["runs"]["edges"]]


@pytest.fixture
def three_runs(sdk: Sdk) -> Sdk:
    for number, (job_type, tags) in enumerate([("train", ["näh", "a"]), ("train", ["a b"]), ("eval", [])], start=1):
        config = {"lr": {"value": number / 10}, "net": {"value": {"depth": number}}, "name": {"value": f"n{number}"}}
        if number == 3:
            del config["lr"]
        sdk.start_run(f"r{number}", jobType=job_type, tags=tags, config=json.dumps(config), displayName=f"run {number}")
        Run.objects.filter(uid=f"r{number}").update(summary={"loss": 10 - number, "text": "x"} if number < 3 else {})
    Run.objects.filter(uid="r3").update(state="finished")
    return sdk


CASES: list[tuple[Any, list[str]]] = [
    ({"config.lr": 0.1}, ["r1"]),
    ({"config.lr.value": {"$gt": 0.15}}, ["r2"]),
    ({"config.lr": {"$gte": 0.1, "$lt": 0.2}}, ["r1"]),
    ({"config.lr": {"$ne": 0.1}}, ["r2", "r3"]),
    ({"config.lr": {"$exists": False}}, ["r3"]),
    ({"config.lr": None}, ["r3"]),
    ({"config.lr": {"$in": [0.1, 0.2]}}, ["r1", "r2"]),
    ({"config.net.depth": 3}, ["r3"]),
    ({"config.name": {"$regex": "^n[12]$"}}, ["r1", "r2"]),
    ({"summary_metrics.loss": {"$lte": 8}}, ["r2"]),
    ({"summaryMetrics.loss": 9}, ["r1"]),
    ({"tags": "a"}, ["r1"]),
    ({"tags": "näh"}, ["r1"]),
    ({"tags": {"$nin": ["a"]}}, ["r2", "r3"]),
    ({"tags": {"$all": ["a", "näh"]}}, ["r1"]),
    ({"jobType": "train"}, ["r1", "r2"]),
    ({"$or": [{"jobType": "eval"}, {"tags": "a"}]}, ["r1", "r3"]),
    ({"displayName": {"$contains": "n 1"}}, ["r1"]),
    ({"displayName": {"$contains": "RUN"}}, []),
    ({"displayName": {"$contains": "."}}, []),
    ({"$and": [{"jobType": "train"}, {"config.lr": {"$gt": 0.1}}]}, ["r2"]),
    ({"$not": {"jobType": "train"}}, ["r3"]),
    ({"$nor": [{"jobType": "eval"}, {"tags": "a"}]}, ["r2"]),
    ({"display_name": {"$regex": "2$"}}, ["r2"]),
    ({"displayName": {"$contains": "run"}}, ["r1", "r2", "r3"]),
    ({"username": "alice"}, ["r1", "r2", "r3"]),
    ({"username": {"$ne": "alice"}}, []),
    ({"state": "running"}, ["r1", "r2"]),
    ({"state": {"$ne": "running"}}, ["r3"]),
    ({"created_at": {"$gt": "2020-01-01"}}, ["r1", "r2", "r3"]),
    ({"createdAt": {"$lt": "2020-01-01T00:00:00Z"}}, []),
    ({}, ["r1", "r2", "r3"]),
]


@pytest.mark.parametrize(("filters", "expected"), CASES, ids=lambda value: json.dumps(value)[:60])
def test_runs_are_filtered_as_mongodb_would(three_runs: Sdk, filters: Any, expected: list[str]) -> None:
    assert _runs(three_runs, filters) == expected


@pytest.mark.parametrize(
    "filters",
    [
        {"password": "x"},
        {"config": 1},
        {"config.": 1},
        {"config.lr": {"$where": "1"}},
        {"config.lr": {"$in": 1}},
        {"config.lr": {"deeper": 1}},
        {"name": {"$regex": "(a+)+$"}},
        {"name": {"$regex": "(?=a)"}},
        {"name": {"$regex": "a{1000}"}},
        {"name": {"$regex": "["}},
        {"name": {"$regex": ".*.*.*.*a"}},
        {"name": {"$regex": "x" * 201}},
        {"name": 5},
        {"name": "\x00"},
        {"$and": {}},
        {"$or": [1]},
        {"created_at": {"$gt": "yesterday"}},
        {"tags": {"$gt": "a"}},
    ],
    ids=lambda value: json.dumps(value)[:60],
)
def test_g18_what_is_not_served_is_400_with_a_reason(three_runs: Sdk, filters: Any) -> None:
    status, message = three_runs.refusal(RUNS, entity="ml", project="zoo", filters=json.dumps(filters))
    assert status == 400
    assert "internal error" not in message


def test_a_filter_that_is_nested_deeply_is_400(three_runs: Sdk) -> None:
    filters: Any = {"name": "r1"}
    for _ in range(12):
        filters = {"$not": filters}
    assert three_runs.refusal(RUNS, entity="ml", project="zoo", filters=json.dumps(filters)) == (
        400,
        "filters is nested too deeply",
    )


def test_a_run_that_has_gone_silent_is_found_as_crashed(three_runs: Sdk) -> None:
    Run.objects.filter(uid="r1").update(heartbeat_at=clock.now() - 2 * SILENCE)
    assert _runs(three_runs, {"state": "crashed"}) == ["r1"]
    assert _runs(three_runs, {"state": {"$in": ["running", "finished"]}}) == ["r2", "r3"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("+created_at", ["r1", "r2", "r3"]),
        ("-created_at", ["r3", "r2", "r1"]),
        ("+summary_metrics.loss", ["r2", "r1", "r3"]),
        ("-summary_metrics.loss", ["r1", "r2", "r3"]),
        ("-config.lr", ["r2", "r1", "r3"]),
        ("-display_name", ["r3", "r2", "r1"]),
    ],
)
def test_runs_are_ordered_page_by_page_too(three_runs: Sdk, order: str, expected: list[str]) -> None:
    assert _runs(three_runs, order=order) == expected
    found: list[str] = []
    cursor = None
    for _ in expected:
        answer = three_runs.ask(RUNS, entity="ml", project="zoo", order=order, perPage=1, cursor=cursor)["project"][
            "runs"
        ]
        found += [edge["node"]["name"] for edge in answer["edges"]]
        cursor = answer["pageInfo"]["endCursor"]
    assert found == expected


@pytest.mark.parametrize("order", ["-config.", "password", "+summary_metrics"])
def test_g19_an_order_of_runs_that_is_not_served_is_400(three_runs: Sdk, order: str) -> None:
    assert three_runs.refusal(RUNS, entity="ml", project="zoo", order=order)[0] == 400


def test_collections_are_filtered_and_ordered(sdk: Sdk) -> None:
    for name in ("ax", "bx", "cy"):
        sdk.log(name, {"a": name.encode()})
    document = operations()["ProjectArtifactCollections"][0]

    def collections(filters: Any, order: str) -> tuple[int, list[str]]:
        answer = sdk.ask(document, entity="ml", project="zoo", filters=json.dumps(filters), order=order)
        found = answer["project"]["artifactCollections"]
        return found["totalCount"], [edge["node"]["name"] for edge in found["edges"]]

    assert collections({"name": {"$regex": "x$"}}, "-name") == (2, ["bx", "ax"])
    assert collections({"type": "dataset", "name": {"$ne": "cy"}}, "+created_at") == (2, ["ax", "bx"])
    assert collections({"tag": "none"}, "name") == (0, [])


def test_versions_are_filtered_by_number_metadata_and_alias_of_their_own_collection(sdk: Sdk) -> None:
    for number in range(3):
        sdk.log("data", {"a": str(number).encode()}, metadata=json.dumps({"acc": number / 10}))
    document = operations()["ProjectArtifacts"][0]

    def versions(filters: Any) -> list[str]:
        where = {"entity": "ml", "project": "zoo", "type": "dataset", "collection": "data"}
        answer = sdk.ask(document, **where, filters=json.dumps(filters), includeAliases=True)
        edges = answer["project"]["artifactType"]["artifactCollection"]["artifacts"]["edges"]
        return [edge["version"] for edge in edges]

    assert versions({"metadata.acc": {"$gte": 0.1}}) == ["v2", "v1"]
    assert versions({"version": "v1"}) == ["v1"]
    assert versions({"version": {"$lt": 1}}) == ["v0"]
    assert versions({"alias": {"$ne": "latest"}}) == ["v1", "v0"]
