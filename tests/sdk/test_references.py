"""Artifacts that hold references: to files, to the web, to buckets and to other artifacts; and their lineage."""

import pytest

from tests.sdk.conftest import Script
from tests.sdk.pages import Pages
from tests.server import LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]

PREPARE = """
import pathlib, wandb
for name in ("one.txt", "two.txt", "sub/three.txt"):
    path = pathlib.Path("d", name); path.parent.mkdir(parents=True, exist_ok=True); path.write_text(name)
def read(path): return pathlib.Path(path).read_text()
"""
OUTSIDE = (
    PREPARE
    + """
import http.server, threading
class Etag(http.server.SimpleHTTPRequestHandler):
    def end_headers(self): self.send_header("ETag", '"tag"'); super().end_headers()
    def log_message(self, *words): pass
web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Etag)
threading.Thread(target=web.serve_forever, daemon=True).start()
here, there = pathlib.Path.cwd().as_uri(), f"http://127.0.0.1:{web.server_port}"
with wandb.init(project="outside") as run:
    far = wandb.Artifact("far", "dataset")
    far.add_reference(f"{there}/d/one.txt", name="web/checked.txt")
    far.add_reference("https://example.invalid/x.bin", "web/unchecked.bin", checksum=False)
    far.add_reference("s3://bucket/k/data.csv", "s3.csv", checksum=False)
    far.add_reference("gs://bucket/k/data.csv", "gs.csv", checksum=False)
    far.add_reference("hdfs://cluster/path/x", "odd")
    far.add_reference(f"{here}/d/two.txt", "local/file.txt")
    far.add_reference(f"{here}/d", "local/folder")
    far.add_reference(f"{here}/d/two.txt", "local/blind.txt", checksum=False)
    far.add_file("d/one.txt", "own.txt")
    far = run.log_artifact(far).wait()
    for path, entry in sorted(far.manifest.entries.items()):
        print(path, str(entry.ref).replace(here, "HERE").replace(there, "THERE"), entry.digest, entry.size)
    print(far.size, far.file_count, far.digest == far.manifest.digest())
far = wandb.Api().artifact("outside/far:v0")
root = far.download("out", path_prefix="local/f"); far.download("out", path_prefix="own")
print(*sorted(path.relative_to(root).as_posix() for path in pathlib.Path(root).rglob("*.txt")))
print(read(far.get_entry("web/checked.txt").download("out")), far.get_entry("s3.csv").ref_target())
pathlib.Path("d/two.txt").write_text("changed")
try: far.get_entry("local/file.txt").download("again", skip_cache=True)
except ValueError as error: print("Digest mismatch" in str(error))
web.shutdown()
"""
)


@pytest.mark.slow
def test_references_to_the_outside_are_recorded_and_followed(script: Script, pages: Pages) -> None:
    outcome = script(OUTSIDE, STORAGE_EMULATOR_HOST="http://127.0.0.1:9")
    assert outcome.refused() == []
    assert outcome.printed == [
        "gs.csv gs://bucket/k/data.csv gs://bucket/k/data.csv 0",
        outcome.printed[1],
        "local/file.txt HERE/d/two.txt TTgGfqqjA5uKmiMHplR0TA== 7",
        "local/folder/one.txt HERE/d/one.txt CLw94VTK2zOv/X1EM+vDHg== 7",
        "local/folder/sub/three.txt HERE/d/sub/three.txt JMZxWxV1qsQj74YYcaNNBA== 13",
        "local/folder/two.txt HERE/d/two.txt TTgGfqqjA5uKmiMHplR0TA== 7",
        "odd hdfs://cluster/path/x hdfs://cluster/path/x 0",
        "own.txt None CLw94VTK2zOv/X1EM+vDHg== 7",
        "s3.csv s3://bucket/k/data.csv s3://bucket/k/data.csv 0",
        "web/checked.txt THERE/d/one.txt tag 7",
        "web/unchecked.bin https://example.invalid/x.bin https://example.invalid/x.bin 0",
        "55 11 True",
        "local/file.txt local/folder/one.txt local/folder/sub/three.txt local/folder/two.txt own.txt",
        "one.txt s3://bucket/k/data.csv",
        "True",
    ]
    assert outcome.printed[1].startswith("local/blind.txt HERE/d/two.txt ")
    version = "/alice/outside/artifacts/dataset/far/v0"
    assert pages.details(version)["Files"] == "11"
    files = pages.main(f"{version}/files")
    assert "s3.csv" in files
    assert files.count("reference") == 3  # s3.csv, gs.csv and odd; the others are in folders
    assert pages.fetch(f"{version}/files/download", path="own.txt") == b"one.txt"


INSIDE = (
    PREPARE
    + """
with wandb.init(project="inside", id="inside-1") as run:
    run.log_artifact("d", name="base", type="dataset").wait()
with wandb.init(project="inside", id="inside-2") as run:
    base = wandb.Api().artifact("inside/base:v0")
    derived = wandb.Artifact("derived", "dataset")
    derived.add_reference(base.get_entry("one.txt").ref_url(), "borrowed.txt")
    derived.add_reference(base.get_path("sub/three.txt"), "entry.txt")
    derived.add_reference(base.get_entry("two.txt").ref_url())
    derived = run.log_artifact(derived).wait()
    chain = wandb.Artifact("chain", "dataset")
    chain.add_reference(derived.get_entry("entry.txt").ref_url(), "last.txt")
    chain = run.log_artifact(chain).wait()
    table = wandb.Table(columns=["a"], data=[[1]])
    for name in ("first", "second", "third"):
        draft = wandb.Artifact(name, "tables"); draft.add(table, "t")
        run.log_artifact(draft)
root = pathlib.Path(derived.download("out"))
print(sorted(path.name for path in root.iterdir()), read(root / "two.txt"), read(root / "borrowed.txt"))
print(read(chain.get_entry("last.txt").download("last")))
print(wandb.Api().artifact("inside/third:v0").get("t").data)
print(sorted(file.name for file in derived.files()), derived.verify("out"))
"""
)


def test_references_between_artifacts_are_lineage(script: Script, pages: Pages, site: LiveServer) -> None:
    outcome = script(INSIDE)
    assert outcome.refused() == []
    assert outcome.printed == [
        "['borrowed.txt', 'entry.txt', 'two.txt'] two.txt one.txt",
        "sub/three.txt",
        "[[1]]",
        "['borrowed.txt', 'entry.txt', 'two.txt'] None",
    ]
    # the client resolves what it derives from to where the bytes are: chain's file is base's
    assert site.query(
        "answer = sorted(ArtifactReference.objects.filter(source__collection__project__name='inside')"
        ".values_list('source__collection__name', 'target__collection__name'))"
    ) == [["chain", "base"], ["derived", "base"], ["second", "first"], ["third", "first"]]
    versions = "/alice/inside/artifacts"
    assert "Derived from1 base:v0" in pages.main(f"{versions}/dataset/chain/v0")
    assert "Derived from1 first:v0" in pages.main(f"{versions}/tables/third/v0")
