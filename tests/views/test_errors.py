"""What people see when something does not work."""

from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client

from registry.core import errors
from registry.models import Project
from registry.views import projects as project_views
from registry.views.errors import TABLE
from tests.views.conftest import assert_valid


@pytest.mark.parametrize(("error", "status"), [(error, status) for error, (status, _) in TABLE.items()])
def test_every_anticipated_error_has_its_status_and_names_the_request(
    alice_browser: Client, monkeypatch: pytest.MonkeyPatch, error: type[errors.LineageError], status: int
) -> None:
    def fail(**_words: object) -> None:
        raise error("The <reason> is here.")

    monkeypatch.setattr(project_views, "list_projects", fail)
    response = alice_browser.get("/")
    assert response.status_code == status
    assert_valid(response)
    page = response.content.decode()
    assert "The &lt;reason&gt; is here." in page
    assert f"request {response.headers['X-Request-Id']}" in page
    fragment = alice_browser.get("/", headers={"HX-Request": "true"})
    assert fragment.status_code == status
    assert "<html" not in fragment.content.decode()
    assert "The &lt;reason&gt; is here." in fragment.content.decode()


def test_the_table_knows_every_error() -> None:
    known = {error for error in vars(errors).values() if isinstance(error, type) and error is not errors.LineageError}
    assert known - {errors.Unauthenticated} == set(TABLE)


def test_a_missing_address_is_a_page(alice_browser: Client) -> None:
    response = alice_browser.get("/no/such/thing/at/all/here/x/y")
    assert response.status_code == 404
    assert_valid(response)


def test_a_bug_is_a_page_without_its_details(alice_browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_words: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(project_views, "list_projects", fail)
    alice_browser.raise_request_exception = False
    response = alice_browser.get("/")
    assert response.status_code == 500
    assert "a secret" not in response.content.decode()
    assert "request id below finds it" in response.content.decode()
    assert_valid(response)


def test_a_database_that_is_away_is_a_page_that_asks_for_patience(client: Client, db: None) -> None:
    client.raise_request_exception = False
    with mock.patch("django.db.models.sql.compiler.SQLCompiler.execute_sql", side_effect=OperationalError("away")):
        client.cookies["sessionid"] = "x" * 32
        response = client.get("/")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert_valid(response)


def test_nul_in_an_address_is_not_found(alice_browser: Client, zoo: Project) -> None:
    for address in ("/a%00b", "/ml/zoo/artifacts/%00", "/ml/zoo/runs/%00", "/ml/zoo/artifacts/a/b/v%000"):
        assert alice_browser.get(address).status_code == 404


def test_programs_get_plain_text(alice_browser: Client) -> None:
    response = alice_browser.get("/nobody", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/plain")
