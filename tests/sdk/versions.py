"""The versions of the SDK that are tried: the installed one, and the oldest, which has an environment of its own."""

import fcntl
import importlib.metadata
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from tests.server import ROOT

NEWEST = importlib.metadata.version("wandb")
OLDEST = "0.28.2"
# what the SDK asks for when artifacts hold pictures and references to s3:// and gs://
_COMPANIONS = ("pillow", "boto3", "google-cloud-storage")


@dataclass(frozen=True)
class Sdk:
    """One version of the SDK and the interpreter that has it."""

    version: str
    python: str


def sdk_of(version: str) -> Sdk:
    """Return the SDK of the version; an environment is made once and kept under build/."""
    if version == NEWEST:
        return Sdk(version, sys.executable)
    home = ROOT / "build" / f"wandb-{version}"
    home.parent.mkdir(exist_ok=True)
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return Sdk(version, str(_environment(home, version)))


def _environment(home: Path, version: str) -> Path:
    python, made = home / "bin" / "python", home / "made"
    wanted = [f"wandb=={version}", *(f"{name}=={importlib.metadata.version(name)}" for name in _COMPANIONS)]
    if not made.exists() or made.read_text().split() != wanted:
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *wanted], check=True, timeout=300)
        made.write_text(" ".join(wanted))
    return python
