"""Many at once: rows F10, F12 and F13. Real threads, real connections, on both databases."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from registry.core.viewer import Viewer
from registry.models import Action, Alias, Artifact, ArtifactCollection, AuditEvent, Edge, ManifestEntry, Project, Run
from registry.queries.sdk_projects import get_project
from registry.services import artifacts, manifests
from registry.services.aliases import set_alias
from registry.services.artifacts import NewArtifact, log_artifact
from registry.services.edges import record_input
from registry.services.links import link_version
from registry.services.manifests import commit_artifact
from registry.services.runs import RunChange, upsert_run
from tests.factories.saving import prepare_version, save_version

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = 50


@pytest.fixture(autouse=True)
def _own_blob_store(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def together() -> "Together":
    """Run the calls at the same moment, each on a connection of its own, and return what they return."""

    def run(calls: list[Callable[[], object]]) -> list[object]:
        barrier = threading.Barrier(len(calls))

        def one(call: Callable[[], object]) -> object:
            try:
                barrier.wait(timeout=30)
                return call()
            finally:
                connection.close()

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(one, calls))

    return run


Together = Callable[[list[Callable[[], object]]], list[object]]


def test_f13_numbers_have_no_gap_and_equal_content_is_one_version(
    together: Together, as_alice: Viewer, zoo: Project
) -> None:
    run, _ = upsert_run(viewer=as_alice, entity=zoo.entity, project_name="zoo", uid="r", change=RunChange())
    drafts = [prepare_version(as_alice, zoo, {"n": str(number % 20).encode()}, run=run) for number in range(COUNT)]
    results = together([lambda draft=draft: commit_artifact(viewer=as_alice, artifact=draft) for draft in drafts])
    committed = Artifact.objects.committed().order_by("version")
    assert list(committed.values_list("version", flat=True)) == list(range(20))
    assert {one.pk for one in results if isinstance(one, Artifact)} == set(committed.values_list("pk", flat=True))
    assert AuditEvent.objects.filter(action=Action.VERSION_ADDED).count() == 20
    assert ManifestEntry.objects.count() == 20
    assert Edge.objects.count() == 20
    assert Alias.objects.filter(name="latest").count() == 1


def test_f10_one_request_sent_many_times_makes_one_thing(together: Together, as_alice: Viewer, zoo: Project) -> None:
    new = NewArtifact(type_name="t", collection_name="c", digest="0" * 32, client_id="same", aliases=["latest"])
    calls: list[Callable[[], object]] = [
        lambda: log_artifact(viewer=as_alice, project=zoo, run=None, new=new).pk for _ in range(20)
    ]
    assert len(set(together(calls))) == 1
    assert Artifact.objects.count() == 1
    assert AuditEvent.objects.filter(action=Action.COLLECTION_CREATED).count() == 1


def test_f10_one_commit_sent_many_times_makes_one_version(together: Together, as_alice: Viewer, zoo: Project) -> None:
    draft = prepare_version(as_alice, zoo, {"a": b"a"})
    found = together([lambda: commit_artifact(viewer=as_alice, artifact=draft).version for _ in range(20)])
    assert set(found) == {0}
    assert AuditEvent.objects.filter(action=Action.VERSION_ADDED).count() == 1


def test_f10_a_run_its_project_and_its_job_type_are_made_once(
    together: Together, as_alice: Viewer, zoo: Project
) -> None:
    def start() -> object:
        change = RunChange(job_type="train")
        run, _ = upsert_run(viewer=as_alice, entity=zoo.entity, project_name="fresh", uid="r", change=change)
        return run.pk

    assert len(set(together([start] * 20))) == 1
    assert Project.objects.filter(name="fresh").count() == 1
    assert AuditEvent.objects.filter(action=Action.PROJECT_CREATED, object_label="fresh").count() == 1


def test_f12_an_alias_has_one_holder_and_the_log_replays_to_it(
    together: Together, as_alice: Viewer, zoo: Project
) -> None:
    versions = [save_version(as_alice, zoo, {"n": str(number).encode()}) for number in range(5)]
    collection = versions[0].collection
    calls: list[Callable[[], object]] = [
        lambda one=versions[number % 5]: set_alias(
            viewer=as_alice, collection=collection, artifact=one, name="production"
        )
        for number in range(COUNT)
    ]
    together(calls)
    holder = Alias.objects.get(collection=collection, name="production").artifact_id
    replayed: int | None = None
    events = AuditEvent.objects.filter(collection_id=collection.pk, alias="production").order_by("pk")
    for event in events:
        before = event.before["artifact"] if event.before else None
        assert before == replayed
        assert event.after is not None
        replayed = event.after["artifact"]
    assert replayed == holder


def test_f10_a_link_and_a_use_sent_many_times_are_one(together: Together, as_alice: Viewer, zoo: Project) -> None:
    artifact = save_version(as_alice, zoo, {"a": b"a"})
    run, _ = upsert_run(viewer=as_alice, entity=zoo.entity, project_name="zoo", uid="r", change=RunChange())
    registry = get_project(viewer=as_alice, entity_name="acme", name="wandb-registry-dataset")

    def link() -> object:
        return link_version(
            viewer=as_alice, artifact=artifact, project=registry, collection_name="best", aliases=["prod"]
        ).version

    def use() -> object:
        names = {"entity_name": "acme", "project_name": "wandb-registry-dataset"}
        return record_input(viewer=as_alice, run=run, artifact=artifact, **names).pk

    assert set(together([link] * 10)) == {0}
    assert len(set(together([use] * 10))) == 1
    assert Edge.objects.get().paths.count() == 1
    assert AuditEvent.objects.filter(action=Action.VERSION_ADDED, collection_id__isnull=False).count() == 2


def test_a_job_type_that_changes_while_inputs_are_recorded_leaves_no_edge_behind(
    together: Together, as_alice: Viewer, zoo: Project
) -> None:
    artifacts = [save_version(as_alice, zoo, {"a": str(number).encode()}) for number in range(10)]
    run, _ = upsert_run(viewer=as_alice, entity=zoo.entity, project_name="zoo", uid="r", change=RunChange())

    def retype() -> object:
        change = RunChange(job_type="train")
        return upsert_run(viewer=as_alice, entity=zoo.entity, project_name="zoo", uid="r", change=change)

    together([*[lambda one=one: record_input(viewer=as_alice, run=run, artifact=one) for one in artifacts], retype])
    group = Run.objects.get().group_id
    assert set(Edge.objects.values_list("run_group_id", flat=True)) == {group}


def test_a_run_that_logs_and_uses_versions_of_one_collection_at_once_never_deadlocks(
    together: Together, as_alice: Viewer, zoo: Project
) -> None:
    run, _ = upsert_run(viewer=as_alice, entity=zoo.entity, project_name="zoo", uid="r", change=RunChange())
    used = [save_version(as_alice, zoo, {"a": f"used {number}".encode()}) for number in range(10)]
    drafts = [prepare_version(as_alice, zoo, {"a": f"new {number}".encode()}, run=run) for number in range(10)]
    together(
        [
            *[lambda one=one: record_input(viewer=as_alice, run=run, artifact=one) for one in used],
            *[lambda one=one: commit_artifact(viewer=as_alice, artifact=one) for one in drafts],
        ]
    )
    assert Edge.objects.filter(run=run).count() == 20


def test_drafts_of_one_run_that_refer_to_each_other_never_deadlock(
    together: Together, as_alice: Viewer, zoo: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _ = upsert_run(viewer=as_alice, entity=zoo.entity, project_name="zoo", uid="r", change=RunChange())
    drafts = [
        prepare_version(as_alice, zoo, {"a": str(number).encode()}, name=f"data{number}", run=run)
        for number in range(16)
    ]
    # every second one refers to the one before it, which is being committed at the same moment
    targets = {source.pk: [target.pk] for target, source in zip(drafts[::2], drafts[1::2], strict=True)}
    monkeypatch.setattr(manifests, "_targets", lambda _viewer, one, _entries: targets.get(one.pk, []))
    together([lambda one=one: commit_artifact(viewer=as_alice, artifact=one) for one in drafts])
    assert Edge.objects.filter(run=run).count() == 16


def test_a_run_that_begins_and_commits_versions_of_one_collection_at_once_never_deadlocks(
    together: Together, as_alice: Viewer, zoo: Project
) -> None:
    run, _ = upsert_run(viewer=as_alice, entity=zoo.entity, project_name="zoo", uid="r", change=RunChange())
    drafts = [prepare_version(as_alice, zoo, {"a": str(number).encode()}, name="data", run=run) for number in range(8)]
    new = [NewArtifact(type_name="dataset", collection_name="data", digest=f"{number:032}") for number in range(8)]
    together(
        [
            *[lambda one=one: commit_artifact(viewer=as_alice, artifact=one) for one in drafts],
            *[lambda one=one: log_artifact(viewer=as_alice, project=zoo, run=run, new=one) for one in new],
        ]
    )
    assert Edge.objects.filter(run=run).count() == 8


def test_a_run_that_joins_a_distributed_save_while_it_is_committed_never_deadlocks(
    together: Together, as_alice: Viewer, zoo: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (
        upsert_run(viewer=as_alice, entity=zoo.entity, project_name="zoo", uid=uid, change=RunChange())[0]
        for uid in ("r1", "r2")
    )
    draft = prepare_version(as_alice, zoo, {"a": b"a"}, name="data", run=first)
    Artifact.objects.filter(pk=draft.pk).update(distributed_id="d")
    new = NewArtifact(type_name="dataset", collection_name="data", digest=draft.digest, distributed_id="d")
    log_artifact(viewer=as_alice, project=zoo, run=second, new=new)
    # the second run holds its lock until the commit, which has not heard of it, holds the collection's
    is_committing = threading.Event()
    lock_runs, lock_collection = artifacts.lock_runs, manifests.lock_collection

    def lock_runs_and_wait(ids: list[int]) -> list[Run]:
        locked = lock_runs(ids)
        is_committing.wait(1)
        return locked

    def lock_collection_and_tell(collection: ArtifactCollection) -> ArtifactCollection:
        locked = lock_collection(collection)
        is_committing.set()
        time.sleep(0.2)
        return locked

    monkeypatch.setattr(artifacts, "lock_runs", lock_runs_and_wait)
    monkeypatch.setattr(manifests, "lock_collection", lock_collection_and_tell)
    together(
        [
            lambda: log_artifact(viewer=as_alice, project=zoo, run=second, new=new),
            lambda: commit_artifact(viewer=as_alice, artifact=draft),
        ]
    )
    assert sorted(Edge.objects.filter(artifact=draft).values_list("run__uid", flat=True)) == ["r1", "r2"]
