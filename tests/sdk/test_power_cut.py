"""F1: the server is killed with SIGKILL again and again while versions are saved; what it acknowledged is whole."""

import random
import threading
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from tests.sdk.conftest import Script
from tests.sdk.saver import Saver
from tests.server import LiveServer, start_server

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]

# every committed version against the disk: entries, digests, sizes, the artifact's own digest; and the counters
CHECK = """
import hashlib
from pathlib import Path
from django.conf import settings
from registry.core.digests import artifact_digest
from registry.core.global_ids import encode_id
problems, whole = [], []
for artifact in Artifact.objects.filter(state="committed").select_related("collection"):
    entries = list(artifact.entries.select_related("blob"))
    for entry in entries:
        sha = entry.blob.sha256
        path = Path(settings.DATA_DIR, "blobs", sha[:2], sha)
        content = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(content).hexdigest() != sha or hashlib.md5(content).hexdigest() != entry.blob.md5:
            problems.append(f"{artifact.pk} {entry.path}: the bytes are not there")
    if artifact_digest((entry.path, entry.digest) for entry in entries) != artifact.digest:
        problems.append(f"{artifact.pk}: the entries are not its own")
    if len(entries) != artifact.file_count:
        problems.append(f"{artifact.pk}: {len(entries)} of {artifact.file_count} entries")
    if AuditEvent.objects.filter(action="version.added", artifact_id=artifact.pk).count() != 1:
        problems.append(f"{artifact.pk}: not one audit event")
    whole.append(encode_id("Artifact", artifact.pk))
for collection in ArtifactCollection.objects.all():
    numbers = sorted(collection.artifacts.filter(state="committed").values_list("version", flat=True))
    if numbers != list(range(collection.next_version)):
        problems.append(f"{collection.name}: {numbers} of {collection.next_version}")
    if numbers and collection.aliases.get(name="latest").artifact.version != numbers[-1]:
        problems.append(f"{collection.name}: latest is not the newest")
drafts = ManifestEntry.objects.exclude(artifact__state="committed").count()
if drafts:
    problems.append(f"{drafts} entries of versions that are not committed")
answer = {"problems": problems, "whole": whole}
"""


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[LiveServer]:
    with start_server(tmp_path / "victim") as server:
        yield server


def _save_until(stop: threading.Event, site: LiveServer, number: int, acknowledged: list[str]) -> None:
    saver, count = Saver(site), 0
    while not stop.is_set():
        count += 1
        files = {f"{part}.bin": random.Random(f"{number} {count} {part}").randbytes(200_000) for part in range(3)}
        try:
            acknowledged.append(saver.save(f"series-{number}", files))
        except (OSError, HTTPException):
            time.sleep(0.02)


def _cut_power(site: LiveServer, rounds: int) -> tuple[list[str], list[float]]:
    acknowledged: list[str] = []
    starts: list[float] = []
    stop = threading.Event()
    savers = [
        threading.Thread(target=_save_until, args=(stop, site, number, acknowledged), daemon=True)
        for number in range(3)
    ]
    for saver in savers:
        saver.start()
    for _ in range(rounds):
        time.sleep(random.uniform(0.3, 1.2))
        site.kill()
        started = time.monotonic()
        site.start()
        starts.append(time.monotonic() - started)
    time.sleep(1)
    stop.set()
    for saver in savers:
        saver.join(timeout=60)
    site.kill()
    return acknowledged, starts


def _assert_whole(site: LiveServer, acknowledged: list[str]) -> None:
    found: Any = site.query(CHECK)
    assert found["problems"] == []
    assert len(acknowledged) > 0
    assert set(acknowledged) - set(found["whole"]) == set()


def test_f1_three_power_cuts_lose_nothing(victim: LiveServer) -> None:
    acknowledged, _ = _cut_power(victim, 3)
    _assert_whole(victim, acknowledged)


@pytest.mark.slow
def test_f1_ten_power_cuts_lose_nothing(victim: LiveServer) -> None:
    acknowledged, starts = _cut_power(victim, 10)
    _assert_whole(victim, acknowledged)
    assert sorted(starts)[len(starts) // 2] < 6


def _cut_once_saving(site: LiveServer, start: int) -> None:
    """Kill and start the server again when a few versions are saved."""
    deadline = time.monotonic() + 60
    while site.log()[start:].count("CommitArtifact 200") < 5 and time.monotonic() < deadline:
        time.sleep(0.05)
    site.kill()
    site.start()


def test_f1_the_sdk_finishes_by_retrying(site: LiveServer, script: Script) -> None:
    start = len(site.log())
    cut = threading.Thread(target=_cut_once_saving, args=(site, start))
    cut.start()
    outcome = script(
        """
        import wandb
        with wandb.init(project="retries", id="retried") as run:
            for number in range(60):
                artifact = wandb.Artifact("series", type="dataset")
                with artifact.new_file("n.bin", "wb") as file: file.write(bytes([number]) * 300_000)
                run.log_artifact(artifact)  # wait() would also read, and what reads is not repeated by the SDK
        print("all saved")
        """,
        retries=True,
    )
    cut.join()
    assert outcome.printed == ["all saved"]
    assert outcome.retried() != []
    before, _, after = site.log()[start:].partition("Starting gunicorn")
    assert "CommitArtifact 200" in before
    assert "CommitArtifact 200" in after
    answer = site.query(
        "rows = Artifact.objects.filter(collection__project__name='retries', state='committed')\n"
        "answer = [sorted(rows.values_list('version', flat=True)), Run.objects.get(uid='retried').state,"
        " Edge.objects.filter(run__uid='retried').count()]"
    )
    assert answer == [list(range(60)), "finished", 60]
