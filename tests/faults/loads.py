"""What the real SDK does at size: one huge file, very many files, very many processes. Facts and seconds of each."""

import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.sdk.conftest import environment, requests_in, retries_in
from tests.server import LiveServer

PATIENCE_SECONDS = 900
_BIG_FILE = """
import hashlib, pathlib, sys, time, wandb
path, size = pathlib.Path("big.bin"), int(sys.argv[1])
with path.open("wb") as file:
    for start in range(0, size, 64 << 20):
        file.seek(start)
        file.write(start.to_bytes(8, "big") * 512)
    file.truncate(size)
def digest(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
with wandb.init(project="big") as run:
    started = time.time()
    artifact = wandb.Artifact("big", type="dataset")
    artifact.add_file(str(path), policy="immutable", skip_cache=True)
    run.log_artifact(artifact).wait()
    print("up", time.time() - started)
    expected = digest(path)
    path.unlink()
    started = time.time()
    found = pathlib.Path(run.use_artifact("big:v0").download(root="copy", skip_cache=True), "big.bin")
    print("down", time.time() - started)
    assert digest(found) == expected
"""
_MANY_FILES = """
import pathlib, sys, time, wandb
count = int(sys.argv[1])
folder = pathlib.Path("files")
for number in range(count):
    path = folder / str(number % 100) / f"{number}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"content {number}")
with wandb.init(project="many") as run:
    started = time.time()
    artifact = wandb.Artifact("many", type="dataset")
    artifact.add_dir(str(folder))
    run.log_artifact(artifact).wait()
    print("up", time.time() - started)
    started = time.time()
    copy = pathlib.Path(run.use_artifact("many:v0").download(root="copy", skip_cache=True))
    print("down", time.time() - started)
    for path in folder.rglob("*.txt"):
        assert (copy / path.relative_to(folder)).read_text() == path.read_text()
"""
_ONE_OF_MANY = """
import sys, wandb
me, artifacts, files = map(int, sys.argv[1:])
with wandb.init(project="crowd", id=f"crowd-{me}") as run:
    for number in range(artifacts):
        artifact = wandb.Artifact(f"data-{number % 4}", type="dataset")
        for name in range(files):
            with artifact.new_file(f"{name}.txt", "w") as file:
                file.write(f"{me} {number} {name}")
        run.log_artifact(artifact)
"""
# every file of every version, read back from the disk and compared with what its process wrote
CROWD = """
import hashlib
from pathlib import Path
from django.conf import settings
numbers, wrong, seen = {}, [], set()
for artifact in Artifact.objects.filter(collection__project__name="crowd", state="committed").select_related(
        "collection"):
    numbers.setdefault(artifact.collection.name, []).append(artifact.version)
    contents = {}
    for entry in artifact.entries.select_related("blob"):
        sha = entry.blob.sha256
        contents[entry.path] = Path(settings.DATA_DIR, "blobs", sha[:2], sha).read_text()
    first = set(text.rsplit(" ", 1)[0] for text in contents.values())
    if len(first) != 1 or {name: f"{next(iter(first))} {name[:-4]}" for name in contents} != contents:
        wrong.append(f"{artifact.collection.name} v{artifact.version} {contents}")
    seen |= first
answer = {
    "numbers": {name: sorted(found) == list(range(len(found))) for name, found in numbers.items()},
    "versions": sum(map(len, numbers.values())),
    "wrong": wrong,
    "contents": len(seen),
    "entries": ManifestEntry.objects.filter(artifact__collection__project__name="crowd").count(),
    "edges": Edge.objects.filter(run__project__name="crowd").count(),
    "events": AuditEvent.objects.filter(action="version.added", collection_id__in=ArtifactCollection.objects.filter(
        project__name="crowd").values("pk")).count(),
}
"""


@dataclass
class Load:
    """How a scenario went: seconds by what they were for, and whatever had to be asked again."""

    seconds: dict[str, float] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    requests: int = 0
    server_seconds: float = 0
    memory_growth: dict[int, int] = field(default_factory=dict)


