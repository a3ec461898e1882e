"""The example that the README tells people to run, from the script to the database and the bytes."""

from importlib import import_module
from pathlib import Path

import pytest

from tests.sdk.conftest import Outcome
from tests.server import ROOT, LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]


def test_the_example_prints_where_its_lineage_is(animals: Outcome, site: LiveServer) -> None:
    assert f"Lineage: {site.url}/alice/animals/artifacts/model/zoo-" in animals.output


def test_nothing_was_refused_and_nothing_retried(animals: Outcome) -> None:
    assert animals.refused() == []
    commits = [one for one in animals.requests if one["operation"] == "CommitArtifact"]
    assert len(commits) == 1 + 1 + 6 + 1  # raw data, one split for two runs, six models, the report


def test_both_splits_are_producers_of_one_version(animals: Outcome, site: LiveServer) -> None:
    answer = site.query(
        """
edges = Edge.objects.filter(artifact__collection__name="split_zoo_dataset", artifact__version=0)
answer = {
    "versions": Artifact.objects.filter(collection__name="split_zoo_dataset").count(),
    "logged": sorted(edges.filter(direction=1).values_list("run__name", flat=True)),
    "used": sorted(edges.filter(direction=0).values_list("run__group__job_type", flat=True)),
    "held": edges.filter(direction=0).first().aliases,
}
"""
    )
    assert answer == {
        "versions": 1,
        "logged": ["split-zoo-1", "split-zoo-2"],
        "used": ["evaluation", *["training"] * 6],
        "held": ["latest"],
    }


def test_the_best_model_is_in_production(animals: Outcome, site: LiveServer) -> None:
    answer = site.query(
        """
alias = Alias.objects.select_related("collection__project__entity").get(name="production")
answer = [alias.collection.project.entity.kind, alias.collection.project.name, alias.collection.name,
    alias.artifact.metadata["accuracy"], alias.artifact.collection.project.name,
    list(AuditEvent.objects.filter(collection_id=alias.collection_id).order_by("id").values_list("action", flat=True))]
"""
    )
    assert answer == [
        "organisation",
        "wandb-registry-Model",
        "Zoo classifier",
        0.85,
        "animals",
        ["collection.created", "version.added", "alias.added", "alias.added"],
    ]


def test_runs_ended_and_keep_what_they_measured(animals: Outcome, site: LiveServer) -> None:
    answer = site.query(
        """
runs = Run.objects.filter(project__name="animals")
one = runs.filter(group__job_type="training").order_by("pk").first()
answer = {
    "states": sorted(set(runs.values_list("state", flat=True))),
    "job_types": sorted(runs.values_list("group__job_type", flat=True)),
    "config": {key: value["value"] for key, value in one.config.items() if key != "_wandb"},
    "accuracy": one.summary["accuracy"],
    "steps": one.stream_lines.filter(stream="history").count(),
    "files": sorted(one.files.filter(blob__isnull=False).values_list("name", flat=True)),
    "author": one.created_by.username,
}
"""
    )
    assert answer["states"] == ["finished"]
    assert answer["job_types"] == ["collect", "evaluation", "split", "split", *["training"] * 6]
    assert answer["config"] == {"learning_rate": 0.1, "layers": 2, "seed": 0}
    assert answer["accuracy"] == pytest.approx(0.8)
    assert answer["steps"] == 5
    assert "wandb-metadata.json" in answer["files"]
    assert answer["author"] == "alice"


def test_the_stored_bytes_are_those_of_the_script(
    animals: Outcome, site: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT / "examples")
    import_module("animals").write_rows(tmp_path / "train.jsonl", seed=2, count=320)
    digest = site.query(
        "entry = ManifestEntry.objects.get(path='train.jsonl', artifact__collection__project__name='animals')\n"
        "answer = entry.blob.sha256"
    )
    stored = site.data_dir / "blobs" / str(digest)[:2] / str(digest)
    assert stored.read_bytes() == (tmp_path / "train.jsonl").read_bytes()
