"""The GraphQL endpoint against malformed requests: rows G1 to G8."""

import time
from typing import Any

import pytest

from tests.protocol.conftest import Sdk

pytestmark = pytest.mark.django_db


def _timed(sdk: Sdk, query: str) -> tuple[int, str, float]:
    started = time.process_time()
    answer = sdk.answer(query)
    return answer.status_code, answer.content.decode(), time.process_time() - started


@pytest.mark.parametrize(
    "query",
    [
        "query{" + "a{" * 200 + "b" + "}" * 201,
        "query{" + "a{" * 5000 + "b" + "}" * 5001,
        "query{" + "project(name:" + "[" * 5000 + "]" * 5000 + "){id}}",
        "query{project{" + 'artifact(name:"a"){artifactSequence{project{' * 10 + "id" + "}}}" * 10 + "}}",
    ],
    ids=["G1-200", "G1-5000", "G1-list-5000", "G1-valid-fields"],
)
def test_g1_depth_is_refused(sdk: Sdk, query: str) -> None:
    status, _, seconds = _timed(sdk, query)
    assert status == 400
    assert seconds < 1


@pytest.mark.parametrize(
    "query",
    [
        "query{" + " ".join(f"a{i}:viewer{{id}}" for i in range(20_000)) + "}",
        "query{" + "viewer{id} " * 2000 + "}",
        "query{viewer{" + "id " * 900 + "}}",
        "query{" + "viewer{id} " * 21 + "}",
        "query{viewer{id @include(if:true)" + " @skip(if:false)" * 10_000 + "}}",
        "query{viewer{" + " ".join(f"x{i}" for i in range(5000)) + "}}",
        "query{viewer{id}}" + "#" + "x" * (1 << 20),
        "query{viewer{...A}} fragment A on User{...B} fragment B on User{...A}",
        "query{viewer{...A}} fragment A on User{...A}",
    ],
    ids=[
        "G2-20000-aliases",
        "G3-2000-duplicates",
        "G3-900-duplicates",
        "root-fields",
        "G5-directives",
        "G5-unknown-fields",
        "G5-comment",
        "G4-cycle",
        "G4-self",
    ],
)
def test_a_bomb_is_refused_cheaply(sdk: Sdk, query: str) -> None:
    status, body, seconds = _timed(sdk, query)
    assert status == 400, body
    assert seconds < 1


def test_g4_a_fan_out_of_fragments_is_refused_cheaply(sdk: Sdk) -> None:
    pairs = [
        f'fragment F{i} on Project{{a:run(name:"x"){{project{{...F{i + 1}}}}}'
        f' b:run(name:"y"){{project{{...F{i + 1}}}}}}}'
        for i in range(22)
    ]
    query = "query{project{...F0}}" + "".join(pairs) + "fragment F22 on Project{id}"
    status, _, seconds = _timed(sdk, query)
    assert status == 400
    assert seconds < 1


def test_g5_not_more_than_a_hundred_errors_are_listed(sdk: Sdk) -> None:
    _, body, _ = _timed(sdk, "query{" + " ".join(f"x{i}" for i in range(19)) + "}")
    assert body.count("Cannot query field") <= 100
    assert len(body) < 10_000


def test_g6_batching_is_refused(sdk: Sdk) -> None:
    answer = sdk.post([{"query": "query{viewer{id}}"}])
    assert answer.status_code == 400
    assert "batching is not supported" in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"], ids=lambda m: f"G7-{m}")
def test_g7_other_methods_are_400(sdk: Sdk, method: str) -> None:
    answer = getattr(sdk.client, method)("/graphql?query={viewer{id}}", headers={"Authorization": f"Bearer {sdk.key}"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql"],
    ids=lambda kind: f"G7-{kind[:16]}",
)
def test_g7_other_content_types_are_400(sdk: Sdk, content_type: str) -> None:
    assert sdk.post(b'{"query":"{viewer{id}}"}', content_type=content_type).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": None},
        {"query": 5},
        {"query": ""},
        {"query": "query{viewer{id}}", "variables": []},
        {"query": "query{viewer{id}}", "variables": "x"},
        {"query": "query A{viewer{id}}", "operationName": "B"},
        {"query": "query A{viewer{id}} query B{viewer{id}}", "operationName": "A"},
        {"query": "subscription{viewer{id}}"},
        {"query": "fragment A on User{id}"},
        b"",
        b"nope",
        b"\xff",
        b"[" * 100_000,
    ],
    ids=[
        "G8-no-query",
        "G8-null",
        "G8-number",
        "G8-empty",
        "G8-variables-list",
        "G8-variables-text",
        "G8-unknown-operation",
        "G8-two-operations",
        "G8-subscription",
        "G8-no-operation",
        "G8-no-body",
        "G8-no-json",
        "G8-no-utf-8",
        "G8-deep-json",
    ],
)
def test_g8_a_malformed_request_is_400(sdk: Sdk, body: Any) -> None:
    assert sdk.post(body).status_code == 400
