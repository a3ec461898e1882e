"""The page that makes API keys, where `wandb login` sends people."""

import re

from django.test import Client

from registry.models import ApiKey, AuditEvent, User
from registry.services.accounts import hash_key
from tests.views.conftest import Get, assert_valid


def test_it_explains_and_makes_nothing_by_looking(get: Get) -> None:
    assert "wandb login --host http://127.0.0.1:8000" in get("/authorize")
    assert ApiKey.objects.count() == 0


def test_a_post_makes_a_key_and_shows_it_this_once(alice_browser: Client, alice: User, get: Get) -> None:
    response = alice_browser.post("/authorize", {"name": "laptop"})
    assert response.status_code == 201
    assert_valid(response)
    text = re.search(r'data-field="api-key">([^<]+)<', response.content.decode())[1]
    key = ApiKey.objects.get()
    assert (key.user, key.name, key.key_hash) == (alice, "laptop", hash_key(text))
    assert text not in get("/authorize")
    assert AuditEvent.objects.filter(action="key.created", actor_label="alice", actor_kind="session").exists()


def test_a_bad_name_is_told(alice_browser: Client) -> None:
    response = alice_browser.post("/authorize", {"name": "x" * 129})
    assert response.status_code == 422
    assert ApiKey.objects.count() == 0


def test_the_answer_is_kept_nowhere(alice_browser: Client) -> None:
    assert alice_browser.post("/authorize").headers["Cache-Control"] == "no-store, private"
