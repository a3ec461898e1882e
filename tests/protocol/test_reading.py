"""The SDK's own listing documents: right, paged without loss, and as many queries for five rows as for two."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.protocol.conftest import USE, Sdk
from tests.protocol.sdk_operations import operations

pytestmark = pytest.mark.django_db


def _document(name: str) -> str:
    return operations()[name][0]


LISTINGS: dict[str, dict[str, Any]] = {
    "ProjectArtifacts": {
        "type": "dataset",
        "collection": "data",
        "filters": '{"state": "COMMITTED"}',
        "includeAliases": True,
    },
    "RunInputArtifacts": {"run": "r1", "includeAliases": True},
    "RunOutputArtifacts": {"run": "r1", "includeAliases": True},
    "ArtifactTypeArtifactCollections": {"type": "dataset"},
    "ProjectArtifactCollections": {},
    "GetArtifactMembershipFileUrls": {"collection": "data", "alias": "latest"},
    "ArtifactMembershipFiles": {"collection": "data", "alias": "latest"},
}


def _fill(sdk: Sdk, count: int) -> None:
    for number in range(count):
        text = str(number).encode()
        artifact = sdk.log("data", {f"{n}": text for n in range(count)}, runName="r1", tags=[{"tagName": "a"}])
        sdk.log(f"other{number}", {"a": text})
        given = {"entityName": "ml", "projectName": "zoo", "runName": "r1", "artifactID": artifact}
        sdk.ask(USE, **given)


@pytest.mark.parametrize("name", LISTINGS)
def test_a_longer_list_needs_no_more_queries(sdk: Sdk, name: str) -> None:
    sdk.start_run("r1")
    variables = {"entity": "ml", "project": "zoo", "perPage": 50} | LISTINGS[name]
    counts = []
    for count in (2, 5):
        _fill(sdk, count)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            sdk.ask(_document(name), **variables)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 15


def _connection_in(data: Any) -> Any:
    """Return the first Relay connection in an answer."""
    if isinstance(data, dict):
        if "edges" in data:
            return data
        for inner in data.values():
            if (found := _connection_in(inner)) is not None:
                return found
    return None


@pytest.mark.parametrize("name", LISTINGS)
def test_pages_add_up_to_the_whole(sdk: Sdk, name: str) -> None:
    sdk.start_run("r1")
    _fill(sdk, 5)
    variables = {"entity": "ml", "project": "zoo"} | LISTINGS[name]
    whole = [edge["node"] for edge in _connection_in(sdk.ask(_document(name), perPage=50, **variables))["edges"]]
    found: list[Any] = []
    cursor = None
    while True:
        page = _connection_in(sdk.ask(_document(name), perPage=2, cursor=cursor, **variables))
        found += [edge["node"] for edge in page["edges"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    keep = ("id", "name", "displayName")
    assert [{k: node.get(k) for k in keep} for node in found] == [{k: node.get(k) for k in keep} for node in whole]
    assert len(whole) >= 5


def test_versions_are_newest_first_and_can_be_ordered_and_filtered(sdk: Sdk) -> None:
    for number in range(3):
        tags = [{"tagName": "odd"}] if number % 2 else []
        sdk.log("data", {"a": str(number).encode()}, tags=tags)
    base = {"entity": "ml", "project": "zoo", "type": "dataset", "collection": "data", "includeAliases": True}

    def versions(**fields: Any) -> list[str]:
        edges = _connection_in(sdk.ask(_document("ProjectArtifacts"), **base, **fields))["edges"]
        return [edge["version"] for edge in edges]

    assert versions() == ["v2", "v1", "v0"]
    assert versions(order="+version_index") == ["v0", "v1", "v2"]
    assert versions(order="-created_at") == ["v2", "v1", "v0"]
    assert versions(filters='{"$and": [{"state": "COMMITTED"}, {"tag": {"$in": ["odd"]}}]}') == ["v1"]
    assert versions(filters='{"alias": "latest"}') == ["v2"]


@pytest.mark.parametrize("order", ["-user__password", ";drop", "+", "digest"], ids=lambda order: f"G19-{order}")
def test_g19_an_order_that_is_not_served_is_400(sdk: Sdk, order: str) -> None:
    sdk.log("data", {"a": b"a"})
    base = {"entity": "ml", "project": "zoo", "type": "dataset", "collection": "data"}
    assert sdk.refusal(_document("ProjectArtifacts"), **base, order=order)[0] == 400


@pytest.mark.parametrize(
    "filters",
    [
        "nope",
        "[]",
        '{"__class__": "x"}',
        '{"user__password": "x"}',
        '{"state": {"$regex": "(a+)+$"}}',
        '{"state": {"$in": "COMMITTED", "$ne": "x"}}',
        '{"state": 5}',
        '{"$where": "1"}',
    ],
    ids=lambda filters: f"G18-{filters[:20]}",
)
def test_g18_a_filter_that_is_not_served_is_400(sdk: Sdk, filters: str) -> None:
    sdk.log("data", {"a": b"a"})
    base = {"entity": "ml", "project": "zoo", "type": "dataset", "collection": "data"}
    assert sdk.refusal(_document("ProjectArtifacts"), **base, filters=filters)[0] == 400


def test_a_null_that_the_sdk_would_not_understand_is_a_refusal_in_words(sdk: Sdk, charlies_sdk: Sdk) -> None:
    sdk.log("data", {"a": b"a"})
    team, versions = operations()["GetTeamEntity"][0], operations()["ProjectArtifacts"][0]
    where = {"entity": "ml", "project": "zoo", "type": "dataset", "collection": "data"}
    assert sdk.ask(team, name="ml")["entity"]["name"] == "ml"
    shown = sdk.ask(versions, **where)["project"]["artifactType"]["artifactCollection"]["artifacts"]
    assert shown["totalCount"] == 1
    assert sdk.refusal(team, name="none")[1].startswith("There is no team 'none'")
    status, message = sdk.refusal(versions, **where | {"collection": "none"})
    assert (status, message) == (
        404,
        "There is no artifact 'none' of type 'dataset' in ml/zoo, or you may not see it.",
    )
    for wrong in ({"type": "model"}, {"project": "none"}, {"entity": "nobody"}, {"entity": "{name.__class__}"}):
        assert sdk.refusal(versions, **where | wrong)[0] == 404
    # hidden answers like missing
    hidden = charlies_sdk.refusal(versions, **where)
    assert hidden == (404, "There is no artifact 'data' of type 'dataset' in ml/zoo, or you may not see it.")


def test_a_query_that_nothing_here_could_answer_is_refused_in_words(sdk: Sdk) -> None:
    status, message = sdk.refusal(operations()["GetSweeps"][0], project="zoo", entity="ml", filters="{}")
    assert status == 400
    assert "Sweeps are not part of it" in message
