"""Settings of the test run: the real ones, with a data directory and keys of its own and a fast password hasher.

Which database is tested follows from DATABASE_URL, as everywhere; `tests/with_postgresql.py` sets it.
"""

import os
import tempfile

os.environ.setdefault("LINEAGE_DATA_DIR", tempfile.mkdtemp(prefix="lineage-test-"))
os.environ.setdefault("LINEAGE_SECRET_KEY", "a key for tests only, which nothing secret depends on")

from lineage_site.settings import *  # noqa: F403
from lineage_site.settings import DATA_DIR, DATABASES, STATIC_ROOT, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(exist_ok=True)
# files are served as they are in static/, without collecting them first
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # a file, not memory: threads and the live server must see the same database, under the same locks as in production
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    # every thread of a test has its own connection and closes it, which a pool would keep
    DATABASES["default"]["OPTIONS"].pop("pool")
