"""Deleting runs, their files and collections, giving collections another type; each twice, with one result."""

import json
from typing import Any

import pytest
from django.test import Client

from registry.models import Artifact, AuditEvent, Run
from tests.protocol.conftest import LINK, Sdk, basic
from tests.protocol.sdk_operations import operations

pytestmark = pytest.mark.django_db
RUN_FILES = """query RunFiles($entity: String!, $project: String!, $name: String!, $fileLimit: Int, $pattern: String) {
  project(name: $project, entityName: $entity) { run(name: $name) { files(first: $fileLimit, pattern: $pattern) {
    edges { node { id name } } } } } }"""
DELETE_RUN = """mutation DeleteRun($id: ID!, $deleteArtifacts: Boolean) {
  deleteRun(input: {id: $id, deleteArtifacts: $deleteArtifacts}) { clientMutationId } }"""


def _events(action: str) -> int:
    return AuditEvent.objects.filter(action=action).count()


def _collection_id(sdk: Sdk, name: str, type_name: str = "dataset") -> str:
    found = sdk.ask(operations()["ProjectArtifactCollection"][0], entity="ml", project="zoo", type=type_name, name=name)
    return str(found["project"]["artifactType"]["artifactCollection"]["id"])


def test_a_deleted_run_is_gone_and_its_versions_stay(sdk: Sdk) -> None:
    run = sdk.start_run("r1")["bucket"]["id"]
    sdk.log("data", {"a": b"a"}, runName="r1")
    for _ in range(2):
        sdk.ask(DELETE_RUN, id=run)
    assert _events("run.deleted") == 1
    found = sdk.ask(operations()["RunState"][0], entity="ml", project="zoo", name="r1")
    assert found["project"]["run"] is None
    assert sdk.member("data:latest")["artifact"]["state"] == "COMMITTED"
    assert "was deleted" in sdk.refusal(operations()["UpsertBucket"][0], name="r1", project="zoo", entity="ml")[1]


def test_a_run_is_deleted_with_the_versions_that_it_logged(sdk: Sdk) -> None:
    run = sdk.start_run("r1")["bucket"]["id"]
    sdk.log("data", {"a": b"a"}, runName="r1")
    sdk.log("kept", {"a": b"a"})
    sdk.ask(DELETE_RUN, id=run, deleteArtifacts=True)
    assert sdk.member("data:latest") is None
    assert sdk.member("kept:latest") is not None
    assert Artifact.objects.get(collection__name="data").state == "deleted"


def test_the_file_of_a_run_is_deleted_and_comes_back(sdk: Sdk) -> None:
    sdk.start_run("r1")

    def files(**fields: Any) -> list[str]:
        answer = sdk.ask(RUN_FILES, entity="ml", project="zoo", name="r1", fileLimit=9, **fields)
        return [edge["node"]["name"] for edge in answer["project"]["run"]["files"]["edges"]]

    def upload() -> str:
        answer = sdk.ask(
            operations()["CreateRunFiles"][0], entity="ml", project="zoo", run="r1", files=["out/a.bin", "b.txt"]
        )["createRunFiles"]["files"]
        for file in answer:
            assert sdk.put(file["uploadUrl"], b"x").status_code == 200
        return str(
            sdk.ask(RUN_FILES, entity="ml", project="zoo", name="r1", fileLimit=9)["project"]["run"]["files"]["edges"][
                -1
            ]["node"]["id"]
        )

    identity = upload()
    assert files(pattern="%.bin") == ["out/a.bin"]
    assert files(pattern="b_txt") == ["b.txt"]
    assert files(pattern="(") == []
    for _ in range(2):
        sdk.ask(operations()["deleteFiles"][0], files=[identity])
    assert files() == ["b.txt"]
    upload()
    assert files() == ["b.txt", "out/a.bin"]
    assert sdk.refusal(operations()["deleteFiles"][0], files=["bm9wZQ=="])[0] == 404


def test_a_run_that_is_asked_to_stop_hears_of_it_until_it_starts_again(sdk: Sdk) -> None:
    run = sdk.start_run("r1", host="h")["bucket"]["id"]

    def beat() -> bool:
        answer = Client().post(
            "/files/ml/zoo/r1/file_stream",
            "{}",
            content_type="application/json",
            headers={"Authorization": basic(sdk.key)},
        )
        return bool(json.loads(answer.content).get("stopped"))

    assert not beat()
    sdk.ask(operations()["StopRun"][0], id=run)
    assert beat()
    Run.objects.filter(uid="r1").update(state="killed")
    sdk.start_run("r1", host="h")
    assert not beat()


@pytest.mark.parametrize("kind", ["Sequence", "Portfolio"])
def test_a_collection_is_deleted_once_and_its_name_is_free(sdk: Sdk, kind: str) -> None:
    artifact = sdk.log("data", {"a": b"a"})
    target = {"entityName": "ml", "projectName": "zoo", "artifactPortfolioName": "links", "aliases": []}
    sdk.ask(LINK, input={"artifactID": artifact, **target})
    name = "data" if kind == "Sequence" else "links"
    identity = _collection_id(sdk, name)
    for _ in range(2):
        answer = sdk.ask(operations()[f"DeleteArtifact{kind}"][0], id=identity)["result"]["artifactCollection"]
        assert answer == {"__typename": f"Artifact{kind}", "state": "DELETED"}
    assert _events("collection.deleted") == 1
    assert sdk.member(f"{name}:latest") is None
    assert (sdk.member("data:latest") is None) == (kind == "Sequence")


def test_a_version_is_deleted_twice_with_one_result(sdk: Sdk) -> None:
    artifact = sdk.log("data", {"a": b"a"})
    for _ in range(2):
        answer = sdk.ask(operations()["DeleteArtifact"][0], input={"artifactID": artifact, "deleteAliases": True})
        assert answer["result"]["artifact"]["id"] == artifact
    assert _events("version.deleted") == 1


def test_a_sequence_gets_another_type_unless_a_version_is_linked(sdk: Sdk) -> None:
    artifact = sdk.log("data", {"a": b"a"})
    document = operations()["UpdateArtifactSequenceType"][0]
    given = {"artifactSequenceID": _collection_id(sdk, "data"), "destinationArtifactTypeName": "model"}
    for _ in range(2):
        assert sdk.ask(document, input=given)["result"]["artifactCollection"]["type"]["name"] == "model"
    assert _events("collection.changed") == 1
    target = {"entityName": "ml", "projectName": "zoo", "artifactPortfolioName": "links", "aliases": []}
    sdk.ask(LINK, input={"artifactID": artifact, **target})
    status, message = sdk.refusal(document, input={**given, "destinationArtifactTypeName": "dataset"})
    assert (status, "linked elsewhere" in message) == (409, True)
