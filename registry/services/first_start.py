"""What a new installation gets: an administrator with a password and an API key, kept in the data directory."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import transaction

from registry.core.viewer import Viewer
from registry.models import User
from registry.services import accounts

# not "admin": the pages of that name would stand beside the admin site
ADMIN_NAME = "owner"


@dataclass(frozen=True, slots=True)
class Credentials:
    """The sign-in and the key that were made on first start."""

    username: str
    password: str
    api_key: str


def ensure_credentials(*, data_dir: Path) -> tuple[Credentials, bool]:
    """Return the first administrator's credentials and whether they are new.

    They are kept in `credentials.json`, readable by the owner alone. When somebody has changed the password or
    revoked the key since, that stays so: the file only tells what was made.
    """
    path = data_dir / "credentials.json"
    if path.exists() and User.objects.filter(is_superuser=True).exists():
        return Credentials(**json.loads(path.read_text(encoding="utf-8"))), False
    credentials = _create()
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(asdict(credentials)), encoding="utf-8")
    return credentials, True


@transaction.atomic
def _create() -> Credentials:
    viewer = Viewer.system()
    password = secrets.token_urlsafe(12)
    user, _ = accounts.create_user(viewer=viewer, username=ADMIN_NAME, password=password, is_admin=True)
    _, api_key = accounts.create_api_key(viewer=viewer, user=user, name="first start")
    return Credentials(username=user.username, password=password, api_key=api_key)
