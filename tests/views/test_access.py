"""Every address: signed-out visitors sign in first, strangers get what they would get for nothing."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from registry import urls
from registry.core import names
from registry.core.errors import InvalidInput
from registry.core.viewer import Viewer
from registry.models import CollectionMembership, Entity, Project
from registry.services import accounts, projects
from tests.factories import logged, make_run
from tests.views.conftest import assert_valid

WORDS = {
    "entity": "ml",
    "project": "zoo",
    "type_name": "model",
    "collection": "net",
    "version": "v0",
    "uid": "r1",
    "registry": "Model",
    "organization": "acme",
    "form": "svg",
}
PUBLIC = {"livez", "readyz", "sign_in", "sign_out"}


def _patterns() -> list[URLPattern]:
    return [pattern for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)]


def _address(pattern: URLPattern) -> str:
    address = str(pattern.pattern)
    for name, word in WORDS.items():
        address = address.replace(f"<str:{name}>", word)
    return f"/{address}"


PAGES = {_address(pattern): pattern for pattern in _patterns() if pattern.name not in PUBLIC}


def test_no_owner_can_have_a_name_that_an_address_begins_with() -> None:
    first = {str(pattern.pattern).strip("^").split("/")[0] for pattern in get_resolver().url_patterns}
    first |= {str(pattern.pattern).split("/")[0] for pattern in urls.urlpatterns}
    words = {word for word in first if re.fullmatch(r"[\w-]+", word)}
    assert {"registry", "orgs", "sign-in", "authorize"} <= words
    # the admin site lets through what it does not know
    assert words - {"admin"} <= names.RESERVED
    for name in names.RESERVED:
        for clean in (names.clean_entity, names.clean_username):
            with pytest.raises(InvalidInput):
                clean(name.upper())


def test_a_user_named_admin_has_pages(acme: Entity) -> None:
    user, _ = accounts.create_user(viewer=Viewer.system(), username="admin", is_admin=True)
    project = projects.ensure_project(viewer=Viewer.system(), entity=user.entity, name="zoo")
    make_run(project, uid="r1")
    browser = Client()
    browser.force_login(user)
    for address in ("/admin", "/admin/zoo", "/admin/zoo/runs/r1", "/admin/"):
        assert browser.get(address).status_code == 200, address
    assert "Site administration" in browser.get("/admin/").content.decode()


def test_every_address_has_its_words() -> None:
    assert PAGES
    assert not any("<" in address for address in PAGES)


@pytest.mark.parametrize("pattern", _patterns(), ids=lambda pattern: pattern.name or str(pattern.pattern))
def test_every_view_says_who_may_open_it(pattern: URLPattern) -> None:
    expected = "public" if pattern.name in PUBLIC else "signed in"
    assert pattern.callback.access == expected


@pytest.mark.parametrize("address", PAGES)
def test_signed_out_visitors_sign_in_first(client: Client, zoo: Project, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert response.url.startswith("/sign-in?next=")


@pytest.mark.parametrize("address", [address for address in PAGES if address.startswith("/ml/zoo")])
def test_a_stranger_is_told_nothing_of_a_private_project(
    charlie_browser: Client, linked: CollectionMembership, zoo: Project, address: str
) -> None:
    logged(make_run(zoo, uid="r1"), linked.artifact)
    response = charlie_browser.get(address)
    assert response.status_code == 404
    assert_valid(response)


def test_pages_are_kept_in_no_cache_and_run_no_foreign_script(alice_browser: Client, zoo: Project) -> None:
    response = alice_browser.get("/ml/zoo")
    assert response.headers["Cache-Control"] == "no-store, private"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'<script type="importmap" nonce="{nonce}">' in response.content.decode()
