"""Alerts, and runs that go on: resumed, rewound and forked."""

import pytest

from tests.sdk.conftest import Desk
from tests.sdk.pages import Pages
from tests.server import LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]

FIRST = """
import wandb
with wandb.init(project="moments", id="m1") as run:
    artifact = wandb.Artifact("kept", "dataset")
    with artifact.new_file("n.txt") as file: file.write("kept")
    run.log_artifact(artifact).wait()
    for step in range(5): run.log({"x": step})
    run.alert("Low accuracy", "below one half", level="ERROR")
    run.alert("Low accuracy", "below one third", level="ERROR")
    run.alert("Again", "at once", wait_duration=0.001)
"""
REWOUND = """
import wandb
with wandb.init(project="moments", resume_from="m1?_step=2") as run:
    run.log({"x": 30})
"""
OTHERS = """
import wandb
def attempt(**given):
    try:
        with wandb.init(project="moments", **given) as run: return run.starting_step, run.resumed
    except Exception as error: return str(error)
with wandb.init(project="moments", id="f1", fork_from="m1?_step=1") as run: run.log({"x": 20})
print("already exists" in attempt(id="m1", resume="never"))
print("not been initialized" in attempt(id="none", resume="must"))
print("'zz' to fork from does not exist" in attempt(id="f2", fork_from="zz?_step=1"))
print("run 'zz' not found in alice/moments" in attempt(resume_from="zz?_step=1"))
print(attempt(id="new", resume="allow"), attempt(id="f1", resume="allow"))
api = wandb.Api()
for name in ("m1", "f1"): print([row["x"] for row in api.run(f"moments/{name}").scan_history(keys=["x"])])
with wandb.init(project="moments", id="long") as run:
    for step in range(1200): run.log({"x": step, "inside": {"y": step}})
rows = wandb.Api().run("moments/long").scan_history
print([one["x"] for one in rows(keys=["x"], page_size=500)] == [one["x"] for one in rows()] == list(range(1200)))
print([one["x"] for one in rows(keys=["x", "inside.y"], min_step=1100, max_step=1103)])
print([one.name for one in api.run("moments/m1").logged_artifacts()], len(api.run("moments/f1").logged_artifacts()))
"""


def test_alerts_rewinding_and_forking(desk: Desk, site: LiveServer, pages: Pages) -> None:
    """`run.alert`, `resume_from` and `fork_from`; `resume` does what the SDK says of it."""
    assert desk.script(FIRST).refused() == []
    shown = pages.main("/alice/moments/runs/m1")
    assert all(words in shown for words in ("Low accuracy", "below one half", "error", "Again", "at once"))
    assert "below one third" not in shown
    assert desk.script(REWOUND).refused() == []
    others = desk.script(OTHERS)
    # the SDK writes empty lines of its own for the attempts that failed
    assert [line for line in others.printed if not line.startswith("\x1b")] == [
        *["True"] * 4,
        "(0, False) (3, True)",
        "[0, 1, 2, 30]",
        "[0, 1, 20]",
        "True",
        "[1100, 1101, 1102]",
        "['kept:v0'] 0",
    ]
    assert sorted(others.refused()) == [("POST /graphql RewindRun", "404"), ("POST /graphql UpsertBucket", "404")]
    assert "to step 2" in pages.main("/alice/moments/runs/m1")
    assert "m1 at step 1" in pages.main("/alice/moments/runs/f1")
