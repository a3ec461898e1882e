"""What a run may be told: resume, groups, notes, saved files, history, config with artifacts, code, models."""

import re

import pytest

from tests.sdk.conftest import Script
from tests.sdk.pages import Pages
from tests.server import LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]

PREPARE = """
import pathlib, wandb
def told(call):
    try: return call()
    except Exception as error: return f"{type(error).__name__} {error}"
def artifact(name, text, kind="dataset"):
    one = wandb.Artifact(name, kind)
    with one.new_file("n.txt") as file: file.write(text)
    return one
"""


def test_resume_must_allow_never_and_auto(script: Script, pages: Pages, site: LiveServer) -> None:
    outcome = script(
        PREPARE
        + """
def run(uid, resume=None, number=0, **given):
    with wandb.init(project="again", id=uid, name="again", resume=resume, **given) as run:
        print(run.id, run.resumed, run.starting_step, dict(sorted(run.config.items())), run.summary.get("x"))
        run.log({"x": number})
        if number: run.log_artifact(artifact("data", str(number)))
        return run.id
run("one", "allow", 1, config={"lr": 0.1}, tags=["first"])
run("one", "allow", 2, config={"more": 2})
run("one", "must", 3)
print("RESULT", "already exists" in told(lambda: run("one", "never", 4)))
print("RESULT", "(none" in told(lambda: run("none", "must", 4)))
run("new", "never", 5)
auto = run(None, "auto", 6)
print("RESULT", run(None, "auto", 7) != auto)
"""
    )
    assert [line for line in outcome.printed if not line.startswith("RESULT")][:3] == [
        "one False 0 {'lr': 0.1} None",
        "one True 1 {'lr': 0.1, 'more': 2} 1",
        "one True 2 {'lr': 0.1, 'more': 2} 2",
    ]
    assert [line for line in outcome.printed if line.startswith("RESULT")] == ["RESULT True"] * 3
    assert site.query(
        "run = Run.objects.get(uid='one', project__name='again')\n"
        "answer = [run.state, run.tags, run.stream_lines.filter(stream='history').count(), run.edges.count()]"
    ) == ["finished", ["first"], 3, 3]
    shown = pages.main("/alice/again/runs/one")
    assert all(f"data:v{number}" in shown.replace(" ", "") for number in range(3))


@pytest.mark.slow
def test_a_crashed_run_goes_on_by_resume_auto(script: Script) -> None:
    source = (
        PREPARE
        + """
import os, sys
run = wandb.init(project="crashing", resume="auto", settings=wandb.Settings(silent=True))
print(run.resumed, run.id, flush=True)
run.log({"x": 1})
if not run.resumed: os._exit(9)
"""
    )
    first = script(source, code=9).printed[0].split()
    second = script(source).printed[0].split()
    assert (first[0], second[0]) == ("False", "True")
    assert first[1] == second[1]


SAVES = (
    PREPARE
    + """
pathlib.Path("d/sub").mkdir(parents=True)
pathlib.Path("d/a.txt").write_text("a"); pathlib.Path("d/sub/b.txt").write_text("b")
with wandb.init(project="saved", id="one", name="one", group="all", job_type="train", tags=["t1"], notes="*note*",
                config={"lr": 0.1, "deep": {"x": [1]}}) as run:
    run.save("d/a.txt", policy="now"); run.save("d/sub/*.txt", base_path="d", policy="end")
    for step in range(30): run.log({"loss": 30 - step, "even" if step % 2 == 0 else "odd": step})
    run.summary["best"] = {"loss": 1}
    run.tags += ("t2",); run.notes = "changed"; run.name = "renamed"
    run.config.update({"lr": 0.2}, allow_val_change=True)
for number in (2, 3):
    with wandb.init(project="saved", id=f"run-{number}", group="all", config={"lr": number}) as run:
        run.log({"loss": number})
api = wandb.Api()
run = api.run("saved/one")
print(run.name, run.group, run.job_type, run.tags, run.notes, run.state, run.config["lr"], run.config["deep"])
print(run.summary["loss"], run.summary["best"]["loss"], run.lastHistoryStep, end=" ")
print(run.metadata["program"][-9:], run.user.username)
print(len(list(run.scan_history())), [row["odd"] for row in run.scan_history(keys=["odd"], page_size=7)][:3])
print([row["_step"] for row in run.scan_history(min_step=10, max_step=13)])
print(len(run.history(samples=10, pandas=False)), len(run.history(keys=["loss", "even"], pandas=False)))
files = sorted(file.name for file in run.files() if file.name.endswith(".txt"))
print(files, run.file("d/a.txt").download("out").read(), run.file("sub/b.txt").size, len(list(run.files(["d/a.txt"]))))
print(wandb.restore("sub/b.txt", run_path="alice/saved/one", root="restored").read())
run.name = "third name"; run.tags = ["only"]; run.notes = "edited"; run.group = "some"
run.config["more"] = 1; run.update()
again = wandb.Api().run("saved/one")
print(again.name, again.tags, again.notes, again.config["more"], again.config["lr"], again.group)
def runs(*words, **given): return [one.id for one in api.runs("saved", *words, **given)]
print(runs(order="+config.lr"), runs({"group": "all"}))
print(len(api.runs("saved", {"$and": [{"config.lr": {"$gt": 1}}, {"state": "finished"}]})), end=" ")
print(runs({"display_name": {"$regex": "^third"}}))
made = api.create_run(project="saved", run_id="made")
print(made.id, made.state)
made.delete()
print("Could not find run" in told(lambda: wandb.Api().run("saved/made")), len(wandb.Api().runs("saved")))
"""
)


