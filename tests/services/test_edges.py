"""Edges between runs and versions, and the files of a large version."""

import time
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from pytest_django import Settings

from registry.core.errors import Forbidden, InvalidInput, NotFound
from registry.core.viewer import Viewer
from registry.models import Edge, ManifestEntry, Project, Run
from registry.services import edges
from registry.services.edges import record_input, record_output
from registry.services.manifests import commit_artifact
from registry.services.runs import RunChange, upsert_run
from tests.factories import make_run, make_version
from tests.factories.saving import prepare_version, save_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_blob_store(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def run(as_alice: Viewer, zoo: Project) -> Run:
    made, _ = upsert_run(viewer=as_alice, entity=zoo.entity, project_name="zoo", uid="r1", change=RunChange())
    return made


def test_gra_10_a_run_may_use_and_log_one_version_once_each(as_alice: Viewer, zoo: Project, run: Run) -> None:
    artifact = save_version(as_alice, zoo, {"a": b"a"})
    for _ in range(2):
        record_input(viewer=as_alice, run=run, artifact=artifact)
        record_output(viewer=as_alice, run=run, artifact=artifact)
    assert sorted(Edge.objects.values_list("direction", flat=True)) == [Edge.Direction.USED, Edge.Direction.LOGGED]


def test_a_run_has_a_limit_of_inputs_and_says_so(
    as_alice: Viewer, zoo: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edges, "MAX_EDGES_OF_RUN", 2)
    artifacts = [save_version(as_alice, zoo, {"a": str(number).encode()}) for number in range(3)]
    for artifact in artifacts[:2]:
        record_input(viewer=as_alice, run=run, artifact=artifact)
    with pytest.raises(InvalidInput, match="'r1' already uses 2 artifact versions, which is the limit"):
        record_input(viewer=as_alice, run=run, artifact=artifacts[2])
    record_input(viewer=as_alice, run=run, artifact=artifacts[0])
    record_output(viewer=as_alice, run=run, artifact=artifacts[2])


def test_a_draft_and_a_deleted_version_cannot_be_used(as_alice: Viewer, zoo: Project, run: Run) -> None:
    draft = prepare_version(as_alice, zoo, {"a": b"a"})
    with pytest.raises(NotFound):
        record_input(viewer=as_alice, run=run, artifact=draft)


def test_only_who_writes_to_the_runs_project_records(
    as_alice: Viewer, as_charlie: Viewer, zoo: Project, run: Run
) -> None:
    artifact = save_version(as_alice, zoo, {"a": b"a"})
    with pytest.raises(Forbidden):
        record_input(viewer=as_charlie, run=run, artifact=artifact)
    assert Edge.objects.count() == 0


def test_a_version_of_ten_thousand_files_is_committed_in_time(as_alice: Viewer, zoo: Project) -> None:
    # the same byte under many names: it is the rows that count
    draft = prepare_version(as_alice, zoo, {f"part/{number % 100}/{number}.bin": b"x" for number in range(10_000)})
    started = time.monotonic()
    committed = commit_artifact(viewer=as_alice, artifact=draft)
    assert time.monotonic() - started < 10
    assert (committed.file_count, committed.size_bytes) == (10_000, 10_000)
    assert ManifestEntry.objects.filter(artifact=committed).count() == 10_000


def test_a_path_keeps_its_project_through_a_rename_and_older_ones_find_theirs(as_alice: Viewer, zoo: Project) -> None:
    """Issue C: the path (source or registry) by which an input was named."""
    edge = record_input(
        viewer=as_alice, run=make_run(zoo), artifact=make_version(zoo), entity_name="ML", project_name="Zoo"
    )
    path = edge.paths.get()
    assert (path.entity_name, path.project_name, path.project_id) == ("ML", "Zoo", zoo.pk)
    edge.paths.update(project=None)
    edge.paths.create(entity_name="ml", project_name="gone")
    import_module("registry.migrations.0006_use_path_projects").fill(apps, None)
    assert list(edge.paths.order_by("pk").values_list("project_id", flat=True)) == [zoo.pk, None]
