"""Uploads to signed addresses: rows U13 to U15 and F9, F11."""

import gzip
import json
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from registry.models import Blob, EntityMember, User
from tests.protocol.conftest import COMMIT, Sdk, base64_md5, manifest_of

pytestmark = pytest.mark.django_db


def _bytes_on_disk(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.rglob("*") if path.is_file())


def _upload_address(sdk: Sdk, content: bytes = b"content") -> str:
    draft = sdk.create("data", manifest_of({"a.txt": content}))["id"]
    return str(sdk.announce_files(draft, {"a.txt": content})[0]["uploadUrl"])


def test_u13_no_token_a_forged_one_and_one_for_something_else(sdk: Sdk) -> None:
    address = _upload_address(sdk)
    plain, _, token = address.partition("?token=")
    assert sdk.put(plain, b"content").status_code == 403
    assert sdk.put(f"{address}x", b"content").status_code == 403
    assert sdk.put(address.replace("/storage/uf/", "/storage/um/"), b"content").status_code == 403
    assert sdk.put(address.replace("/storage/uf/", "/storage/df/"), b"content").status_code == 403
    assert sdk.get(address).status_code == 403
    assert sdk.get(address.replace("/storage/uf/", "/storage/df/")).status_code == 403
    assert Blob.objects.count() == 0
    assert token


def test_u13_an_expired_token(sdk: Sdk, settings: Settings) -> None:
    address = _upload_address(sdk)
    settings.SIGNED_URL_SECONDS = -1
    answer = sdk.put(address, b"content")
    assert answer.status_code == 403
    assert "expired" in answer.content.decode()


def test_u13_the_token_of_someone_who_lost_access(sdk: Sdk, bobs_sdk: Sdk) -> None:
    address = _upload_address(bobs_sdk)

    EntityMember.objects.filter(user__username="bob", entity__name="ml").delete()
    assert bobs_sdk.put(address, b"content").status_code == 403
    address = _upload_address(sdk)
    User.objects.filter(username="alice").update(is_active=False)
    assert sdk.put(address, b"content").status_code == 401
    assert Blob.objects.count() == 0


def test_u13_the_same_bytes_again_are_fine_and_others_a_conflict(sdk: Sdk) -> None:
    address = _upload_address(sdk)
    assert sdk.put(address, b"content").status_code == 200
    assert sdk.put(address, b"content").status_code == 200
    assert sdk.put(address, b"CONTENT").status_code == 409
    assert Blob.objects.count() == 1


def test_u13_a_manifest_cannot_change_after_the_commit(sdk: Sdk) -> None:
    manifest = manifest_of({"a.txt": b"a"})
    draft = sdk.create("data", manifest)["id"]
    sdk.upload(draft, {"a.txt": b"a"})
    content = json.dumps(manifest).encode()
    address = sdk.announce_manifest(draft, base64_md5(content))["file"]["uploadUrl"]
    assert sdk.put(address, content).status_code == 200
    sdk.ask(COMMIT, artifactID=draft)
    assert sdk.put(address, content).status_code == 200
    assert sdk.put(address, b"other").status_code == 400


@pytest.mark.parametrize("length", ["6", "8"], ids=["U14-longer-than-announced", "U14-shorter-than-announced"])
def test_u14_a_body_of_another_length_is_refused_and_leaves_nothing(sdk: Sdk, tmp_path: Path, length: str) -> None:
    address = _upload_address(sdk)
    path, _, query = address.removeprefix("http://testserver").partition("?")
    answer = Client(raise_request_exception=False).generic(
        "PUT",
        f"{path}?{query}",
        b"content",
        content_type="x/y",
        CONTENT_LENGTH=length,
        **{"wsgi.input": BytesIO(b"content")},
    )
    assert answer.status_code == 400
    assert _bytes_on_disk(tmp_path) == []
    assert Blob.objects.count() == 0


@pytest.mark.parametrize("length", ["", "-1", "1e3", "5, 5", "٣"], ids=lambda length: f"U14-{length or 'none'}")
def test_u14_a_length_that_is_none_is_refused(sdk: Sdk, tmp_path: Path, length: str) -> None:
    path, _, query = _upload_address(sdk).removeprefix("http://testserver").partition("?")
    answer = Client(raise_request_exception=False).generic(
        "PUT", f"{path}?{query}", b"content", content_type="x/y", CONTENT_LENGTH=length
    )
    assert answer.status_code == 400
    assert _bytes_on_disk(tmp_path) == []


def test_f9_wrong_bytes_are_refused_and_the_commit_names_the_file(sdk: Sdk, tmp_path: Path) -> None:
    manifest = manifest_of({"sub/a.txt": b"right"})
    draft = sdk.create("data", manifest)["id"]
    address = sdk.announce_files(draft, {"sub/a.txt": b"right"})[0]["uploadUrl"]
    answer = sdk.put(address, b"wrong")
    assert (answer.status_code, "digest mismatch" in answer.content.decode()) == (400, True)
    assert _bytes_on_disk(tmp_path) == []
    sdk.upload_manifest(draft, manifest)
    status, message = sdk.refusal(COMMIT, artifactID=draft)
    assert (status, "'sub/a.txt'" in message) == (400, True)


def test_f11_a_commit_before_the_manifest_is_refused_and_can_be_repeated(sdk: Sdk) -> None:
    manifest = manifest_of({"a.txt": b"a"})
    draft = sdk.create("data", manifest)["id"]
    assert sdk.refusal(COMMIT, artifactID=draft)[0] == 400
    sdk.announce_manifest(draft)
    assert sdk.refusal(COMMIT, artifactID=draft)[0] == 400
    sdk.upload(draft, {"a.txt": b"a"})
    sdk.upload_manifest(draft, manifest)
    assert sdk.ask(COMMIT, artifactID=draft)


def test_u15_a_compressed_body_is_refused_and_never_inflated(sdk: Sdk, tmp_path: Path) -> None:
    body = gzip.compress(b"0" * 100_000)
    address = _upload_address(sdk, body)
    assert sdk.put(address, body, **{"Content-Encoding": "gzip"}).status_code == 400
    assert _bytes_on_disk(tmp_path) == []


def test_an_upload_over_the_limit_is_refused(sdk: Sdk, settings: Settings, tmp_path: Path) -> None:
    settings.MAX_UPLOAD_BYTES = 3
    assert sdk.put(_upload_address(sdk), b"content").status_code == 413
    assert _bytes_on_disk(tmp_path) == []
