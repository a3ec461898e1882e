"""The demo holds what a reader of lineage meets, and recording it twice changes nothing."""

from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from registry.core.viewer import Viewer
from registry.models import Alias, Artifact, AuditEvent, Edge, Run, UsePath
from registry.services import accounts

USED, LOGGED = Edge.Direction.USED, Edge.Direction.LOGGED


@pytest.fixture
def demo(db: None) -> None:
    accounts.create_user(viewer=Viewer.system(), username="admin", is_admin=True)
    call_command("demo", stdout=StringIO())


def version(name: str, number: int = 0) -> Artifact:
    return Artifact.objects.get(collection__name=name, collection__kind="sequence", version=number)


def readers(name: str, number: int = 0) -> list[Run]:
    return list(Run.objects.filter(edges__artifact=version(name, number), edges__direction=USED))


def producers(name: str, number: int = 0) -> list[Run]:
    return list(Run.objects.filter(edges__artifact=version(name, number), edges__direction=LOGGED))


def test_the_demo_holds_what_a_reader_of_lineage_meets(demo: None) -> None:
    assert {run.job_type for run in (r.group for r in producers("split_zoo_dataset"))} == {"split"}
    assert len(producers("split_zoo_dataset")) == 2
    assert len(readers("night_shots")) == 4
    assert len(readers("field_test")) == 5
    assert Counter(run.group.job_type for run in readers("split_zoo_dataset")) == {"train": 24, "finetune": 6}
    assert len(producers("zoo_labels")) == 2, "a version that was logged again"
    assert set(producers("zoo_images_raw", 3)) & set(readers("zoo_images_raw", 3)), "a run that uses what it logs"
    assert {edge.run.project.name for edge in version("camera_dump", 1).edges.filter(direction=USED)} == {"zoo"}
    assert [run.state for run in readers("split_zoo_dataset")].count("running") == 1
    assert version("zoo_images_raw", 0).is_deleted
    assert Alias.objects.get(name="latest", collection__name="zoo_labels").artifact == version("zoo_labels", 0)


def test_production_moved_to_the_model_in_the_registry(demo: None) -> None:
    production = Alias.objects.get(name="production")
    assert production.artifact == version("zoo-qne08r7u")
    assert production.collection.project.is_registry
    moved = AuditEvent.objects.get(action="alias.moved", alias="production")
    assert moved.actor_label == "jo-mara"
    assert (moved.before, moved.after) == (
        {"version": 0, "artifact": version("zoo-sweep", 3).pk},
        {"version": 2, "artifact": version("zoo-qne08r7u").pk},
    )


def test_inputs_are_named_by_their_project_or_by_the_registry(demo: None) -> None:
    paths = {path.edge.run.name: path.project_name for path in UsePath.objects.select_related("edge__run")}
    assert paths["gentle-rollout-1"] == "wandb-registry-Model"
    assert paths["glamorous-planet-41"] == "zoo"
    assert not Edge.objects.filter(direction=USED, paths=None).exists()


def test_everything_happened_in_the_past_in_the_right_order(demo: None) -> None:
    for edge in Edge.objects.select_related("run", "artifact"):
        if edge.direction == USED:
            assert edge.artifact.created_at <= edge.created_at
        assert edge.run.created_at <= edge.created_at


def test_recording_it_again_changes_nothing(demo: None) -> None:
    def counts() -> dict[str, Any]:
        return {model.__name__: model.objects.count() for model in (Run, Artifact, Edge, AuditEvent)}

    before = counts()
    call_command("demo", stdout=StringIO())
    assert counts() == before
