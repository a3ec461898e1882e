"""A6: a marked key, password, link and token, used rightly and wrongly, are found nowhere afterwards."""

import json
import logging
import re
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from lineage_site.logs import mask
from registry.core.viewer import Viewer
from registry.services import accounts
from registry.storage.signatures import Grant, Purpose, sign
from tests.architecture.conftest import WORDS, World

KEY = "canary00-" + "Canary9" * 6
PASSWORD = "canary-password-of-ada"
HISTORIES = ("/ml/otterproject/history/export?format=json", "/registry/Holt/lynx/history/export?format=csv")


def _use_everything(world: World) -> dict[str, str]:
    """Do what people and scripts do, rightly and wrongly; return every secret that was in play."""
    ada = world.people["admin"]
    accounts.create_api_key(viewer=Viewer.system(), user=ada, text=KEY)
    browser = world.browser("admin")
    words = {"current": "ada-password", "password": PASSWORD, "again": PASSWORD}
    assert browser.post("/account/password", words).status_code == 302
    Client().post("/sign-in", {"username": PASSWORD, "password": PASSWORD + "x"})
    link = re.search(r"/invitations/([\w-]+)<", browser.post("/people/ml/invite", {"role": "member"}).content.decode())[
        1
    ]
    Client().post(f"/invitations/{link}", {"username": "x", "password": "short", "again": "short"})
    Client().get(f"/invitations/{link}/")
    token = sign(Purpose.DOWNLOAD_FILE, Grant(user_id=ada.pk, row_id=10**9))
    Client().get(f"/storage/df/x?token={token}")
    Client().get(f"/storage/uf/x?token={token}")
    _use_key()
    secrets = {"key": KEY, "password": PASSWORD, "link": link, "token": token}
    return secrets | {"session": browser.cookies["sessionid"].value}


def _use_key() -> None:
    good = {"Authorization": f"Bearer {KEY}"}
    for headers in (good, {"Authorization": f"Bearer {KEY}x"}, {"Authorization": f"Digest {KEY}"}, {}):
        machine = Client(headers=headers, raise_request_exception=False)
        for body in ('{"query":"query{viewer{id}}"}', '{"query":"query{nothing}"}', KEY, f'{{"query":"{KEY}"}}'):
            machine.post("/graphql", body, content_type="application/json")
        machine.post(f"/files/ml/{WORDS['project']}/x/file_stream", KEY, content_type="application/json")
        machine.get(f"/graphql?api_key={KEY}")
        machine.get(f"/nobody/{KEY}")


def _rows() -> str:
    """Every row of every table, but for sessions, which hold keys of cookies by design."""
    found: list[Any] = []
    for model in apps.get_models(include_auto_created=True):
        if model.__name__ != "Session" and issubclass(model, models.Model):
            found.extend(model._default_manager.values_list())
    return repr(found)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What the site's own handler writes."""
    stream = StringIO()
    handler = next(one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    monkeypatch.setattr(handler, "stream", stream)
    return stream


def test_a6_no_secret_is_logged_stored_or_exported(world: World, log: StringIO) -> None:
    secrets = _use_everything(world)
    logged = log.getvalue()
    assert "graphql" in logged, "the log was not captured"
    exports = "".join(_export(world, address) for address in HISTORIES)
    assert '"action"' in exports
    found = {
        (place, name)
        for place, text in (("log", logged), ("rows", _rows()), ("exports", exports))
        for name, secret in secrets.items()
        if secret in text
    }
    # a user name that is somebody's password is counted and forgotten, never written
    assert found == set()


def _export(world: World, address: str) -> str:
    response: Any = world.browser("admin").get(address)
    return b"".join(response.streaming_content).decode()


def test_a6_error_pages_repeat_no_secret(world: World) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Cookie": f"sessionid={KEY}"}
    for method in ("get", "post", "put"):
        for address in ("/nowhere/at/all", "/sign-out", "/account/name", "/graphql", "/storage/df/x", "/admin/"):
            response = getattr(Client(headers=headers, raise_request_exception=False), method)(address)
            assert KEY not in response.content.decode(), (method, address)
            assert KEY not in json.dumps(dict(response.headers)), (method, address)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (f"401 key {KEY} refused", "401 key canary00-… refused"),
        ("Not Found: /invitations/abc-DEF_1", "Not Found: /invitations/…"),
        ("Not Found: /reset-password/MQ/abc-def", "Not Found: /reset-password/MQ/…"),
        ("GET /storage/df/x?token=a:b:c&x=1 200", "GET /storage/df/x?token=…&x=1 200"),
        ("Not Found: /ml/zoo/artifacts/model/a-b-c/v0", "Not Found: /ml/zoo/artifacts/model/a-b-c/v0"),
    ],
)
def test_a6_a_line_is_masked(line: str, shown: str) -> None:
    assert mask(line) == shown
