"""Uploads, manifests and files: rows U1 to U18 of the catalogue of bad inputs."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from registry.models import Artifact, AuditEvent, Blob, EntityMember, User
from tests.protocol.conftest import COMMIT, FILE_URLS, FILES, Sdk, base64_md5, digest_of, manifest_of

pytestmark = pytest.mark.django_db

BAD_PATHS = {
    "U1-traversal": "../../etc/passwd",
    "U2-absolute": "/etc/passwd",
    "U2-drive": "C:\\x",
    "U2-share": "\\\\srv\\share",
    "U2-home": "~/x",
    "U2-file-url": "file:///etc/passwd",
    "U3-backslash": "..\\..\\x",
    "U3-mixed": "a/..\\b",
    "U5-nul": "a\0b",
    "U5-newline": "a\nb",
    "U5-tab": "a\tb",
    "U5-escape": "a\x1bb",
    "U6-empty": "",
    "U6-dot": ".",
    "U6-dots": "..",
    "U6-double-slash": "a//b",
    "U6-trailing-slash": "a/",
    "U6-leading-space": " a",
    "U6-4096-bytes": "a/" * 2047 + "aa",
    "U6-300-byte-segment": "a" * 300,
}


def _bytes_on_disk(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", BAD_PATHS.values(), ids=BAD_PATHS)
def test_a_bad_path_in_a_manifest_is_refused_at_commit(sdk: Sdk, path: str) -> None:
    good, bad = manifest_of({"a.txt": b"a"}), manifest_of({path: b"a"})
    draft = sdk.create("data", good)["id"]
    sdk.upload(draft, {"a.txt": b"a"})
    sdk.upload_manifest(draft, bad)
    before = AuditEvent.objects.count()
    status, message = sdk.refusal(COMMIT, artifactID=draft)
    assert (status, message[:8]) == (400, "bad path")
    assert sdk.member("data:latest") is None
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("path", BAD_PATHS.values(), ids=BAD_PATHS)
def test_a_bad_path_is_refused_when_files_are_announced(sdk: Sdk, path: str) -> None:
    draft = sdk.create("data", manifest_of({"a.txt": b"a"}))["id"]
    spec = {"artifactID": draft, "name": path, "md5": base64_md5(b"a")}
    status, _ = sdk.refusal(FILES, input={"artifactFiles": [spec], "storageLayout": "V2"})
    assert status == 400


@pytest.mark.parametrize("path", ["%2e%2e%2f", "%252e%252e%252f", "..;/x", "a#../b", "a?../b"], ids=lambda p: f"U4-{p}")
def test_u4_what_only_looks_like_traversal_is_a_name(sdk: Sdk, path: str) -> None:
    if "/../" in path or path.startswith("../"):
        pytest.fail("not a literal name")
    sdk.log("data", {path: b"literal"})
    assert [file.name for file in Path.cwd().glob("literal*")] == []
    assert sdk.member("data:v0") is not None


@pytest.mark.parametrize(
    "tail",
    ["%2e%2e%2f%2e%2e%2fetc/passwd", "%252e%252e%252fx", "..;/etc/passwd", "a%00b"],
    ids=lambda tail: f"U4-{tail}",
)
def test_u4_traversal_in_an_address_finds_nothing(sdk: Sdk, tail: str) -> None:
    for prefix in ("/storage/df/", "/artifactsV2/default/ml/zoo/data/x/"):
        assert sdk.get(f"http://testserver{prefix}{tail}?token=x").status_code in {401, 403, 404}


def test_u7_names_that_differ_in_case_or_normal_form_are_different_files(sdk: Sdk) -> None:
    files = {"a.txt": b"1", "A.txt": b"2", "e\u0301": b"3", "\u00e9": b"4"}
    artifact = sdk.log("data", files)
    assert sdk.ask("query($id: ID!) { artifact(id: $id) { fileCount } }", id=artifact)["artifact"]["fileCount"] == 4


def test_u8_a_file_cannot_be_a_directory(sdk: Sdk) -> None:
    files = {"a": b"1", "a/b": b"2"}
    draft = sdk.create("data", manifest_of(files))["id"]
    sdk.upload(draft, files)
    sdk.upload_manifest(draft, manifest_of(files))
    assert sdk.refusal(COMMIT, artifactID=draft) == (400, "bad path 'a/b': 'a' is a file")


def _committed_with(sdk: Sdk, change: dict[str, Any]) -> tuple[int, str]:
    manifest = manifest_of({"a.txt": b"a"})
    manifest["contents"]["a.txt"] |= change
    draft = sdk.create("data", manifest)["id"]
    sdk.upload(draft, {"a.txt": b"a"})
    sdk.upload_manifest(draft, manifest)
    return sdk.refusal(COMMIT, artifactID=draft)


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "not base64!"},
        {"digest": "YWJj"},
        {"digest": base64_md5(b"never uploaded")},
        {"size": -1},
        {"size": 2**63},
        {"size": 2},
        {"size": "1"},
        {"size": True},
        {"ref": ""},
        {"ref": 5},
        {"extra": []},
    ],
    ids=[
        "U9-no-base64",
        "U9-wrong-length",
        "U9-digest-of-another-file",
        "U10-negative",
        "U10-2^63",
        "U10-not-the-real-size",
        "U10-text",
        "U10-bool",
        "U10-empty-reference",
        "U10-number-reference",
        "U10-list-extra",
    ],
)
def test_an_impossible_entry_is_refused(sdk: Sdk, change: dict[str, Any]) -> None:
    assert _committed_with(sdk, change)[0] == 400
    assert sdk.member("data:latest") is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b'{"version": 2, "contents": {}}',
        b'{"version": 1}',
        "{}".encode("utf-16"),
        b'\xef\xbb\xbf{"version": 1, "contents": {}}',
        b'{"version": 1, "contents": {}, "contents": {}}',
        b"[" * 100_000,
        b'{"version": 1, "contents": {"a": ' + b'{"extra":' * 5000 + b"1" + b"}" * 5001 + b"}",
        b'{"version": 1, "contents": {"\xff": {}}}',
    ],
    ids=[
        "U12-empty",
        "U12-no-json",
        "U12-list",
        "U12-version",
        "U12-no-contents",
        "U12-utf-16",
        "U12-bom",
        "U11-duplicate-keys",
        "U11-deep",
        "U11-deep-objects",
        "U12-bytes",
    ],
)
def test_a_manifest_that_is_none_is_refused(sdk: Sdk, content: bytes) -> None:
    draft = sdk.create("data", manifest_of({}))["id"]
    sdk.upload_manifest(draft, content)
    assert sdk.refusal(COMMIT, artifactID=draft)[0] == 400


def test_u11_too_many_entries_are_refused_before_parsing(sdk: Sdk) -> None:
    content = b'{"version":1,"contents":{' + b'"x":{"digest":1},' * 1_000_001
    draft = sdk.create("data", manifest_of({}))["id"]
    sdk.upload_manifest(draft, content)
    assert sdk.refusal(COMMIT, artifactID=draft) == (413, "The manifest has more than 1000000 entries.")


def test_u11_a_huge_manifest_is_refused_at_once(sdk: Sdk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("registry.api.uploads.MAX_MANIFEST_BYTES", 10)
    draft = sdk.create("data", manifest_of({}))["id"]
    assert sdk.upload_manifest(draft, b"12345678901").status_code == 413
    assert _bytes_on_disk(tmp_path) == []


def test_a_manifest_with_another_digest_than_announced_is_refused(sdk: Sdk) -> None:
    manifest = manifest_of({"a.txt": b"a"})
    draft = sdk.create("data", manifest, digest="0" * 32)["id"]
    sdk.upload(draft, {"a.txt": b"a"})
    sdk.upload_manifest(draft, manifest)
    status, message = sdk.refusal(COMMIT, artifactID=draft)
    assert status == 400
    assert message.startswith("digest mismatch")
    assert digest_of(manifest) != "0" * 32


# --- signed addresses ---------------------------------------------------------------------------------------------


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
    answer = sdk.put(_upload_address(sdk), b"\x1f\x8b" + b"0" * 1000, **{"Content-Encoding": "gzip"})
    assert answer.status_code == 400
    assert _bytes_on_disk(tmp_path) == []


def test_an_upload_over_the_limit_is_refused(sdk: Sdk, settings: Settings, tmp_path: Path) -> None:
    settings.MAX_UPLOAD_BYTES = 3
    assert sdk.put(_upload_address(sdk), b"content").status_code == 413
    assert _bytes_on_disk(tmp_path) == []


# --- downloads ----------------------------------------------------------------------------------------------------


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
