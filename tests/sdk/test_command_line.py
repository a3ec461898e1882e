"""`wandb login`, `wandb artifact` and `wandb sync`, and runs that were made without the site."""

import pytest

from tests.sdk.conftest import Desk, Outcome
from tests.sdk.pages import Pages
from tests.sdk.versions import OLDEST
from tests.server import LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]

OFFLINE = """
import pathlib, wandb
for name in ("first", "second"):
    with wandb.init(project="offline", id=name, name=name, mode="offline", config={"lr": 0.5}, tags=["away"]) as run:
        table = wandb.Table(columns=["a"], data=[[name]])
        for kind in ("raw", "made"):
            artifact = wandb.Artifact(kind, "dataset")
            pathlib.Path("n.txt").write_text(name + kind)
            artifact.add_file("n.txt")
            # 0.28.2 forgets what it wrote itself before it is synced
            if wandb.__version__ != "0.28.2": artifact.add(table, "t")
            run.log_artifact(artifact, aliases=[name])
        run.log({"x": 1}); run.log({"x": 2, "shown": table})
        try: run.use_artifact("raw:latest")
        except TypeError as error: print(error)
"""
RECORDED = """
runs = Run.objects.filter(project__name="offline").order_by("uid")
answer = {
    "runs": [[run.uid, run.state, run.stream_lines.filter(stream="history").count()] for run in runs],
    "outputs": sorted(Edge.objects.filter(run__project__name="offline").values_list(
        "run__uid", "artifact__collection__name", "artifact__version")),
    "references": sorted(ArtifactReference.objects.filter(source__collection__project__name="offline").values_list(
        "source__collection__name", "source__version", "target__collection__name", "target__version")),
    "files": runs.get(uid="first").files.count(),
    "events": AuditEvent.objects.count(),
}
"""


def test_login_with_a_host_is_remembered(site: LiveServer, desk: Desk) -> None:
    done = desk.command("login", "--host", site.url, site.api_key, signed_in=False)
    assert f"Currently logged in as: alice to {site.url}" in done.errors
    again = desk.command("artifact", "ls", "alice/nowhere", signed_in=False, code=None)
    assert "401" not in {status for _, status in again.refused()}
    assert again.requests[0]["operation"] == "Viewer"


def test_login_with_a_wrong_key_says_where_to_get_one(site: LiveServer, desk: Desk) -> None:
    done = desk.command("login", "--host", site.url, "w" * 40, code=1, signed_in=False)
    assert f"The API key is not valid. Get one at {site.url}/authorize" in done.errors


@pytest.mark.slow
def test_artifacts_are_put_listed_and_got(desk: Desk, pages: Pages) -> None:
    folder = desk.directory / "d"
    folder.mkdir()
    (folder / "one.txt").write_text("one")
    name = "alice/shell/data"
    put = desk.command("artifact", "put", "d", "-n", name, "-d", "from the shell", "-a", "first", "-a", "latest")
    assert 'run.use_artifact("alice/shell/data:v0")' in put.errors
    desk.command("artifact", "put", (folder / "one.txt").as_uri(), "--name", "alice/shell/far", "--type", "model")
    listed = desk.command("artifact", "ls", "alice/shell")
    assert "data:v0" in listed.errors
    assert "far:v0" in listed.errors
    only = desk.command("artifact", "ls", "alice/shell", "--type", "model")
    assert "data:v0" not in only.errors
    desk.command("artifact", "get", f"{name}:first", "--root", "out")
    assert (desk.directory / "out" / "one.txt").read_text() == "one"
    missing = desk.command("artifact", "get", "alice/shell/nothing:v0", code=1)
    assert "artifact membership 'nothing:v0' not found in 'alice/shell'" in missing.errors
    assert all(outcome.refused() == [] for outcome in (put, listed, only))
    version = "/alice/shell/artifacts/dataset/data/v0"
    shown = pages.main(version)
    assert all(words in shown for words in ("from the shell", "first", "latest"))
    assert pages.fetch(f"{version}/files/download", path="one.txt") == b"one"


def _sync_all(desk: Desk) -> Outcome:
    """Sync whatever is not synced yet. Newer versions refuse `--sync-all`; older ones look below where they stand."""
    if desk.sdk.version == OLDEST:
        return desk.command("sync", "--sync-all", folder=desk.home)
    refused = desk.command("sync", "--sync-all", code=1)
    assert "pass --yes" in refused.errors
    return desk.command("sync", "--yes")


def test_offline_runs_are_synced_once(desk: Desk, site: LiveServer, pages: Pages) -> None:
    offline = desk.script(OFFLINE)
    assert all(one["path"].startswith("/sdk/otel/") for one in offline.requests)
    assert offline.printed == ["Cannot use artifact when in offline mode."] * 2
    (folder,) = (desk.home / "wandb").glob("offline-run-*-first")
    assert desk.command("sync", str(folder)).refused() == []
    assert _sync_all(desk).refused() == []
    recorded = site.query(RECORDED)
    assert isinstance(recorded, dict)
    assert recorded["runs"] == [["first", "finished", 2], ["second", "finished", 2]]
    assert [row for row in recorded["outputs"] if not row[1].startswith("run-")] == [
        ["first", "made", 0],
        ["first", "raw", 0],
        ["second", "made", 1],
        ["second", "raw", 1],
    ]
    if desk.sdk.version != OLDEST:
        assert recorded["references"] == [
            ["made", 0, "raw", 0],
            ["made", 1, "raw", 1],
            ["run-first-shown", 0, "raw", 0],
            ["run-second-shown", 0, "raw", 1],
        ]
    # the same again changes nothing at all, and by force no version, edge or reference
    assert _sync_all(desk).refused() == []
    assert site.query(RECORDED) == recorded
    assert desk.command("sync", "--include-synced", str(folder)).refused() == []
    again = site.query(RECORDED)
    assert isinstance(again, dict)
    assert [again[name] for name in ("outputs", "references", "files")] == [
        recorded[name] for name in ("outputs", "references", "files")
    ]
    version = "/alice/offline/artifacts/dataset/made/v0"
    assert pages.fetch(f"{version}/files/download", path="n.txt") == b"firstmade"
    assert "first" in pages.main(version)
    shown = pages.main("/alice/offline/runs/first")
    assert all(words in shown for words in ("away", "lr", "0.5", "made", "raw"))
