"""Settings come from the environment; nonsense and danger are refused at start, with a sentence that helps."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lineage_site.env import NAMES

ROOT = Path(__file__).resolve().parents[2]
GOOD_KEY = "k" * 50


def start(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py check` with nothing but these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LINEAGE_", "DATABASE_URL"))}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**kept, "LINEAGE_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "lineage_site.settings", **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_it_starts_with_nothing_set(tmp_path: Path) -> None:
    assert start(tmp_path).returncode == 0
    key = tmp_path / "secret-key"
    assert key.stat().st_mode & 0o777 == 0o600
    first = key.read_text()
    assert start(tmp_path).returncode == 0
    assert key.read_text() == first


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"LINEAGE_ALOWED_HOSTS": "x"}, "LINEAGE_ALOWED_HOSTS is not a setting of Lineage Site"),
        ({"LINEAGE_SECRET_KEY": "short"}, "shorter than 32 characters"),
        ({"LINEAGE_SECRET_KEY_FILE": "/nowhere/key"}, "LINEAGE_SECRET_KEY_FILE cannot be read"),
        ({"LINEAGE_SECRET_KEY": GOOD_KEY, "LINEAGE_SECRET_KEY_FILE": "/nowhere"}, "not both"),
        ({"LINEAGE_ALLOWED_HOSTS": "*"}, "name the hosts"),
        ({"LINEAGE_DEBUG": "perhaps"}, "LINEAGE_DEBUG is 'perhaps'; use 1 or 0"),
        ({"LINEAGE_DEBUG": "1", "LINEAGE_PUBLIC_URL": "https://lineage.example.org"}, "shows secrets to visitors"),
        ({"LINEAGE_PUBLIC_URL": "lineage.example.org"}, "use the form https://lineage.example.org"),
        ({"LINEAGE_PUBLIC_URL": "https://example.org/lineage"}, "use the form"),
        ({"LINEAGE_MAX_UPLOAD_BYTES": "-1"}, "use a whole number of at least 1"),
        ({"LINEAGE_SQLITE_SYNCHRONOUS": "OFF"}, "use one of FULL, NORMAL"),
        ({"LINEAGE_OIDC_ISSUER": "http://id.example.org"}, "use an https address"),
        ({"LINEAGE_OIDC_ISSUER": "https://id.example.org"}, "LINEAGE_OIDC_CLIENT_ID is not set"),
        ({"LINEAGE_LOG_LEVEL": "loud"}, "use one of DEBUG, INFO, WARNING, ERROR"),
    ],
)
def test_nonsense_and_danger_are_refused(tmp_path: Path, variables: dict[str, str], sentence: str) -> None:
    result = start(tmp_path, **variables)
    assert result.returncode != 0
    assert sentence in result.stderr


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "mounted"
    secret.write_text(f"{GOOD_KEY}\n")
    assert start(tmp_path, LINEAGE_SECRET_KEY_FILE=str(secret)).returncode == 0
    assert not (tmp_path / "secret-key").exists()


def test_every_variable_is_documented() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text()
    assert [name for name in sorted(NAMES) if f"`{name}`" not in text] == []
