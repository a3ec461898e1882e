"""Manifests and what they name: rows U1 to U12."""

from pathlib import Path
from typing import Any

import pytest

from registry.models import AuditEvent
from tests.protocol.conftest import COMMIT, FILES, Sdk, base64_md5, digest_of, manifest_of

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
