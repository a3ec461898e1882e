"""Downloads: rows U16 to U18, and to whom they are open."""

import json
from pathlib import Path

import pytest

from registry.models import Artifact, Blob, EntityMember
from tests.protocol.conftest import COMMIT, FILE_URLS, Sdk, base64_md5, digest_of, manifest_of

pytestmark = pytest.mark.django_db


def _download_address(sdk: Sdk, path: str, content: bytes) -> str:
    sdk.log("data", {path: content})
    found = sdk.ask(FILE_URLS, entity="ml", project="zoo", collection="data", alias="latest", perPage=5000)
    node = found["project"]["artifactCollection"]["artifactMembership"]["files"]["edges"][0]["node"]
    return str(node["directUrl"])


def test_u16_a_download_never_opens_in_the_browser(sdk: Sdk) -> None:
    address = _download_address(sdk, "evil.html", b"<script>alert(1)</script>")
    assert "/wandb_artifacts/" in address
    answer = sdk.get(address)
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox"


@pytest.mark.parametrize("name", ['quo"te', "semi;colon", "\u202egnp.exe", "ünïcödé", "a b"], ids=lambda n: f"U17-{n}")
def test_u17_a_file_name_cannot_split_the_header(sdk: Sdk, name: str) -> None:
    header = sdk.get(_download_address(sdk, name, b"x")).headers["Content-Disposition"]
    assert "\r" not in header
    assert "\n" not in header
    assert header.startswith("attachment; filename")


@pytest.mark.parametrize(
    ("header", "status", "body"),
    [
        ("bytes=0-0", 206, b"0"),
        ("bytes=2-4", 206, b"234"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-3", 206, b"789"),
        ("bytes=5-999999999999", 206, b"56789"),
        ("bytes=-0", 200, b"0123456789"),
        ("bytes=9-1", 200, b"0123456789"),
        ("bytes=10-", 200, b"0123456789"),
        ("bytes=99999999999999999999999-", 200, b"0123456789"),
        ("bytes=" + ",".join(["0-0"] * 1000), 200, b"0123456789"),
        ("items=0-1", 200, b"0123456789"),
        ("bytes=-", 200, b"0123456789"),
    ],
    ids=lambda value: f"U18-{value[:24]}" if isinstance(value, str) else None,
)
def test_u18_ranges(sdk: Sdk, header: str, status: int, body: bytes) -> None:
    answer = sdk.get(_download_address(sdk, "n.txt", b"0123456789"), Range=header)
    assert (answer.status_code, answer.content) == (status, body)
    assert answer.headers["Content-Length"] == str(len(body))


def test_a_manifest_shows_nothing_of_the_machine_that_wrote_it(sdk: Sdk) -> None:
    artifact = sdk.log("data", {"a.txt": b"a"}, {"far": "https://example.com/x"})
    query = "query($id: ID!) { artifact(id: $id) { currentManifest { file { directUrl } } } }"
    address = sdk.ask(query, id=artifact)["artifact"]["currentManifest"]["file"]["directUrl"]
    assert "wandb_manifest.json" in address
    manifest = json.loads(sdk.get(address).content)
    assert manifest["contents"] == {
        "a.txt": {"digest": base64_md5(b"a"), "size": 1, "birthArtifactID": artifact},
        "far": {"digest": "https://example.com/x", "size": 0, "ref": "https://example.com/x"},
    }
    assert digest_of(manifest) == Artifact.objects.get().digest


def test_a_lost_blob_is_gone_not_a_bug(sdk: Sdk, tmp_path: Path) -> None:
    address = _download_address(sdk, "a.txt", b"a")
    for path in (tmp_path / "blobs").rglob("*"):
        if path.is_file():
            path.unlink()
    assert sdk.get(address).status_code == 410


def test_a_download_is_closed_to_who_may_not_see_it_any_more(bobs_sdk: Sdk, sdk: Sdk) -> None:
    address = _download_address(bobs_sdk, "a.txt", b"a")

    EntityMember.objects.filter(user__username="bob", entity__name="ml").delete()
    assert bobs_sdk.get(address).status_code == 404


def test_artifacts_v2_takes_a_key_and_an_artifact(sdk: Sdk, charlies_sdk: Sdk) -> None:
    artifact = sdk.log("data", {"a.txt": b"a"})
    md5 = "0cc175b9c0f1b6a831c399e269772661"
    paths = [
        f"/artifactsV2/default/ml/zoo/data/{artifact}/{artifact}/{md5}/a.txt",
        f"/artifactsV2/default/ml/zoo/data/{artifact}/{md5}/a.txt",
    ]
    for path in paths:
        assert sdk.get(path).status_code == 401
        answer = sdk.get(path, Authorization=f"Bearer {sdk.key}")
        assert answer.content == b"a"
        assert charlies_sdk.get(path, Authorization=f"Bearer {charlies_sdk.key}").status_code == 404


def test_p6_knowing_a_digest_gives_no_one_elses_bytes(sdk: Sdk, charlies_sdk: Sdk) -> None:
    sdk.log("data", {"a.txt": b"secret"})
    draft = charlies_sdk.create("mine", manifest_of({"a.txt": b"secret"}))["id"]
    assert charlies_sdk.announce_files(draft, {"a.txt": b"secret"})[0]["uploadUrl"] is not None
    charlies_sdk.upload_manifest(draft, manifest_of({"a.txt": b"secret"}))
    assert charlies_sdk.refusal(COMMIT, artifactID=draft)[0] == 400


def test_bytes_are_stored_once_for_an_entity(sdk: Sdk, tmp_path: Path) -> None:
    first = sdk.log("data", {"a.txt": b"shared"})
    draft = sdk.create("other", manifest_of({"b.txt": b"shared"}))["id"]
    node = sdk.announce_files(draft, {"b.txt": b"shared"})[0]
    assert node["uploadUrl"] is None
    assert node["artifact"]["id"] == first
    assert Blob.objects.count() == 1