@pytest.mark.slow
def test_what_a_run_saves_and_logs_is_read_back(script: Script, pages: Pages) -> None:
    outcome = script(SAVES)
    assert outcome.refused() == []
    assert outcome.printed == [
        "renamed all train ['t1', 't2'] changed finished 0.2 {'x': [1]}",
        "1 1 29 script.py alice",
        "30 [1, 3, 5]",
        "[10, 11, 12]",
        "10 15",
        "['d/a.txt', 'requirements.txt', 'sub/b.txt'] a 1 1",
        "b",
        "third name ['only'] edited 1 0.2 some",
        "['one', 'run-2', 'run-3'] ['run-2', 'run-3']",
        "2 ['one']",
        "made running",
        "True 3",
    ]
    shown = pages.details("/alice/saved/runs/one")
    assert (shown["Group"], shown["Tags"], shown["Job type"]) == ("some", "only", "train")
    page = pages.main("/alice/saved/runs/one")
    assert all(words in page for words in ("third name", "edited", "0.2", "loss"))


WIRES = (
    PREPARE
    + """
with wandb.init(project="wires", id="base", name="base") as run:
    for number in range(2): one = run.log_artifact(artifact("data", str(number))).wait()
    other = run.log_artifact(artifact("other", "other")).wait()
    pathlib.Path("net.pt").write_text("net")
    run.log_model("net.pt", name="net", aliases=["best"])
    run.link_model("net.pt", registered_model_name="Served", name="net2", aliases=["live"])
first = wandb.Api().artifact("wires/data:v0")
with wandb.init(project="wires", id="user", name="user", save_code=True, config={"from": first}) as run:
    run.config["now"] = wandb.Api().artifact("wires/other:latest")
    print(run.config["from"].version)
    print(*(pathlib.Path(run.use_model(name)).read_text() for name in ("net:best", "model-registry/Served:live")))
    pathlib.Path("code").mkdir(); pathlib.Path("code/train.py").write_text("print(1)")
    code = run.log_code("code", name="my code"); print(code.wait().type, sorted(code.manifest.entries))
    run.log({"shown": wandb.Table(columns=["a"], data=[[1]])})
    run.log({"shown": wandb.Table(columns=["a"], data=[[2]])})
named = "wandb-artifact://alice/wires/data:latest"
with wandb.init(project="wires", id="next", name="next", config={"by name": named}) as run:
    print(run.use_artifact("run-user-shown:v1").get("shown").data)
    print(run.use_artifact(code.name).type)
run = wandb.Api().run("wires/user")
print(sorted((one.type, one.name) for one in run.logged_artifacts()))
def used(name): return sorted(one.name for one in wandb.Api().run(name).used_artifacts())
print(used("wires/user"), used("wires/next"))
print(run.config["from"]["_type"], run.config["from"]["sequenceName"], run.config["from"]["version"])
print("save_code" in run.file("code/script.py").download("kept").read())
"""
)


def test_artifacts_in_config_code_tables_and_models_are_lineage(script: Script, pages: Pages, site: LiveServer) -> None:
    outcome = script(WIRES)
    assert outcome.refused() == []
    assert outcome.printed[:5] == ["v0", "net net", "code ['train.py']", "[[2]]", "code"]
    code = re.search(r"'(mycode-\w+:v0)'", outcome.printed[5])
    assert code is not None
    assert outcome.printed[5:] == [
        f"[('code', '{code[1]}'), ('run_table', 'run-user-shown:v0'), ('run_table', 'run-user-shown:v1')]",
        f"['data:v0', 'net2:v0', 'net:v0', 'other:v0'] ['data:v1', '{code[1]}', 'run-user-shown:v1']",
        "artifactVersion data v0",
        "True",
    ]
    graph = pages.lineage("/alice/wires/artifacts/run_table/run-user-shown/v1")
    assert [edge for edge in graph.edges() if "user" in edge] == [
        ("data:v0", "user"),
        ("net2:v0", "user"),
        ("net:v0", "user"),
        ("other:v0", "user"),
        ("user", "run-user-shown:v1"),
    ]
    assert "best" in pages.main("/alice/wires/runs/user")
    assert site.query(
        "edge = Edge.objects.get(run__uid='user', artifact__collection__name='net2')\n"
        "answer = list(edge.paths.values_list('entity_name', 'project_name'))"
    ) == [["alice", "model-registry"]]
