"""A version from its draft over edits, tags, aliases and time limits to its deletion, as its methods offer it."""

import pytest

from tests.sdk.conftest import Script
from tests.sdk.pages import Pages
from tests.server import LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]

PREPARE = """
import datetime, os, pathlib, wandb
for name in ("one.txt", "sub/two.txt"):
    path = pathlib.Path("d", name); path.parent.mkdir(parents=True, exist_ok=True); path.write_text(name)
def fresh(name): return wandb.Api().artifact(name)
def told(call):
    try: call()
    except Exception as error: return f"{type(error).__name__} {error}"
def files(root): return sorted(path.relative_to(root).as_posix() for path in pathlib.Path(root).rglob("*.txt"))
"""


def test_a_saved_version_is_read_checked_and_checked_out(script: Script, pages: Pages) -> None:
    outcome = script(
        PREPARE
        + """
alone = wandb.Artifact("data", "dataset", description="alone", metadata={"k": 1})
alone.add_dir("d")
alone.save("life"); alone.wait()
print(alone.version, alone.logged_by().job_type, alone.source_qualified_name)
saved = fresh("life/data:latest")
print(saved.get_path("one.txt").path, saved.get_entry("sub/two.txt").size, told(lambda: saved.get_entry("none")))
print(told(lambda: saved.add_file("d/one.txt")))
root = saved.download("out")
print(saved.verify(root), saved.files(["one.txt"])[0].size, len(saved.files(["one.txt"])), len(saved.files(per_page=1)))
pathlib.Path("out/one.txt").write_text("broken")
print(told(lambda: saved.verify(root)))
pathlib.Path("out/more.txt").write_text("more")
print("not a member" in told(lambda: saved.verify(root)), files(saved.checkout("out")), saved.verify("out"))
print(told(lambda: saved.file())[:47])
draft = saved.new_draft()
draft.remove("sub")
draft.add_file("d/sub/two.txt", "moved.txt")
with draft.new_file("new.txt") as file: file.write("new")
draft.save("life"); draft.wait()
print(draft.version, sorted(draft.manifest.entries), draft.metadata)
with wandb.init(project="life", id="life-1", name="inside") as run:
    inside = draft.new_draft(); inside.remove("new.txt"); inside.remove("moved.txt"); inside.save(); inside.wait()
    print(inside.version, inside.logged_by().id, pathlib.Path(inside.file("only")).read_text())
"""
    )
    assert outcome.refused() == []
    assert outcome.printed == [
        "v0 auto alice/life/data:v0",
        "one.txt 11 KeyError 'Path not contained in artifact: none'",
        outcome.printed[2],
        "None 7 1 2",
        "ValueError Digest mismatch for file: one.txt",
        "True ['one.txt', 'sub/two.txt'] None",
        "ValueError This artifact contains more than one",
        "v1 ['moved.txt', 'new.txt', 'one.txt'] {'k': 1}",
        "v2 life-1 one.txt",
    ]
    assert outcome.printed[2].startswith("ArtifactFinalizedError")
    version = "/alice/life/artifacts/dataset/data"
    assert pages.details(f"{version}/v1")["Files"] == "3"
    assert pages.fetch(f"{version}/v1/files/download", path="moved.txt") == b"sub/two.txt"
    assert "inside" in pages.main(f"{version}/v2/usage")


EDITS = (
    PREPARE
    + """
with wandb.init(project="edits", id="edits-1") as run:
    for number in range(4):
        artifact = wandb.Artifact("data", "dataset")
        with artifact.new_file("n.txt") as file: file.write(str(number))
        if number == 0: artifact.ttl = datetime.timedelta(days=2)
        run.log_artifact(artifact, tags=["raw"], aliases=["best"] if number == 1 else None).wait()
    used = run.use_artifact("data:best")
one = fresh("edits/data:v0")
print(one.ttl, one.tags, one.aliases)
one.description = "**bold**"; one.metadata = {"deep": {"list": [1, None]}}; one.ttl = None
one.aliases = ["best", "second"]; one.tags = ["clean", "two words"]
one.save()
one = fresh("edits/data:second")
print(one.version, one.ttl, one.description, one.metadata, sorted(one.aliases), sorted(one.tags))
print(fresh("edits/data:v1").aliases, fresh("edits/data:best").version)
one.ttl = datetime.timedelta(hours=1); one.tags.remove("clean"); one.aliases.remove("best"); one.save()
one = fresh("edits/data:v0"); print(one.ttl, one.tags, one.aliases)
one.ttl = wandb.ArtifactTTL.INHERIT; one.metadata.update(more=1); one.save()
one = fresh("edits/data:v0"); print(one.ttl, one.metadata)
print(told(lambda: setattr(one, "tags", ["a/b"]))[:26])
print([item.version for item in wandb.Api().artifacts("dataset", "edits/data", tags=["raw"])])
print([item.version for item in wandb.Api().artifacts("dataset", "edits/data", tags=["raw", "two words"])])
newest = fresh("edits/data:latest"); newest.aliases.append("kept"); newest.save()
print(told(newest.delete))
newest.delete(delete_aliases=True)
fresh("edits/data:v1").delete()
print([item.version for item in wandb.Api().artifacts("dataset", "edits/data")], fresh("edits/data:latest").version)
print(told(lambda: fresh("edits/data:v1")))
print(sorted(item.name for item in wandb.Api().run("edits/edits-1").logged_artifacts()))
"""
)


def test_aliases_tags_metadata_and_time_limits_are_edited(script: Script, pages: Pages, site: LiveServer) -> None:
    outcome = script(EDITS)
    assert outcome.refused() == [("POST /graphql DeleteArtifact", "409")]
    assert outcome.printed == [
        "2 days, 0:00:00 ['raw'] []",
        "v0 None **bold** {'deep': {'list': [1, None]}} ['best', 'second'] ['clean', 'two words']",
        "[] v0",
        "1:00:00 ['two words'] ['second']",
        "None {'deep': {'list': [1, None]}, 'more': 1}",
        "ValueError Invalid tag(s).",
        "['v3', 'v2', 'v1']",
        "[]",
        "CommError The version has the aliases kept: remove them first, or delete it with delete_aliases=True.",
        "['v2', 'v0'] v2",
        "CommError artifact membership 'data:v1' not found in 'alice/edits'",
        "['data:v0', 'data:v2']",
    ]
    version = "/alice/edits/artifacts/dataset/data"
    assert pages.details(f"{version}/v0")["Kept for"] == "ever"
    page = pages.main(f"{version}/v0")
    assert all(word in page for word in ("bold", "second", "two words"))
    assert "deep" in pages.main(f"{version}/v0/metadata")
    assert "Deleted" in pages.main(f"{version}/v1")
    # the input keeps the alias that the version held when it was used, though it moved and the version is deleted
    assert "best" in pages.main("/alice/edits/runs/edits-1")
    assert site.query(
        "edge = Edge.objects.get(run__uid='edits-1', direction=0)\nanswer = [edge.artifact.version, edge.aliases]"
    ) == [1, ["best"]]
