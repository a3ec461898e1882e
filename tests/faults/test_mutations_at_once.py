"""F10: every mutation sent several times at the same moment leaves the rows and the audit events of one."""

import http.client
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import transaction
from graphql import ExecutionResult, GraphQLObjectType, execute_sync
from pytest_django.live_server_helper import LiveServer

from registry.api.graphql.schema import SCHEMA
from registry.models import User
from tests.architecture.conftest import World, world
from tests.architecture.test_access_machines import _mutation, _post, _writes

__all__ = ["world"]
pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6
assert isinstance(SCHEMA.mutation_type, GraphQLObjectType)
# a key is new each time: it is shown once
MUTATIONS = sorted(set(SCHEMA.mutation_type.fields) - {"generateApiKey"})
# what the later ones of several may hear besides the answer of the first: what they name is gone, or has its new name
LATER = {"deleteModel": {404}, "renameProject": {404}}
# the SDK tells its drafts from one another by this
ALWAYS_SENT = {"createArtifact": {"clientID": "one-draft"}}
# a draft without its files is refused; tests/services/test_concurrency.py commits whole ones at once
REFUSED = {"commitArtifact": 400}
_TOKEN = re.compile(rb"token=[^\"]*")


def _rows() -> dict[str, int]:
    """Count what is in every table."""
    return {model.__name__: model._default_manager.count() for model in apps.get_app_config("registry").get_models()}


def _meet_before_execution(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each request wait, once it is read and its sender known, until all of them have come so far."""
    barrier = threading.Barrier(AT_ONCE)

    def together(*args: Any, **kwargs: Any) -> ExecutionResult:
        barrier.wait(timeout=30)
        return execute_sync(*args, **kwargs)

    monkeypatch.setattr("registry.api.graphql.view.execute_sync", together)


def _at_once(server: LiveServer, key: str, body: bytes) -> list[tuple[int, bytes]]:
    address = urlsplit(server.url)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}

    def one(_: int) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        try:
            connection.request("POST", "/graphql", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.mark.parametrize("name", MUTATIONS)
def test_f10_a_mutation_sent_at_once_is_one(
    live_server: LiveServer, world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(pk=world.people["admin"].pk).update(is_superuser=True)
    words: dict[str, Any] = _writes(world)[name] | ALWAYS_SENT.get(name, {})
    with transaction.atomic():
        alone = _post(world, "admin", _mutation(name), input=words)
        expected = _rows()
        transaction.set_rollback(True)
    _meet_before_execution(monkeypatch)
    body = json.dumps({"query": _mutation(name), "variables": {"input": words}}).encode()
    answers = _at_once(live_server, world.keys["admin"], body)
    assert alone.status_code == REFUSED.get(name, 200)
    assert {status for status, _ in answers} - LATER.get(name, set()) == {alone.status_code}, answers
    assert {_TOKEN.sub(b"", text) for status, text in answers if status == alone.status_code} == {
        _TOKEN.sub(b"", alone.content)
    }
    assert _rows() == expected
