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


@pytest.mark.slow
def test_what_is_many_is_paged_counted_and_filtered(script: Script, organization: str) -> None:
    outcome = script(
        PREPARE.replace("reading", "paging").replace("read-1", "page-1")
        + """
import itertools
with wandb.init(project="paging", id="page-2") as run:
    for name, kind in (("alpha", "dataset"), ("beta", "dataset"), ("net", "model")):
        artifact = wandb.Artifact(name, kind)
        with artifact.new_file("n.txt") as file: file.write(name)
        run.log_artifact(artifact).wait()
def names(found): return [one.name for one in found]
api = wandb.Api(overrides={"entity": "alice", "project": "paging"})
versions = api.artifacts("dataset", "series", per_page=1)
first = names(itertools.islice(versions, 2))
print(len(versions), first, names(api.artifacts("dataset", "series", per_page=1, start=versions.cursor)))
print(versions[2].name, names(versions[0:2]), names(api.artifacts("dataset", "series", order="+created_at"))[0])
print(names(api.artifact_types()), names(api.artifact_type("model").collections()))
kind = api.artifact_type("dataset")
print(len(kind.collections(per_page=1)), names(kind.collections(order="-name")))
print(names(kind.collections(filters={"name": {"$regex": "^a"}})), kind.collection("beta").name)
print(names(api.project("paging").collections(order="+name")))
print(api.artifact_collection_exists("series", "dataset"), api.artifact_collection_exists("series", "model"))
print(api.artifact_exists("series:latest", "dataset"), api.artifact_exists("nowhere/series:latest"))
print(sorted(api.artifact_collection("dataset", "series").aliases), len(api.run("page-1").logged_artifacts(per_page=1)))
print(names(api.run("page-2").logged_artifacts(per_page=1)), len(api.artifact("alpha:v0").files()))
wandb.Api().create_project("made", "alice")
print("made" in names(api.projects("alice", per_page=1)), api.project("paging", "alice").path)
def users(found): return [one.username for one in found]
print(api.viewer.username, api.default_entity, api.user("alice").name, users(api.users("alice")))
print(api.user("nobody at all"), users(api.team("lineage").members))
"""
    )
    assert outcome.refused() == []
    assert outcome.printed == [
        "3 ['series:v2', 'series:v1'] ['series:v0']",
        "series:v0 ['series:v2', 'series:v1'] series:v0",
        "['dataset', 'model'] ['net']",
        "3 ['series', 'beta', 'alpha']",
        "['alpha'] beta",
        "['alpha', 'beta', 'net', 'series']",
        "True False",
        "True False",
        "['latest'] 3",
        "['alpha:v0', 'beta:v0', 'net:v0'] 1",
        "True ['alice', 'paging']",
        "alice alice Alice Adams ['alice']",
        "None ['alice']",
    ]
