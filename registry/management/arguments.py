"""Argument forms that several commands share."""

import json
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from registry.core.viewer import Role


def parse_member(text: str, default: Role) -> tuple[str, Role]:
    """Parse `NAME` or `NAME:role`."""
    username, colon, role = text.partition(":")
    if not colon:
        return username, default
    if role not in set(Role):
        raise CommandError(f"The role {role!r} does not exist; use {', '.join(Role)}.")
    return username, Role(role)


def as_output(answer: Mapping[str, Any], *, as_json: bool) -> str:
    """Return the answer as one line of JSON, or as `name: value` lines for people."""
    if as_json:
        return json.dumps(answer, ensure_ascii=False)
    return "\n".join(f"{name}: {value}" for name, value in answer.items() if value is not None)
