"""The tests of the pure JavaScript modules, which node runs."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_pure_modules() -> None:
    files = sorted(str(path) for path in HERE.glob("*.test.js"))
    done = subprocess.run(
        ["node", "--test", *files], cwd=HERE.parent.parent, check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout[-4000:]
