"""Digests as the SDK writes them, compared with the SDK's own."""

import hashlib
from base64 import b64encode

import pytest
import wandb
from hypothesis import given
from hypothesis import strategies as st

from registry.core.digests import artifact_digest, md5_base64, md5_hex
from registry.core.errors import InvalidInput


def test_an_artifacts_digest_is_the_sdks() -> None:
    artifact = wandb.Artifact("data", type="dataset")
    for path, content in {"b/c.txt": "two", "a.txt": "one", "ü.txt": ""}.items():
        with artifact.new_file(path) as file:
            file.write(content)
    entries = [(path, entry.digest) for path, entry in artifact.manifest.entries.items()]
    assert artifact_digest(entries) == artifact.digest
    assert artifact_digest(reversed(entries)) == artifact.digest


@given(st.binary())
def test_md5_both_ways(content: bytes) -> None:
    digest = hashlib.md5(content)
    assert md5_hex(b64encode(digest.digest()).decode()) == digest.hexdigest()
    assert md5_hex(md5_base64(digest.hexdigest())) == digest.hexdigest()


@pytest.mark.parametrize("text", ["", "x", "YWJj", "AAAAAAAAAAAAAAAAAAAAAA", "!" * 24, "é" * 24, "A" * 25])
def test_u9_what_is_no_digest(text: str) -> None:
    with pytest.raises(InvalidInput):
        md5_hex(text)
