"""`wandb.init`, `run.log`, `run.finish` and how runs end."""

import signal

import pytest

from tests.sdk.conftest import Desk, Script
from tests.server import LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]


def test_a_run_with_a_wrong_key_fails_at_once(script: Script, site: LiveServer) -> None:
    outcome = script("import wandb; wandb.init(project='never')", code=1, api_key="w" * 40)
    assert f"Get one at {site.url}/authorize" in outcome.errors
    assert {status for _, status in outcome.refused()} == {"401"}
    assert len(outcome.refused()) <= 4


def test_init_without_entity_and_project_uses_the_defaults(script: Script) -> None:
    outcome = script(
        """
        import wandb
        with wandb.init() as run:
            print(run.entity, run.project, run.name)
        """
    )
    entity, project, name = outcome.printed[0].split()
    assert (entity, project) == ("alice", "uncategorized")
    assert name.count("-") == 2
    assert outcome.refused() == []


def test_everything_a_run_says_of_itself_is_kept(script: Script, site: LiveServer) -> None:
    outcome = script(
        """
        import wandb
        with wandb.init(entity="alice", project="details", id="full-1", name="my <b>run</b> ü", job_type="train it",
                        group="a group", tags=["one", "two words"], notes="some notes", config={"lr": 0.1}) as run:
            run.config["layers"] = [1, 2]
            for step in range(3):
                run.log({"loss": 1 / (step + 1), "bad": float("nan"), "worse": float("inf")})
            run.summary["best"] = 0.5
            run.summary["odd"] = "a\\0b"
            print("a line for the console \\0 with a NUL")
        """
    )
    assert outcome.refused() == []
    answer = site.query(
        """
run = Run.objects.select_related("group", "project__entity").get(uid="full-1")
answer = {
    "where": [run.project.entity.name, run.project.name],
    "about": [run.name, run.group.job_type, run.group_name, run.tags, run.notes, run.state, run.exit_code],
    "config": {key: value["value"] for key, value in run.config.items() if key != "_wandb"},
    "summary": [run.summary["best"], run.summary["odd"]],
    "history": run.stream_lines.filter(stream="history").count(),
    "console": any("a line for the console" in line.content for line in run.stream_lines.filter(stream="output")),
    "ended": run.finished_at is not None,
}
"""
    )
    assert answer == {
        "where": ["alice", "details"],
        "about": ["my <b>run</b> ü", "train it", "a group", ["one", "two words"], "some notes", "finished", 0],
        "config": {"lr": 0.1, "layers": [1, 2]},
        "summary": [0.5, "a\ufffdb"],
        "history": 3,
        "console": True,
        "ended": True,
    }


@pytest.mark.parametrize(
    ("ending", "state"),
    [
        ("raise RuntimeError('no')", "failed"),
        ("import sys; sys.exit(3)", "failed"),
        ("run.finish(exit_code=0)", "finished"),
    ],
    ids=["exception", "exit code", "finish"],
)
def test_the_end_of_a_script_is_the_end_of_its_run(script: Script, site: LiveServer, ending: str, state: str) -> None:
    script(
        f"""
        import wandb
        run = wandb.init(project="endings", id="end-{abs(hash(ending))}")
        {ending}
        """,
        code=None,
    )
    assert site.query(f"answer = Run.objects.get(uid='end-{abs(hash(ending))}').state") == state


@pytest.mark.parametrize(
    ("number", "stored", "shown"),
    [(signal.SIGINT, "killed", "killed"), (signal.SIGKILL, "running", "crashed")],
    ids=["interrupted", "killed without a word"],
)
def test_a_killed_run(site: LiveServer, desk: Desk, number: signal.Signals, stored: str, shown: str) -> None:
    uid = f"killed-{number.name.lower()}"
    program = f"""
import time, wandb
run = wandb.init(project="endings", id="{uid}")
run.log({{"x": 1}})
print("READY", flush=True)
time.sleep(60)
"""
    process = desk.start(program)
    with process:
        assert process.stdout is not None
        while "READY" not in (line := process.stdout.readline()):
            assert line, "the script ended early"
        process.send_signal(number)
        process.wait(timeout=60)
    answer = site.query(
        f"""
from datetime import timedelta
run = Run.objects.get(uid="{uid}")
answer = [run.state, run.shown_state(run.heartbeat_at + timedelta(minutes=6))]
"""
    )
    assert answer == [stored, shown]


def test_a_run_can_be_resumed(script: Script, site: LiveServer) -> None:
    script(
        """
        import wandb
        with wandb.init(project="resume", id="resumed-1") as run:
            run.log({"x": 1})
        """
    )
    outcome = script(
        """
        import wandb
        with wandb.init(project="resume", id="resumed-1", resume="must") as run:
            print(run.resumed, run.starting_step)
            run.log({"x": 2})
        """
    )
    assert outcome.printed[0] == "True 1"
    answer = site.query(
        "run = Run.objects.get(uid='resumed-1')\n"
        "answer = [run.state, run.stream_lines.filter(stream='history').count()]"
    )
    assert answer == ["finished", 2]


def test_resuming_what_does_not_exist_is_refused(script: Script) -> None:
    outcome = script("import wandb; wandb.init(project='resume', id='never-was', resume='must')", code=1)
    assert "never-was" in outcome.errors
    assert any(words in outcome.errors for words in ("does not exist", "not been initialized"))


def test_an_unknown_entity_is_named_in_the_error(script: Script) -> None:
    outcome = script("import wandb; wandb.init(entity='nobody', project='p')", code=1)
    assert "entity 'nobody' not found" in outcome.errors
