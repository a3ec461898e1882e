"""A1: parallel guessing gets no more tries than guessing in a row."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import Settings

from registry.core.viewer import Viewer
from registry.services import accounts

TRIES = 30


@pytest.fixture
def _fresh_counts() -> Iterator[None]:
    """The counts are in a table that is not emptied between tests that commit."""
    cache.clear()
    yield
    cache.clear()


def _guess(number: int) -> str:
    try:
        words = {"username": "guessed-at", "password": f"guess-{number}"}
        response = Client().post("/sign-in", words, headers={"X-Forwarded-For": f"203.0.113.{number}"})
        assert response.status_code == 422
        return "refused" if "Too many failed attempts" in response.content.decode() else "tried"
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_fresh_counts")
def test_a1_thirty_parallel_guesses_from_thirty_addresses_get_five_tries(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    accounts.create_user(viewer=Viewer.system(), username="guessed-at", password="the right password")
    with ThreadPoolExecutor(TRIES) as pool:
        got = Counter(pool.map(_guess, range(TRIES)))
    # who cannot even get at the count within a second is refused too
    assert 1 <= got["tried"] <= 5
    assert got["refused"] == TRIES - got["tried"]
