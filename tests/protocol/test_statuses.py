"""The contract of statuses: whatever is wrong, the SDK gets one that it does not repeat for twenty minutes."""

import json

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.test import Client

from registry.api import file_stream as file_stream_module
from registry.api.errors import _STATUSES
from registry.core.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    LineageError,
    NotFound,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from tests.protocol.conftest import Sdk, manifest_of

pytestmark = pytest.mark.django_db
FINAL = {400, 401, 403, 404, 409, 410, 413, 422}
ADDRESSES = [
    "/graphql",
    "/graphql/",
    "/graphql/x",
    "/files",
    "/files/ml/zoo/r1/file_stream",
    "/files/ml/zoo/r1/other",
    "/files/ml/zoo/r%2F1/file_stream",
    "/files/ml/zoo/%00/file_stream",
    "/storage/uf/x",
    "/storage/df/x?token=x",
    "/storage/nothing/x",
    "/storage/",
    "/artifactsV2/x",
    "/artifactsV2/default/ml/zoo/data/x/0cc175b9c0f1b6a831c399e269772661/a",
    "/sdk/otel/v1/metrics",
    "/sdk/otel/v1/logs",
    "/oidc/token",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_every_wrong_request_is_final(sdk: Sdk, address: str, method: str) -> None:
    for headers in ({}, {"Authorization": f"Bearer {sdk.key}"}):
        answer = Client(raise_request_exception=False).generic(
            method, address, b"not json", content_type="text/plain", headers=headers
        )
        assert answer.status_code in FINAL
        if method != "HEAD":
            assert json.loads(answer.content)["errors"][0]["message"]


@pytest.mark.parametrize("address", ["/sdk/otel/v1/metrics", "/sdk/otel/v1/logs"])
def test_telemetry_is_404_so_that_the_sdk_stops_it(sdk: Sdk, address: str) -> None:
    assert sdk.client.post(address, b"x", content_type="application/x-protobuf").status_code == 404


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (InvalidInput("words"), 400, "words"),
        (Unauthenticated("words"), 401, "words"),
        (Forbidden("words"), 403, "words"),
        (NotFound("words"), 404, "words"),
        (Conflict("words"), 409, "words"),
        (TooLarge("words"), 413, "words"),
        (Unavailable("words"), 503, "words"),
        (OperationalError("secret"), 503, "The database cannot be reached right now. Please try again in a moment."),
        (InterfaceError("secret"), 503, "The database cannot be reached right now. Please try again in a moment."),
        (DatabaseError("secret"), 422, "internal error"),
        (ValueError("secret"), 422, "internal error"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_errors_become_statuses(
    sdk: Sdk, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, message: str
) -> None:
    def failing(**_: object) -> None:
        raise error

    monkeypatch.setattr(file_stream_module, "get_run", failing)
    answer = sdk.client.post(
        "/files/ml/zoo/r1/file_stream",
        {},
        content_type="application/json",
        headers={"Authorization": f"Bearer {sdk.key}"},
    )
    assert answer.status_code == status
    assert answer.json()["errors"][0]["message"].startswith(message)
    assert b"secret" not in answer.content
    assert answer.headers.get("Retry-After") == ("2" if status == 503 else None)


def test_every_anticipated_failure_has_a_status() -> None:
    assert set(_STATUSES) == set(LineageError.__subclasses__())
    assert set(_STATUSES.values()) <= FINAL | {503}


def test_a_body_over_the_limit_is_413(sdk: Sdk) -> None:
    answer = sdk.post(b'{"query": "' + b" " * (33 << 20) + b'"}')
    assert answer.status_code == 413


def test_addresses_follow_the_host_by_which_the_client_came(sdk: Sdk) -> None:
    draft = sdk.create("data", manifest_of({}))["id"]
    query = """mutation($id: ID!) { createArtifactManifest(input: {artifactID: $id, digest:
      "1B2M2Y8AsgTpgAmY7PhCfg=="}) {
      artifactManifest { file { uploadUrl } } } }"""
    body = {"query": query, "variables": {"id": draft}}
    for host, start in (
        ("127.0.0.1:8000", "http://127.0.0.1:8000/storage/um/"),
        ("localhost:99", "http://localhost:99/"),
    ):
        answer = sdk.client.post(
            "/graphql",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {sdk.key}", "Host": host},
        )
        address = answer.json()["data"]["createArtifactManifest"]["artifactManifest"]["file"]["uploadUrl"]
        assert address.startswith(start)
        assert "wandb_manifest.json" in address
    answer = sdk.client.post("/graphql", body, content_type="application/json", headers={"Host": "evil.example"})
    assert answer.status_code == 400
