"""F11: the steps of saving a version in any order. What comes too early is refused, and repeating it ends alike."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.models import Alias, AuditEvent, CollectionMembership, Edge
from tests.protocol.conftest import BY_ID, COMMIT, CREATE, LINK, USE, Sdk, _own_blob_store, manifest_of, sdk

__all__ = ["_own_blob_store", "sdk"]
pytestmark = pytest.mark.django_db
FINAL = {400, 401, 403, 404, 409, 410, 413}
FILES = {"a": b"a", "sub/b": b"b"}
PATCH = {"c": b"c"}


def _steps(sdk: Sdk, draft: str, *, is_patched: bool) -> dict[str, Callable[[], int]]:
    """Return each step as something that sends it and returns its status."""
    manifest, patch = manifest_of(FILES), manifest_of(PATCH)
    use = {"entityName": "ml", "projectName": "zoo", "runName": "reader", "artifactID": draft}
    link = {"artifactID": draft, "artifactPortfolioName": "best", "entityName": "ml", "projectName": "zoo"}

    def files() -> int:
        contents = FILES | PATCH
        nodes = sdk.announce_files(draft, contents)
        for node, content in zip(nodes, contents.values(), strict=True):
            if node["uploadUrl"]:
                assert sdk.put(node["uploadUrl"], content).status_code == 200
        return 200

    steps: dict[str, Callable[[], int]] = {
        "announce": lambda: int(bool(sdk.announce_manifest(draft)["id"])) * 200,
        "manifest": lambda: sdk.upload_manifest(draft, manifest).status_code,
        "files": files,
        "commit": lambda: sdk.answer(COMMIT, artifactID=draft).status_code,
        "link": lambda: sdk.answer(LINK, input=link).status_code,
        "use": lambda: sdk.answer(USE, **use).status_code,
    }
    if is_patched:
        del steps["announce"]
        steps["manifest"] = lambda: sdk.upload_manifest(draft, manifest, "PATCH").status_code
        steps["patch"] = lambda: sdk.upload_manifest(draft, patch, "PATCH").status_code
    return steps


def _state(sdk: Sdk, draft: str) -> dict[str, Any]:
    version = sdk.ask(BY_ID, id=draft)["artifact"]
    return {
        "version": {name: version[name] for name in ("state", "versionIndex", "digest", "fileCount")},
        "aliases": sorted(Alias.objects.values_list("collection__name", "name")),
        "links": list(CollectionMembership.objects.values_list("collection__name", "version")),
        "edges": sorted(Edge.objects.values_list("run__uid", "direction", "aliases")),
        "events": sorted(AuditEvent.objects.values_list("action", "alias")),
    }


def _save(sdk: Sdk, order: list[str], *, is_patched: bool) -> dict[str, Any]:
    """Send the steps in that order, then once more what was refused, and return what is there in the end."""
    fields = {"runName": "writer"} | ({"distributedID": "d"} if is_patched else {})
    contents = manifest_of(FILES | PATCH if is_patched else FILES)
    given_input = sdk.create_input("data", contents, **fields)
    draft = str(sdk.ask(CREATE, input=given_input)["createArtifact"]["artifact"]["id"])
    steps = _steps(sdk, draft, is_patched=is_patched)
    waiting = [name for name in order if name in steps]
    for _ in range(3):
        statuses = {name: steps[name]() for name in waiting}
        assert set(statuses.values()) <= FINAL | {200}, statuses
        waiting = [name for name, status in statuses.items() if status != 200]
    assert waiting == []
    return _state(sdk, draft)


def test_f11_a_part_that_comes_after_the_commit_is_refused(sdk: Sdk) -> None:
    draft = str(sdk.create("data", manifest_of(FILES), distributedID="d")["id"])
    steps = _steps(sdk, draft, is_patched=True)
    assert [steps[name]() for name in ("files", "manifest", "commit", "patch")] == [200, 200, 200, 409]
    assert sdk.ask(BY_ID, id=draft)["artifact"]["fileCount"] == len(FILES)


@pytest.mark.parametrize("is_patched", [False, True], ids=["whole", "in-patches"])
def test_f11_the_steps_of_a_version_in_any_order_end_alike(sdk: Sdk, is_patched: bool) -> None:
    sdk.start_run("writer")
    sdk.start_run("reader")
    in_order = ["announce", "files", "manifest", "patch", "commit", "use", "link"]
    with transaction.atomic():
        expected = _save(sdk, in_order, is_patched=is_patched)
        transaction.set_rollback(True)

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.permutations(in_order))
    def any_order(order: list[str]) -> None:
        if is_patched:
            # who finishes a distributed save does so after all parts: one that comes later is refused for good
            order = [name for name in order if name != "commit"]
            order.insert(max(order.index("manifest"), order.index("patch")) + 1, "commit")
        with transaction.atomic():
            found = _save(sdk, order, is_patched=is_patched)
            transaction.set_rollback(True)
        assert found == expected

    any_order()
