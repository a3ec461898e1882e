"""Every mutation sent twice, as after a lost answer: the same status, and no second event in the audit log."""

from typing import Any

import pytest
from django.db import transaction
from graphql import GraphQLObjectType

from registry.api.graphql.schema import SCHEMA
from registry.models import AuditEvent, User
from tests.architecture.conftest import World, world
from tests.architecture.test_access_machines import _mutation, _post, _writes

__all__ = ["world"]
pytestmark = pytest.mark.django_db
# a draft without its files is not committed
SECOND = {"commitArtifact": 400}
# a secret that is shown once cannot be shown again
NEW_EACH_TIME = {"generateApiKey"}


def test_a_mutation_sent_again_changes_nothing(world: World) -> None:
    User.objects.filter(pk=world.people["admin"].pk).update(is_superuser=True)
    assert isinstance(SCHEMA.mutation_type, GraphQLObjectType)
    writes = _writes(world)
    assert set(writes) == set(SCHEMA.mutation_type.fields)
    wrong: dict[str, Any] = {}
    for name, words in writes.items():
        with transaction.atomic():
            first = _post(world, "admin", _mutation(name), input=words)
            events = AuditEvent.objects.count()
            second = _post(world, "admin", _mutation(name), input=words)
            repeated = AuditEvent.objects.count() - events
            transaction.set_rollback(True)
        expected = SECOND.get(name, 200)
        if (
            second.status_code != expected
            or repeated != (name in NEW_EACH_TIME)
            or first.status_code not in (200, expected)
        ):
            wrong[name] = (first.status_code, second.status_code, second.content, repeated)
    assert wrong == {}
