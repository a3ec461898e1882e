"""A script that is killed in the middle of a save leaves nothing half-visible, and can simply run again."""

import urllib.error

import pytest

from tests.sdk.conftest import Desk
from tests.sdk.pages import Pages
from tests.server import LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]

SCRIPT = """
import os, pathlib, wandb
pathlib.Path("d").mkdir(exist_ok=True)
for number in range(200): pathlib.Path("d", f"{number}.bin").write_bytes(bytes([number]) * 40_000)
with wandb.init(project="killed", id="killed-1", resume="allow") as run:
    run.log_artifact("d", name="data", type="dataset").wait()
    artifact = wandb.Artifact("big", "dataset")
    artifact.add_dir("d")
    with artifact.new_file("more.txt") as file: file.write("more")
    print("SAVING", flush=True)
    print(run.log_artifact(artifact, aliases=["whole"]).wait().version)
"""
WHOLE = """
from registry.core.digests import artifact_digest
rows = Artifact.objects.filter(collection__project__name="killed", state="committed").order_by("collection__name")
answer = [
    [row.collection.name, row.version, row.file_count,
     artifact_digest((entry.path, entry.digest) for entry in row.entries.all()) == row.digest]
    for row in rows
]
"""


def test_a_client_killed_while_it_saves_runs_again(desk: Desk, site: LiveServer, pages: Pages) -> None:
    start = len(site.log())
    process = desk.start(SCRIPT)
    with process:
        assert process.stdout is not None
        while "SAVING" not in (line := process.stdout.readline()):
            assert line, "the script ended early"
        while "CreateArtifact 200" not in site.log()[start:].rpartition("CommitArtifact 200")[2]:
            assert process.poll() is None
        desk.kill(process)
    assert site.query(WHOLE) == [["data", 0, 200, True]]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        pages.fetch("/alice/killed/artifacts/dataset/big/v0")
    assert pages.lineage("/alice/killed/artifacts/dataset/data/v0").named("artifact") == ["data:v0"]
    again = desk.script(SCRIPT)
    assert again.refused() == []
    assert again.printed == ["SAVING", "v0"]
    assert site.query(WHOLE) == [["big", 0, 201, True], ["data", 0, 200, True]]
    version = "/alice/killed/artifacts/dataset/big/v0"
    assert pages.details(version)["Files"] == "201"
    assert pages.fetch(f"{version}/files/download", path="199.bin") == bytes([199]) * 40_000
    assert site.query(
        "answer = [Run.objects.get(uid='killed-1').state, Edge.objects.filter(run__uid='killed-1').count(),"
        " Artifact.objects.filter(collection__project__name='killed', state='pending').count() < 2]"
    ) == ["finished", 2, True]
