"""Who is looking: a value that every query takes first.

It holds ids only, loaded once by `queries.accounts.get_viewer`, so that a query filters by it without a lookup.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self


class Role(StrEnum):
    """What a member may do in an organisation, a team or a project; ordered from least to most."""

    VIEWER = "viewer"
    MEMBER = "member"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        order = list(Role)
        return order.index(self) >= order.index(other)


class ActorKind(StrEnum):
    """The way a change came in, as the audit log names it."""

    SESSION = "session"
    API_KEY = "api_key"
    SYSTEM = "system"
    SIGNED_URL = "signed_url"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, for the audit log; empty for commands."""

    kind: ActorKind = ActorKind.SYSTEM
    key_prefix: str = ""
    request_id: str = ""
    ip: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Viewer:
    """The identity and the memberships of the person, key or system that acts.

    `entity_roles` maps the entities of which the viewer is a member (the own entity, teams, organisations) to the
    role there; `project_roles` maps single projects. `organization_ids` are the home organisations.
    """

    user_id: int | None = None
    username: str = ""
    is_all_seeing: bool = False
    entity_roles: dict[int, Role] = field(default_factory=dict)
    project_roles: dict[int, Role] = field(default_factory=dict)
    organization_ids: frozenset[int] = frozenset()
    origin: Origin = Origin()

    @classmethod
    def system(cls) -> Self:
        """Return the viewer for commands, jobs and migrations: sees and may do everything."""
        return cls(username="system", is_all_seeing=True)

    @classmethod
    def anonymous(cls) -> Self:
        return cls()

    @property
    def is_authenticated(self) -> bool:
        return self.user_id is not None or self.is_all_seeing

    @property
    def entity_ids(self) -> frozenset[int]:
        """The entities whose private projects are open to the viewer: an organisation's to its admins only."""
        return frozenset(
            entity
            for entity, role in self.entity_roles.items()
            if entity not in self.organization_ids or role is Role.ADMIN
        )

    @property
    def project_ids(self) -> frozenset[int]:
        return frozenset(self.project_roles)
