"""U19 to U21: files that want to be opened, tables that are none, uploads in parts."""

import io
import json
import pickle
import tarfile
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from registry.models import User
from tests.protocol.conftest import FILE_URLS, FILES, Sdk, _own_blob_store, base64_md5, manifest_of, sdk

__all__ = ["_own_blob_store", "sdk"]
pytestmark = pytest.mark.django_db
COMPLETE = """mutation CompleteMultipartUploadArtifact($completeMultipartAction: CompleteMultipartAction!,
    $completedParts: [UploadPartsInput!]!, $artifactID: ID!, $storagePath: String!, $uploadID: String!,
    $hexMD5: String!) {
  completeMultipartUploadArtifact(input: {completeMultipartAction: $completeMultipartAction,
      completedParts: $completedParts, artifactID: $artifactID, storagePath: $storagePath, uploadID: $uploadID,
      hexMD5: $hexMD5}) { digest } }"""
NAMES = ["bomb.zip", "up.tar", "link.tar", "evil.pkl", "weights.h5", "net.pth"]


class _Touch:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def _tar(name: str, target: str = "") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo(name)
        if target:
            member.type, member.linkname = tarfile.SYMTYPE, target
        archive.addfile(member)
    return buffer.getvalue()


def _dangerous(witness: Path) -> dict[str, bytes]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * (20 << 20))
    pickled = pickle.dumps(_Touch(witness))
    contents = [buffer.getvalue(), _tar(f"../../{witness.name}"), _tar("in", "/etc/passwd"), pickled]
    return dict(zip(NAMES, [*contents, b"\x89HDF\r\n\x1a\n" + pickled, pickled], strict=True))


def _preview(name: str, **headers: str) -> tuple[str, float]:
    """Return the page of a file of `data:v0` as alice sees it, and the CPU seconds that it took."""
    browser = Client()
    browser.force_login(User.objects.get(username="alice"))
    started = time.process_time()
    answer = browser.get(f"/ml/zoo/artifacts/dataset/data/v0/files?preview={name}")
    assert answer.status_code == 200
    shown = answer.content.decode().split('id="preview"')[1].split("</section>", maxsplit=1)[0]
    return shown, time.process_time() - started


def test_u19_a_file_that_wants_to_be_opened_is_kept_as_bytes(sdk: Sdk, tmp_path: Path) -> None:
    files = _dangerous(tmp_path / "witness")
    sdk.log("data", files)
    found = sdk.ask(FILE_URLS, entity="ml", project="zoo", collection="data", alias="latest", perPage=50)
    edges = found["project"]["artifactCollection"]["artifactMembership"]["files"]["edges"]
    assert {edge["node"]["name"]: sdk.get(edge["node"]["directUrl"]).content for edge in edges} == files
    for name in NAMES:
        shown, seconds = _preview(name)
        assert "preview" in shown
        assert seconds < 1
    assert not (tmp_path / "witness").exists()
    # the bytes once each, and the manifest: nothing was unpacked
    kept = [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
    assert len(kept) == len(set(files.values())) + 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (json.dumps({"columns": [f"c{i}" for i in range(10**6)], "data": []}), "larger than"),
        (json.dumps({"columns": [f"c{i}" for i in range(300_000)], "data": [[0] * 300_000]}), ""),
        ('{"columns": ["a"], "data": [[NaN], [Infinity]]}', ""),
        ('{"columns": ["a"], "data": [[' + "[" * 50_000 + "]" * 50_000 + "]]}", ""),
        ('{"columns": ["a"], "data": [[' + '{"a":' * 50_000 + "1" + "}" * 50_000 + "]]}", ""),
        ('{"columns": 5, "data": "x"}', ""),
        ('{"columns": ["a", "b"], "data": [[1], [1, 2, 3], 4, null, {}]}', ""),
        ('{"columns": ["<script>alert(1)</script>"], "data": [["<img src=x onerror=alert(1)>"]]}', "&lt;img"),
        ('{"columns": ["a"], "data": [[1' + "0" * 5000 + "]]}", ""),
        ("[]", ""),
        (" ", ""),
        ("\ufeff{}", ""),
    ],
    ids=[
        "U20-million-columns",
        "U20-wide",
        "U20-nan",
        "U20-deep-lists",
        "U20-deep-objects",
        "U20-wrong-types",
        "U20-ragged",
        "U20-html",
        "U20-huge-number",
        "U20-list",
        "U20-empty",
        "U20-bom",
    ],
)
def test_u20_a_table_that_is_none_is_refused_with_a_text(sdk: Sdk, content: str, told: str) -> None:
    sdk.log("data", {"t.table.json": content.encode()})
    shown, seconds = _preview("t.table.json")
    assert told in shown
    assert "<script" not in shown
    assert "<img src=x" not in shown
    assert seconds < 1


@pytest.mark.parametrize(
    "parts", [[0], [10_001], [1, 3], [1, 1], []], ids=["U21-0", "U21-10001", "U21-missing", "U21-twice", "U21-none"]
)
def test_u21_files_come_in_one_piece(sdk: Sdk, parts: list[int]) -> None:
    """No address for a part is ever handed out, whatever is asked; who completes one all the same hears why not."""
    draft = sdk.create("data", manifest_of({"a": b"a"}))["id"]
    asked = [{"partNumber": number, "hexMD5": "0" * 32} for number in parts]
    spec = {"artifactID": draft, "name": "a", "md5": base64_md5(b"a"), "uploadPartsInput": asked}
    node = sdk.ask(FILES, input={"artifactFiles": [spec], "storageLayout": "V2"})["createArtifactFiles"]["files"]
    assert node["edges"][0]["node"]["uploadMultipartUrls"] is None
    given = {"completeMultipartAction": "Complete", "completedParts": asked, "artifactID": draft, "hexMD5": "0" * 32}
    refusals = {sdk.refusal(COMPLETE, **given, storagePath="x", uploadID="none") for _ in range(2)}
    assert len(refusals) == 1
    status, message = refusals.pop()
    assert status == 400
    assert "one piece" in message
