"""The tests of the pure JavaScript modules, which node runs."""

import subprocess
from pathlib import Path

HERE = Path(__file__).parent


def test_the_pure_modules() -> None:
    files = sorted(str(path) for path in HERE.glob("*.test.js"))
    done = subprocess.run(
        ["node", "--test", *files], cwd=HERE.parent.parent, check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout[-4000:]