def big_file(site: LiveServer, directory: Path, size: int) -> Load:
    """Save and load one file of `size` bytes; `memory_growth` has what each server process took for it, in bytes."""
    _run(site, directory / "warm", _MANY_FILES, "20")
    with _growth(site) as growth:
        load = _run(site, directory / "big", _BIG_FILE, str(size))
    load.memory_growth = growth
    return load


def many_files(site: LiveServer, directory: Path, count: int) -> Load:
    """Save a version of `count` small files and load it."""
    return _run(site, directory, _MANY_FILES, str(count))


def crowd(site: LiveServer, directory: Path, *, processes: int, artifacts: int, files: int) -> Load:
    """Let processes save versions into the same four collections at the same time."""
    started, start, spent = time.monotonic(), len(site.log()), _processor_seconds(site)
    running = [
        _start(site, directory / str(number), _ONE_OF_MANY, str(number), str(artifacts), str(files))
        for number in range(processes)
    ]
    outcomes = [(process.communicate(timeout=PATIENCE_SECONDS), process.returncode) for process in running]
    load = _load(site, directory, start)
    load.seconds["all"], load.server_seconds = time.monotonic() - started, _processor_seconds(site) - spent
    for (_, errors), code in outcomes:
        assert code == 0, errors
    return load


def _run(site: LiveServer, directory: Path, code: str, *arguments: str) -> Load:
    start, spent = len(site.log()), _processor_seconds(site)
    process = _start(site, directory, code, *arguments)
    output, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, f"{output}\n{errors}"
    load = _load(site, directory, start)
    load.server_seconds = _processor_seconds(site) - spent
    for line in output.splitlines():
        if line.startswith(("up ", "down ")):
            what, _, seconds = line.partition(" ")
            load.seconds[what] = float(seconds)
    return load


def _start(site: LiveServer, directory: Path, code: str, *arguments: str) -> subprocess.Popen[str]:
    directory.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=directory,
        env=environment(site, directory / "home"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _load(site: LiveServer, directory: Path, start: int) -> Load:
    requests = requests_in(site.log()[start:])
    refused = [
        f"{one['method']} {one['path']} {one['operation']} {one['status']}"
        for one in requests
        if int(one["status"]) >= 400 and not one["path"].startswith("/sdk/otel/")
    ]
    return Load(repeated=[*refused, *retries_in(directory)], requests=len(requests))


@contextmanager
def _growth(site: LiveServer) -> Iterator[dict[int, int]]:
    """Fill in, by process, by how much its own memory exceeded that of the beginning while the block ran."""
    before, growth, stop = _memory(site), dict[int, int](), threading.Event()

    def watch() -> None:
        while not stop.wait(0.2):
            for pid, used in _memory(site).items():
                growth[pid] = max(growth.get(pid, 0), used - before.get(pid, 0))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield growth
    finally:
        stop.set()
        watcher.join()


def _processes(site: LiveServer) -> list[int]:
    assert site.process is not None
    master = site.process.pid
    children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
    return [master, *map(int, children)]


def _memory(site: LiveServer) -> dict[int, int]:
    """Return the proportional memory of each of the server's processes, in bytes."""
    return {pid: _proportional(pid) for pid in _processes(site)}


def _processor_seconds(site: LiveServer) -> float:
    """Return what the server's processes have used of the processor: a busy machine does not change that much."""
    stats = [Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2] for pid in _processes(site)]
    return sum(int(ticks) for stat in stats for ticks in stat.split()[11:13]) / os.sysconf("SC_CLK_TCK")


def _proportional(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) << 10
    return 0


def describe(load: Load) -> dict[str, Any]:
    """Return the load as a line of figures for people."""
    grown = {"memory_mb": round(max(load.memory_growth.values()) / 1e6, 1)} if load.memory_growth else {}
    seconds = {name: round(value, 1) for name, value in load.seconds.items()}
    spent = {"server_cpu_seconds": round(load.server_seconds, 1)}
    return {"seconds": seconds, **spent, "requests": load.requests, "repeated": len(load.repeated), **grown}
