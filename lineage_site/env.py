"""Typed readers of environment variables.

Every setting of this project is named here, so that a misspelt name is refused at start instead of being ignored.
A secret may come from a file: `LINEAGE_SECRET_KEY_FILE` names one that holds the value of `LINEAGE_SECRET_KEY`.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

PREFIX = "LINEAGE_"
NAMES = frozenset(
    {
        "LINEAGE_ALLOWED_HOSTS",
        "LINEAGE_DATA_DIR",
        "LINEAGE_DATABASE_POOL_SIZE",
        "LINEAGE_DEBUG",
        "LINEAGE_LOG_LEVEL",
        "LINEAGE_MAX_UPLOAD_BYTES",
        "LINEAGE_OIDC_CLIENT_ID",
        "LINEAGE_OIDC_CLIENT_SECRET",
        "LINEAGE_OIDC_CREATE_USERS",
        "LINEAGE_OIDC_ISSUER",
        "LINEAGE_OIDC_NAME",
        "LINEAGE_ORGANIZATION",
        "LINEAGE_PUBLIC_URL",
        "LINEAGE_SECRET_KEY",
        "LINEAGE_SIGNED_URL_SECONDS",
        "LINEAGE_SQLITE_SYNCHRONOUS",
        "LINEAGE_TRUSTED_PROXIES",
    }
)


class Environment:
    """Reads one mapping, usually `os.environ`. Raises `ImproperlyConfigured` on nonsense."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self._variables = variables
        known = NAMES | {f"{name}_FILE" for name in NAMES}
        for name in sorted(variables):
            if name.startswith(PREFIX) and name not in known:
                raise ImproperlyConfigured(f"{name} is not a setting of Lineage Site. See docs/configuration.md.")

    def text(self, name: str, default: str | None = None) -> str:
        """Return the value of `name`, or the content of the file that `name_FILE` names."""
        value, path = self._variables.get(name), self._variables.get(f"{name}_FILE")
        if value is not None and path is not None:
            raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
        if path is not None:
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}.") from error
        if value is not None:
            return value
        if default is None:
            raise ImproperlyConfigured(f"{name} is not set. See docs/configuration.md.")
        return default

    def is_set(self, name: str) -> bool:
        return name in self._variables or f"{name}_FILE" in self._variables

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.text(name, "1" if default else "0").lower()
        if value not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
            raise ImproperlyConfigured(f"{name} is {value!r}; use 1 or 0.")
        return value in {"1", "true", "yes", "on"}

    def number(self, name: str, default: int, minimum: int = 0) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or int(value) < minimum:
            raise ImproperlyConfigured(f"{name} is {value!r}; use a whole number of at least {minimum}.")
        return int(value)

    def words(self, name: str, default: str = "") -> list[str]:
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value.upper() not in choices:
            raise ImproperlyConfigured(f"{name} is {value!r}; use one of {', '.join(choices)}.")
        return value.upper()
