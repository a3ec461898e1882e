"""`log_artifact`, `use_artifact`, `download` and what the lineage says afterwards."""

import pytest

from tests.sdk.conftest import Script
from tests.server import LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]

PREPARE = """
import os, pathlib, wandb
def write(path, text):
    path = pathlib.Path(path); path.parent.mkdir(parents=True, exist_ok=True); path.write_text(text)
write("d/one.txt", "one"); write("d/sub/two.txt", "two")
"""


def test_versions_follow_the_content(script: Script, site: LiveServer) -> None:
    outcome = script(
        PREPARE
        + """
with wandb.init(project="content", id="content-1") as run:
    first = run.log_artifact("d", name="data", type="dataset").wait()
    print("path", first.version, first.aliases)
    def whole(aliases=None, extra=None):
        artifact = wandb.Artifact("data", type="dataset", description="text", metadata={"k": [1, {"x": None}]})
        artifact.add_dir("d")
        if extra:
            with artifact.new_file("three.txt") as file: file.write(extra)
        return run.log_artifact(artifact, aliases=aliases).wait()
    same = whole(["again"])
    print("same", same.version, sorted(same.aliases))
    changed = whole(["fresh"], "three")
    print("changed", changed.version, sorted(changed.aliases), changed.metadata, changed.description)
    back = whole()
    print("back", back.version, sorted(back.aliases))
    print("sizes", changed.size, changed.file_count, changed.state)
with wandb.init(project="content", id="content-2") as run:
    artifact = wandb.Artifact("data", type="dataset")
    artifact.add_dir("d")
    print("other run", run.log_artifact(artifact).wait().version)
"""
    )
    assert outcome.printed == [
        "path v0 ['latest']",
        "same v0 ['again', 'latest']",
        "changed v1 ['fresh', 'latest'] {'k': [1, {'x': None}]} text",
        "back v0 ['again', 'latest']",
        "sizes 11 3 COMMITTED",
        "other run v0",
    ]
    assert outcome.refused() == []
    assert site.query(
        "answer = list(Edge.objects.filter(run__project__name='content', direction=1)"
        ".order_by('run__uid', 'artifact__version').values_list('run__uid', 'artifact__version'))"
    ) == [["content-1", 0], ["content-1", 1], ["content-2", 0]]


def test_every_form_of_a_name_leads_to_its_version(script: Script, site: LiveServer) -> None:
    outcome = script(
        PREPARE
        + """
with wandb.init(project="names", id="names-log") as run:
    for text in ("v0", "v1"):
        artifact = wandb.Artifact("data", type="dataset")
        with artifact.new_file("f.txt") as file: file.write(text)
        run.log_artifact(artifact, aliases=["one"] if text == "v0" else ["two"]).wait()
with wandb.init(project="names", id="names-use") as run:
    for name in ("data", "data:latest", "data:v0", "data:one", "alice/names/data:two", "names/data:v1"):
        used = run.use_artifact(name)
        print(name, used.version)
    draft = wandb.Artifact("draft", type="dataset")
    draft.add_dir("d")
    print("draft", run.use_artifact(draft).wait().version)
    print("logged by", run.use_artifact("data:v0").logged_by().id)
    print("used by", [one.id for one in wandb.Api().artifact("alice/names/data:v0").used_by()])
    print("used", sorted(one.name for one in wandb.Api().run("alice/names/names-use").used_artifacts()))
    print("logged", sorted(one.name for one in wandb.Api().run("alice/names/names-log").logged_artifacts()))
"""
    )
    assert outcome.printed == [
        "data v1",
        "data:latest v1",
        "data:v0 v0",
        "data:one v0",
        "alice/names/data:two v1",
        "names/data:v1 v1",
        "draft v0",
        "logged by names-log",
        "used by ['names-use']",
        "used ['data:v0', 'data:v1', 'draft:v0']",
        "logged ['data:v0', 'data:v1']",
    ]
    assert site.query(
        "answer = sorted(Edge.objects.filter(run__uid='names-use', direction=0, artifact__collection__name='data')"
        ".values_list('artifact__version', 'aliases'))"
    ) == [[0, ["one"]], [1, ["latest", "two"]]]


def test_downloads_bring_the_bytes(script: Script) -> None:
    outcome = script(
        PREPARE
        + """
write("d/empty", ""); write("d/ü ñ/<script>.txt", "odd")
with wandb.init(project="downloads") as run:
    run.log_artifact("d", name="data", type="dataset").wait()
    used = run.use_artifact("data:latest")
    part = used.download(root="part", path_prefix="sub")
    print("part", sorted(os.listdir(part)), sorted(os.listdir("part/sub")))
    whole = used.download(root="whole", skip_cache=True)
    for path in ("one.txt", "sub/two.txt", "empty", "ü ñ/<script>.txt"):
        print(path, pathlib.Path(whole, path).read_text() == pathlib.Path("d", path).read_text())
    one = used.get_entry("one.txt").download(root="single", skip_cache=True)
    print("single", pathlib.Path(one).read_text())
    print("files", sorted(file.name for file in used.files()), len(used.files()))
    print("verified", used.verify(root="whole"))
"""
    )
    assert outcome.printed == [
        "part ['sub'] ['two.txt']",
        "one.txt True",
        "sub/two.txt True",
        "empty True",
        "ü ñ/<script>.txt True",
        "single one",
        "files ['empty', 'one.txt', 'sub/two.txt', 'ü ñ/<script>.txt'] 4",
        "verified None",
    ]
    assert outcome.refused() == []


