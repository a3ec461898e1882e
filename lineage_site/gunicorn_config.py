"""How gunicorn serves the site: threads over processes, because requests wait for the database and for files.

Used by the command `serve` and by `gunicorn -c python:lineage_site.gunicorn_config lineage_site.wsgi`.
"""

import gc
import os
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = 2
threads = 4
# shared memory pages: the application is loaded once, before the workers are forked
preload_app = True
keepalive = 30
# an upload may be slow; a worker that does not even answer its master is replaced
timeout = 120
graceful_timeout = 20
# gunicorn's default would put a socket into the home directory
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
limit_request_line = 8190


def when_ready(_server: Any) -> None:
    """Set apart what is loaded for good, before the workers are forked.

    Otherwise collecting garbage looks through all of it, 75 ms in the middle of an answer, and unshares its memory.
    """
    gc.collect()
    gc.freeze()
