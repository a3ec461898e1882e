"""Threads, processes and distributed saves: everything arrives once, numbered without gaps."""

import pytest

from tests.sdk.conftest import Script
from tests.sdk.pages import Pages

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]

PREPARE = """
import multiprocessing, threading, wandb
quiet = wandb.Settings(silent=True)
def start(name, **given): return wandb.init(project="modes", id=name, name=name, settings=quiet, **given)
def artifact(name, text, path="n.txt"):
    one = wandb.Artifact(name, "dataset")
    with one.new_file(path) as file: file.write(text)
    return one
def together(*tasks):
    for task in tasks: task.start()
    for task in tasks: task.join()
def versions(name): return [one.version for one in wandb.Api().artifacts("dataset", name, order="+version_index")]
"""


def test_processes_save_to_one_collection_and_to_one_version(script: Script, pages: Pages) -> None:
    outcome = script(
        PREPARE
        + """
def work(number):
    with start(f"process-{number}", group="processes", job_type="part") as run:
        run.use_artifact("base:latest")
        run.upsert_artifact(artifact("parts", str(number), f"{number}.txt"), distributed_id="together")
        for step in range(2): run.log_artifact(artifact("series", f"{number} {step}"))
        run.log_artifact(artifact("same", "the same")).wait()
if __name__ == "__main__":
    with start("first") as run: run.log_artifact(artifact("base", "base")).wait()
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=work, args=(number,)) for number in range(3)]
    together(*workers)
    print([worker.exitcode for worker in workers])
    with start("last", group="processes", job_type="whole") as run:
        whole = run.finish_artifact(artifact("parts", "end", "end.txt"), distributed_id="together").wait()
        print(whole.version, sorted(whole.manifest.entries), whole.digest == whole.manifest.digest())
    print(versions("modes/series"), versions("modes/same"))
"""
    )
    assert outcome.refused() == []
    assert outcome.printed == [
        "[0, 0, 0]",
        "v0 ['0.txt', '1.txt', '2.txt', 'end.txt'] True",
        "['v0', 'v1', 'v2', 'v3', 'v4', 'v5'] ['v0']",
    ]
    version = "/alice/modes/artifacts/dataset"
    assert pages.fetch(f"{version}/parts/v0/files/download", path="2.txt") == b"2"
    producers = pages.main(f"{version}/same/v0/usage")
    assert all(f"process-{number}" in producers for number in range(3))
    assert {one for one, other in pages.lineage(f"{version}/base/v0").edges() if other == "base:v0"} == {"first"}


@pytest.mark.slow
def test_threads_share_a_run_or_have_one_each(script: Script, pages: Pages) -> None:
    outcome = script(
        PREPARE
        + """
runs = [start(f"thread-{number}", reinit="create_new") for number in range(3)]
def work(run, number):
    for step in range(3): run.log_artifact(artifact("threaded", f"{number} {step}")).wait()
    run.finish()
together(*(threading.Thread(target=work, args=(run, number)) for number, run in enumerate(runs)))
shared = start("shared")
together(*(threading.Thread(target=lambda name=f"own-{number}": shared.log_artifact(artifact(name, "x")).wait())
           for number in range(4)))
shared.finish()
print(versions("modes/threaded"))
print(sorted(one.name for one in wandb.Api().run("modes/shared").logged_artifacts()))
print([len(wandb.Api().run(f"modes/thread-{number}").logged_artifacts()) for number in range(3)])
"""
    )
    assert outcome.refused() == []
    assert outcome.printed == [
        str([f"v{number}" for number in range(9)]),
        "['own-0:v0', 'own-1:v0', 'own-2:v0', 'own-3:v0']",
        "[3, 3, 3]",
    ]
    shown = pages.main("/alice/modes/runs/shared")
    assert all(f"own-{number}" in shown for number in range(4))
