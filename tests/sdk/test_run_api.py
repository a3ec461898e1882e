"""Runs, collections and media through the public API, as scripts of users do it."""

import pytest

from tests.sdk.conftest import Script

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]

PREPARE = """
import pathlib, wandb
pathlib.Path("f.txt").write_text("x")
def saved(run, name, text, kind="dataset"):
    artifact = wandb.Artifact(name, kind)
    with artifact.new_file("n.txt") as file: file.write(text)
    return run.log_artifact(artifact).wait()
"""


def test_runs_are_filtered_ordered_paged_and_deleted(script: Script) -> None:
    outcome = script(
        PREPARE
        + """
for number in range(3):
    with wandb.init(project="many", id=f"m{number}", job_type="train" if number else "make", tags=[f"t{number}"],
                    config={"lr": number / 10}, group="g") as run:
        run.log({"loss": 3 - number})
        saved(run, f"out{number}", "x")
def runs(*filters, **given): return [one.id for one in wandb.Api().runs("many", *filters, **given)]
print(runs({"config.lr": {"$gte": 0.1}}), runs({"tags": "t0"}))
print(runs({"$or": [{"jobType": "make"}, {"config.lr": 0.2}]}))
print(runs({"summary_metrics.loss": {"$lt": 3}}, order="-summary_metrics.loss"), runs(order="-created_at", per_page=1))
listed = wandb.Api().runs("many", per_page=2)
print(len(listed), listed[2].id, [one.id for one in listed[0:2]])
try: runs({"secret": 1})
except Exception as error: print("is not served" in str(error))
run = wandb.Api().run("many/m0")
run.upload_file("f.txt")
print([one.name for one in run.files(pattern="%.txt")])
run.file("f.txt").delete()
print([one.name for one in wandb.Api().run("many/m0").files(["f.txt"])])
run.delete()
wandb.Api().run("many/m1").delete(delete_artifacts=True)
print(runs(), [wandb.Api().artifact_exists(f"many/out{number}:v0") for number in range(2)])
"""
    )
    assert outcome.printed == [
        "['m1', 'm2'] ['m0']",
        "['m0', 'm2']",
        "['m1', 'm2'] ['m2', 'm1', 'm0']",
        "3 m2 ['m0', 'm1']",
        "True",
        "['f.txt', 'requirements.txt']",
        "[]",
        "['m2'] [True, False]",
    ]
    assert outcome.refused() == [("POST /graphql Runs", "400")]


def test_collections_are_retyped_and_deleted(script: Script) -> None:
    outcome = script(
        PREPARE
        + """
with wandb.init(project="shelf") as run:
    for name in ("a", "b"): one = saved(run, name, name)
    run.link_artifact(one, "links")
api = wandb.Api()
print([one.name for one in api.artifact_collections("shelf", "dataset", order="-name")])
one = api.artifact_collection("dataset", "shelf/a"); one.type = "model"; one.save()
print(wandb.Api().artifact_collection("model", "shelf/a").type, wandb.Api().artifact("shelf/a:v0").type)
one.delete()
wandb.Api().artifact_collection("dataset", "shelf/links").delete()
print([one.name for one in wandb.Api().artifact_collections("shelf", "dataset")])
print(wandb.Api().artifact_collection_exists("shelf/a", "model"), wandb.Api().artifact("shelf/b:v0").linked_artifacts)
"""
    )
    assert outcome.printed == ["['links', 'b', 'a']", "model model", "['b']", "False []"]
    assert outcome.refused() == []


def test_tables_references_models_and_code_come_back(script: Script) -> None:
    outcome = script(
        PREPARE
        + """
import datetime
with wandb.init(project="media", id="media-1") as run:
    base = wandb.Artifact("base", "dataset"); base.add(wandb.Table(columns=["q"], data=[[1], [2]]), "tab")
    base.ttl = datetime.timedelta(days=3)
    run.log_artifact(base)
    view = wandb.Artifact("view", "dataset"); view.add(wandb.Html("<b>x</b>"), "h")
    view.add_reference("http://example.invalid/x", "web", checksum=False)
    view.add_reference(pathlib.Path("f.txt").resolve().as_uri(), "local")
    run.log_artifact(view).wait()
    run.log({"shown": wandb.Table(columns=["a"], data=[[7]])})
    pathlib.Path("train.py").write_text("print(1)")
    run.log_code(".").wait()
    run.log_model("f.txt", name="net", aliases=["best"])
    run.link_model("f.txt", registered_model_name="reg", name="net2")
    run.config.ds = run.use_artifact("base:latest")
with wandb.init(project="media", id="media-2") as run:
    models = [run.use_model(name) for name in ("net:best", "model-registry/reg:latest")]
    print(*(pathlib.Path(path).read_text() for path in models))
    print(run.use_artifact("run-media-1-shown:v0").get("shown").data, run.use_artifact("base:v0").get("tab").data)
view = wandb.Api().artifact("media/view:v0")
print(view.get_entry("web").ref, pathlib.Path(view.get_entry("local").download()).read_text())
print(view.download(root="only", path_prefix="local") and sorted(path.name for path in pathlib.Path("only").glob("*")))
base = wandb.Api().artifact("media/base:v0")
print(base.ttl, base.checkout("out") and base.verify("out"))
print(sorted(one.type for one in wandb.Api().run("media/media-1").logged_artifacts()))
print(sorted(one.name for one in wandb.Api().run("media/media-2").used_artifacts()))
"""
    )
    assert outcome.printed[:2] == ["x x", "[[7]] [[1], [2]]"]
    assert outcome.printed[2] == "http://example.invalid/x x"
    assert outcome.printed[4] == "3 days, 0:00:00 None"
    assert outcome.printed[5] == "['code', 'dataset', 'dataset', 'model', 'model', 'run_table']"
    assert outcome.printed[6] == "['base:v0', 'net2:v0', 'net:v0', 'run-media-1-shown:v0']"
    assert outcome.refused() == []
