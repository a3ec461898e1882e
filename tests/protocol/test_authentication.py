"""Who is let in: rows A3 and A4, and what is remembered of a key."""

import base64
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from registry.core import clock
from registry.core.viewer import Viewer
from registry.models import ApiKey, User
from registry.services import accounts
from tests.protocol.conftest import Sdk, basic

pytestmark = pytest.mark.django_db
VIEWER = {"query": "query Viewer { viewer { username entity } }"}


def _status(sdk: Sdk, header: str | None) -> int:
    headers = {} if header is None else {"Authorization": header}
    client = Client(raise_request_exception=False)
    return int(client.post("/graphql", VIEWER, content_type="application/json", headers=headers).status_code)


def _wrong_keys(key: str) -> dict[str, str]:
    return {
        "last-character": key[:-1] + ("a" if key[-1] != "a" else "b"),
        "prefix": ("y" if key[0] == "x" else "x") + key[1:],
        "empty": "",
        "1 MB": "a" * (1 << 20),
        "public-part": key[:8],
    }


@pytest.mark.parametrize("which", ["last-character", "prefix", "empty", "1 MB", "public-part"], ids=lambda w: f"A3-{w}")
@pytest.mark.parametrize("scheme", ["basic", "bearer"])
def test_a3_a_wrong_key_is_refused(sdk: Sdk, which: str, scheme: str) -> None:
    wrong = _wrong_keys(sdk.key)[which]
    assert _status(sdk, basic(wrong) if scheme == "basic" else f"Bearer {wrong}") == 401


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode("api:schlüssel".encode()).decode(),
        "Basic " + base64.b64encode(b"api:\xff\xfe").decode(),
        "Digest x",
        "Bearer",
        "Negotiate abc",
    ],
    ids=["none", "empty", "no-value", "no-base64", "non-ascii", "no-utf-8", "digest", "empty-bearer", "negotiate"],
)
def test_a3_a_header_that_is_none_is_refused(sdk: Sdk, header: str | None) -> None:
    assert _status(sdk, header) == 401


def test_a3_a_revoked_an_expired_and_a_disabled_users_key(sdk: Sdk, alice: User) -> None:
    assert _status(sdk, basic(sdk.key)) == 200
    key = ApiKey.objects.get(user=alice)
    accounts.revoke_api_key(viewer=Viewer.system(), key=key)
    assert _status(sdk, basic(sdk.key)) == 401
    _, expired = accounts.create_api_key(
        viewer=Viewer.system(), user=alice, expires_at=clock.now() - timedelta(seconds=1)
    )
    assert _status(sdk, basic(expired)) == 401
    _, fresh = accounts.create_api_key(viewer=Viewer.system(), user=alice)
    assert _status(sdk, basic(fresh)) == 200
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert _status(sdk, basic(fresh)) == 401


def test_a3_every_wrong_key_costs_one_lookup(sdk: Sdk, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for wrong in _wrong_keys(sdk.key).values():
        if len(wrong) < 4000:
            with django_assert_num_queries(1):
                assert _status(sdk, basic(wrong)) == 401


def test_a3_the_refusal_says_where_to_get_a_key(sdk: Sdk) -> None:
    answer = sdk.post(VIEWER, Authorization=basic("w" * 40))
    assert answer.json() == {
        "errors": [{"message": "The API key is not valid. Get one at http://127.0.0.1:8000/authorize"}]
    }


@pytest.mark.parametrize("header", ["Basic", "basic", "Bearer", "bearer"], ids=lambda header: f"A4-{header}")
def test_a4_both_schemes_are_taken(sdk: Sdk, header: str) -> None:
    value = basic(sdk.key).split()[1] if header.lower() == "basic" else sdk.key
    assert _status(sdk, f"{header} {value}") == 200


def test_a4_the_user_part_of_basic_does_not_matter(sdk: Sdk) -> None:
    assert _status(sdk, "Basic " + base64.b64encode(f"user:{sdk.key}".encode()).decode()) == 200


def test_a4_never_from_the_address_or_another_header(sdk: Sdk) -> None:
    client = Client(raise_request_exception=False)
    for address in (f"/graphql?api_key={sdk.key}", f"/graphql?token={sdk.key}"):
        assert client.post(address, VIEWER, content_type="application/json").status_code == 401
    for name in ("X-Api-Key", "X-Wandb-Api-Key", "Api-Key"):
        answer = client.post("/graphql", VIEWER, content_type="application/json", headers={name: sdk.key})
        assert answer.status_code == 401


def test_a4_two_credentials_at_once_are_refused(sdk: Sdk, bobs_sdk: Sdk) -> None:
    # a server joins repeated headers with a comma
    assert _status(sdk, f"{basic(sdk.key)},Bearer {bobs_sdk.key}") == 401
    assert _status(sdk, f"Bearer {sdk.key}, Bearer {sdk.key}") == 401


def test_a5_a_session_opens_nothing_here(sdk: Sdk, alice: User) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    assert client.post("/graphql", VIEWER, content_type="application/json").status_code == 401
    assert client.post("/files/ml/zoo/x/file_stream", {}, content_type="application/json").status_code == 401


def test_the_time_of_use_is_noted_once_a_minute(sdk: Sdk, alice: User) -> None:
    sdk.post(VIEWER)
    first = ApiKey.objects.get(user=alice).last_used_at
    assert first is not None
    sdk.post(VIEWER)
    assert ApiKey.objects.get(user=alice).last_used_at == first
    with clock.at(first + timedelta(seconds=61)):
        sdk.post(VIEWER)
    assert ApiKey.objects.get(user=alice).last_used_at == first + timedelta(seconds=61)