def test_incremental_and_distributed_saves_are_merged(script: Script) -> None:
    outcome = script(
        PREPARE
        + """
quiet = wandb.Settings(silent=True)
with wandb.init(project="merged", settings=quiet) as run:
    base = wandb.Artifact("growing", type="dataset"); base.add_file("d/one.txt"); run.log_artifact(base).wait()
    more = wandb.Artifact("growing", type="dataset", incremental=True); more.add_file("d/sub/two.txt", name="two.txt")
    grown = run.log_artifact(more).wait()
    print("incremental", grown.version, sorted(grown.manifest.entries), grown.digest == grown.manifest.digest())
    draft = wandb.Api().artifact("alice/merged/growing:v1").new_draft()
    draft.add_file("d/one.txt", name="copy.txt")
    draft.remove("two.txt")
    print("draft", sorted(run.log_artifact(draft).wait().manifest.entries))
for number in (1, 2):
    with wandb.init(project="merged", id=f"part-{number}", group="together", settings=quiet) as run:
        part = wandb.Artifact("shared", type="dataset")
        with part.new_file(f"{number}.txt") as file: file.write(str(number))
        run.upsert_artifact(part, distributed_id="together")
with wandb.init(project="merged", id="part-3", group="together", settings=quiet) as run:
    whole = run.finish_artifact(wandb.Artifact("shared", type="dataset"), distributed_id="together").wait()
    print("distributed", whole.version, sorted(whole.manifest.entries))
"""
    )
    assert outcome.printed == [
        "incremental v1 ['one.txt', 'two.txt'] True",
        "draft ['copy.txt', 'one.txt']",
        "distributed v0 ['1.txt', '2.txt']",
    ]


def test_references_between_artifacts_are_kept_and_followed(script: Script, site: LiveServer) -> None:
    outcome = script(
        PREPARE
        + """
with wandb.init(project="references") as run:
    run.log_artifact("d", name="source", type="dataset").wait()
    source = run.use_artifact("source:v0")
    derived = wandb.Artifact("derived", type="dataset")
    derived.add_reference(source.get_entry("one.txt").ref_url(), name="borrowed.txt")
    derived.add_reference("https://example.com/big.bin", checksum=False, name="far.bin")
    saved = run.log_artifact(derived).wait()
    print(pathlib.Path(saved.get_entry("borrowed.txt").download()).read_text())
    print(saved.manifest.entries["far.bin"].ref)
    table = wandb.Table(columns=["a"], data=[[1]])
    left = wandb.Artifact("left", type="tables"); left.add(table, "t"); run.log_artifact(left)
    right = wandb.Artifact("right", type="tables"); right.add(table, "u"); run.log_artifact(right).wait()
"""
    )
    assert outcome.printed == ["one", "https://example.com/big.bin"]
    assert outcome.refused() == []
    assert site.query(
        "answer = sorted(ArtifactReference.objects.filter(source__collection__project__name='references')"
        ".values_list('source__collection__name', 'target__collection__name'))"
    ) == [["derived", "source"], ["right", "left"]]


def test_a_run_may_use_and_log_one_version(script: Script, site: LiveServer) -> None:
    script(
        PREPARE
        + """
with wandb.init(project="selfedge", id="self-0") as run:
    run.log_artifact("d", name="data", type="dataset").wait()
with wandb.init(project="selfedge", id="self-1") as run:
    run.use_artifact("data:v0")
    for _ in range(2):
        run.log_artifact("d", name="data", type="dataset").wait()
"""
    )
    assert site.query(
        "answer = sorted(Edge.objects.filter(run__uid='self-1').values_list('direction', flat=True))"
    ) == [
        0,
        1,
    ]


def test_what_is_missing_is_named(script: Script) -> None:
    outcome = script(
        PREPARE
        + """
def tell(call):
    try: print("no error", call())
    except Exception as error: print(type(error).__name__, error)
with wandb.init(project="missing") as run:
    run.log_artifact("d", name="data", type="dataset").wait()
    tell(lambda: run.use_artifact("nothing:latest"))
    tell(lambda: run.use_artifact("data:nothing"))
    tell(lambda: run.use_artifact("alice/nowhere/data:v0"))
    tell(lambda: wandb.Api().run("alice/missing/never"))
    tell(lambda: run.log_artifact("d", name="data", type="model").wait())
"""
    )
    assert outcome.printed == [
        "CommError artifact membership 'nothing:latest' not found in 'alice/missing'",
        "CommError artifact membership 'data:nothing' not found in 'alice/missing'",
        "CommError project 'nowhere' not found under entity 'alice'",
        "CommError Could not find run <Run alice/missing/never (not found)>",
        "ValueError Artifact data already exists with type 'dataset'; cannot create another with type 'model'",
    ]
