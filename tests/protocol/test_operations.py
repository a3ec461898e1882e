"""Every operation of the installed SDK is served or refused as docs/protocol.md says; none is forgotten."""

import re
from pathlib import Path

import pytest

from tests.protocol.sdk_operations import VERSION, operations, treatment

DOCUMENTED = (Path(__file__).parent.parent.parent / "docs" / "protocol.md").read_text(encoding="utf-8")


def _documented() -> dict[str, str]:
    rows = re.findall(r"^\| `(\w+)` \| (served|in part|refused) \|", DOCUMENTED, re.MULTILINE)
    assert len(dict(rows)) == len(rows), "an operation is listed twice"
    return dict(rows)


@pytest.mark.parametrize("name", sorted(operations()))
def test_the_operation_is_treated_as_documented(name: str) -> None:
    assert _documented().get(name) == treatment(name)


def test_no_operation_is_documented_that_the_sdk_does_not_have() -> None:
    assert set(_documented()) - set(operations()) == set()


def test_the_version_that_was_tried_is_documented() -> None:
    assert f"wandb {VERSION}" in DOCUMENTED
    # the three places that hold operations were all found
    assert {"AddAliases", "RunFiles", "UpsertBucket", "CommitArtifact"} <= set(operations())
