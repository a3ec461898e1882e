"""The fixed cast, on whichever database the run is for.

alice owns the team `ml` and its project `zoo`; bob is her team mate; charlie is a stranger of the same organisation.
"""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.core.management.commands import flush
from django.db import connection

from registry.core.viewer import Role, Viewer
from registry.models import Entity, Project, User
from registry.queries.accounts import get_viewer
from registry.services import accounts, projects

_triggers = import_module("registry.migrations.0002_audit_is_append_only")


@pytest.fixture(scope="session", autouse=True)
def _flush_may_empty_the_audit_log() -> Iterator[None]:
    """Let Django empty the tables between tests that commit: lift the audit triggers for that moment only."""
    original = flush.Command.handle

    def handle(self: flush.Command, **options: object) -> None:
        with connection.schema_editor() as editor:
            _triggers.backwards(None, editor)
        try:
            original(self, **options)
        finally:
            with connection.schema_editor() as editor:
                _triggers.forwards(None, editor)

    flush.Command.handle = handle  # type: ignore[method-assign]
    yield
    flush.Command.handle = original  # type: ignore[method-assign]


@pytest.fixture
def acme(db: None) -> Entity:
    """The home organisation, with its registries Model and Dataset."""
    return accounts.create_organization(viewer=Viewer.system(), name="acme")


def _person(username: str, name: str) -> User:
    user, _ = accounts.create_user(
        viewer=Viewer.system(), username=username, password=f"{username}-password", name=name
    )
    return user


@pytest.fixture
def alice(acme: Entity) -> User:
    return _person("alice", "Alice Adams")


@pytest.fixture
def bob(acme: Entity) -> User:
    return _person("bob", "Bob Brown")


@pytest.fixture
def charlie(acme: Entity) -> User:
    return _person("charlie", "Charlie Chen")


@pytest.fixture
def ml(acme: Entity, alice: User, bob: User) -> Entity:
    """The team of alice (admin) and bob (member)."""
    team = accounts.create_team(viewer=Viewer.system(), name="ml", organization=acme)
    accounts.add_member(viewer=Viewer.system(), entity=team, user=alice, role=Role.ADMIN)
    accounts.add_member(viewer=Viewer.system(), entity=team, user=bob, role=Role.MEMBER)
    return team


@pytest.fixture
def as_alice(alice: User, ml: Entity) -> Viewer:
    return get_viewer(user_id=alice.pk)


@pytest.fixture
def as_bob(bob: User, ml: Entity) -> Viewer:
    return get_viewer(user_id=bob.pk)


@pytest.fixture
def as_charlie(charlie: User) -> Viewer:
    return get_viewer(user_id=charlie.pk)


@pytest.fixture
def zoo(as_alice: Viewer, ml: Entity) -> Project:
    """The team's private project `ml/zoo`."""
    return projects.ensure_project(viewer=as_alice, entity=ml, name="zoo")
