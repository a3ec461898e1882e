"""Reading and editing through `wandb.Api()`."""

import pytest

from tests.sdk.conftest import Script

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]

PREPARE = """
import pathlib, wandb
pathlib.Path("f.txt").write_text("x")
with wandb.init(project="reading", id="read-1", job_type="train", settings=wandb.Settings(silent=True)) as run:
    for number in range(3):
        artifact = wandb.Artifact("series", type="dataset")
        with artifact.new_file("n.txt") as file: file.write(str(number))
        run.log_artifact(artifact).wait()
    for step in range(3):
        run.log({"loss": step})
api = wandb.Api()
"""


def test_lists(script: Script) -> None:
    outcome = script(
        PREPARE
        + """
print([(one.name, one.aliases) for one in api.artifacts("dataset", "alice/reading/series")])
print([one.name for one in api.artifacts("dataset", "alice/reading/series", order="+version_index", per_page=1)])
print([one.name for one in api.artifact_types("alice/reading")])
print([one.name for one in api.artifact_collections("alice/reading", "dataset")])
print([(one.id, one.state, one.job_type) for one in api.runs("alice/reading", filters={"state": "finished"})])
print([row["loss"] for row in api.run("alice/reading/read-1").scan_history()])
print([row["loss"] for row in api.run("alice/reading/read-1").history(keys=["loss"], pandas=False)])
print("wandb-metadata.json" in [one.name for one in api.run("alice/reading/read-1").files()])
print(api.run("alice/reading/read-1").file("wandb-metadata.json").download(root="out").name)
print(api.artifact_exists("alice/reading/series:v1"), api.artifact_exists("alice/reading/series:v9"))
print("reading" in [one.name for one in api.projects("alice")], api.viewer.username, api.default_entity)
"""
    )
    assert outcome.printed == [
        "[('series:v2', ['latest']), ('series:v1', []), ('series:v0', [])]",
        "['series:v0', 'series:v1', 'series:v2']",
        "['dataset']",
        "['series']",
        "[('read-1', 'finished', 'train')]",
        "[0, 1, 2]",
        "[0, 1, 2]",
        "True",
        "out/wandb-metadata.json",
        "True False",
        "True alice alice",
    ]
    assert outcome.refused() == []


def test_edits(script: Script) -> None:
    outcome = script(
        PREPARE.replace("reading", "editing").replace("read-1", "edit-1")
        + """
one = api.artifact("alice/editing/series:v1")
one.description = "described"; one.metadata["k"] = 1; one.aliases.append("edited"); one.tags = ["tag one"]
one.save()
same = wandb.Api().artifact("alice/editing/series:edited")
print(same.version, same.description, same.metadata, same.aliases, same.tags)
same.aliases.remove("edited"); same.save()
print(wandb.Api().artifact("alice/editing/series:v1").aliases)
collection = api.artifact_collection("dataset", "alice/editing/series")
collection.description = "a series"; collection.name = "renamed"; collection.tags = ["good"]
collection.save()
print(api.artifact_collection("dataset", "alice/editing/renamed").description)
newest = wandb.Api().artifact("alice/editing/renamed:latest")
newest.aliases.append("kept"); newest.save()
try: newest.delete()
except Exception as error: print(error)
newest.delete(delete_aliases=True)
print(wandb.Api().artifact("alice/editing/renamed:latest").version)
"""
    )
    assert outcome.printed == [
        "v1 described {'k': 1} ['edited'] ['tag one']",
        "[]",
        "a series",
        "The version has the aliases kept: remove them first, or delete it with delete_aliases=True.",
        "v1",
    ]
    assert outcome.refused() == [("POST /graphql DeleteArtifact", "409")]
