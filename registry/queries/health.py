"""Whether the database and the directory of stored bytes can be used."""

import os
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from registry.core.errors import Unavailable


def check_database() -> None:
    """Raise `Unavailable` when the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise Unavailable("The database cannot be reached.") from error


def check_storage() -> None:
    """Raise `Unavailable` when stored bytes cannot be read or written. The directory appears with the first upload."""
    blobs = Path(settings.DATA_DIR) / "blobs"
    directory = blobs if blobs.exists() else blobs.parent
    if not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        raise Unavailable("The directory of stored bytes cannot be used.")
