"""`manage.py password_link`: for administrators who are locked out, too."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from registry.models import AuditEvent, User


def test_the_link_opens_the_account_once(alice: User) -> None:
    out = StringIO()
    call_command("password_link", "alice", "--json", stdout=out)
    link = json.loads(out.getvalue())["link"].removeprefix("http://127.0.0.1:8000")
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.actor_label, event.object_label) == ("password.link_created", "system", "alice")
    words = {"password": "another password", "again": "another password"}
    assert Client().post(link, words).url == "/sign-in"
    assert Client().post(link, words).status_code == 404
    alice.refresh_from_db()
    assert alice.check_password("another password")


def test_for_nobody_and_for_a_disabled_user_there_is_none(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    for name in ("alice", "nobody"):
        with pytest.raises(CommandError):
            call_command("password_link", name)
