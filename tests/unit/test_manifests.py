"""Manifests and the paths in them, beyond what the protocol's tests send."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.core.errors import InvalidInput, TooLarge
from registry.core.manifests import (
    MAX_MANIFEST_VALUES,
    clean_path,
    parse_manifest,
    refuse_files_as_directories,
)


@pytest.mark.parametrize(
    "path",
    ["a", "a/b/c.txt", ".hidden", "...", "a b", "ü/日本", "%2e%2e%2f", "a..b", "~x", "a:b", "é" * 127, "x/" * 500],
)
def test_a_path_that_is_taken(path: str) -> None:
    path = path.rstrip("/")
    assert clean_path(path) == path


@given(st.text(max_size=60))
def test_a_clean_path_stays_inside_its_folder(path: str) -> None:
    try:
        clean_path(path)
    except InvalidInput:
        return
    assert not path.startswith("/")
    assert ".." not in path.split("/")
    assert "" not in path.split("/")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_manifest_or_refused(content: bytes) -> None:
    with pytest.raises(InvalidInput):
        parse_manifest(content)


def test_u8_a_file_is_no_folder() -> None:
    refuse_files_as_directories(["a/b", "ab", "a/bc", "b"])
    with pytest.raises(InvalidInput, match="'a/b' is a file"):
        refuse_files_as_directories(["a/b/c/d", "a/b"])


def test_what_the_core_leaks_is_dropped() -> None:
    digest = "1B2M2Y8AsgTpgAmY7PhCfg=="
    fields = {"digest": digest, "size": 0, "local_path": "/home/me", "skip_cache": True, "birthArtifactID": "x"}
    (entry,) = parse_manifest(json.dumps({"version": 1, "contents": {"a": fields}}).encode()).values()
    assert (entry.path, entry.digest, entry.size, entry.ref, entry.extra) == ("a", digest, 0, "", None)


def test_u11_more_values_than_any_manifest_has_are_refused_before_parsing() -> None:
    """Two bytes of JSON can become two hundred of memory."""
    content = b'{"version":1,"contents":{"a":{"extra":{"k":[' + b"[]," * (MAX_MANIFEST_VALUES // 2) + b"0]}}}}"
    with pytest.raises(TooLarge, match="values"):
        parse_manifest(content)
