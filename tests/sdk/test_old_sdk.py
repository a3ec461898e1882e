"""The oldest SDK that is supported, in an environment of its own, through a whole script of a user."""

import subprocess
import venv
from pathlib import Path

import pytest

from tests.sdk.conftest import environment, requests_in
from tests.server import ROOT, LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.slow, pytest.mark.xdist_group("sdk")]
OLDEST = "0.28.2"
SCRIPT = """
import pathlib, wandb
assert wandb.__version__ == "0.28.2"
pathlib.Path("f.txt").write_text("x")
with wandb.init(project="old", id="old-1", job_type="make", config={"lr": 0.1}) as run:
    for number in range(2):
        artifact = wandb.Artifact("data", "dataset")
        with artifact.new_file("n.txt") as file: file.write(str(number))
        run.log_artifact(artifact).wait()
    run.link_artifact(artifact, "wandb-registry-old/data", aliases=["good"])
    run.log({"loss": 1})
with wandb.init(project="old", id="old-2", job_type="use") as run:
    used = run.use_artifact("wandb-registry-old/data:good")
    print(used.source_qualified_name, pathlib.Path(used.download(), "n.txt").read_text())
api = wandb.Api()
print([one.id for one in api.runs("old", filters={"config.lr": 0.1})])
print([one.name for one in api.artifacts("dataset", "old/data", order="+version_index")])
print([one.name for one in api.registries("lineage", filter={"name": "old"}).collections()])
one = api.artifact_collection("dataset", "old/data"); one.name = "renamed"; one.tags = ["t"]; one.save()
print(wandb.Api().artifact("old/renamed:latest").version)
"""


@pytest.fixture(scope="session")
def old_python() -> Path:
    """Return the interpreter of an environment with the oldest SDK, made once and kept under build/."""
    home = ROOT / "build" / f"wandb-{OLDEST}"
    python = home / "bin" / "python"
    if not (home / "made").exists():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", f"wandb=={OLDEST}"], check=True, timeout=300)
        (home / "made").touch()
    return python


def _run(python: Path, site: LiveServer, home: Path, *arguments: str) -> tuple[list[str], list[dict[str, str]]]:
    start = len(site.log())
    done = subprocess.run(
        [python, *arguments],
        cwd=home,
        env={name: value for name, value in environment(site, home / "home").items() if name != "PYTHONPATH"},
        check=False,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{site.log()[start:]}"
    printed = [line for line in done.stdout.splitlines() if line and not line.startswith("wandb:")]
    return printed, requests_in(site.log()[start:])


def test_the_oldest_sdk_logs_uses_links_and_lists(old_python: Path, site: LiveServer, tmp_path: Path) -> None:
    site.manage("create_organization", "lineage", "--member", "alice")
    printed, requests = _run(old_python, site, tmp_path, "-c", SCRIPT)
    assert printed == [
        "alice/old/data:v1 1",
        "['old-1']",
        "['data:v0', 'data:v1']",
        "['data']",
        "v1",
    ]
    refused = [one for one in requests if int(one["status"]) >= 400 and not one["path"].startswith("/sdk/otel/")]
    assert refused == []
