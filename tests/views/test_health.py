"""What a watcher of the server asks."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
def test_well(client: Client, db: None, address: str) -> None:
    response = client.get(address)
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_not_ready_without_the_directory_of_stored_bytes(
    client: Client, db: None, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "gone"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert b"stored bytes" in response.content
    assert client.get("/livez").status_code == 200
