"""How gunicorn serves the site."""

import subprocess
import sys

# in a process of its own: what is set apart stays so
LOADED = """
import gc
from lineage_site import gunicorn_config, wsgi
before = len(gc.get_objects())
gunicorn_config.when_ready(None)
print(before, gc.get_freeze_count())
"""


def test_what_is_loaded_for_good_is_never_looked_through_again() -> None:
    found = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    before, frozen = map(int, found.stdout.split())
    assert before > 50_000
    assert frozen > before / 2
