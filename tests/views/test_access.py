"""The first words of addresses, and what every page carries; who may open which: tests/architecture/test_access*."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from registry import urls
from registry.core import names
from registry.core.errors import InvalidInput
from registry.core.viewer import Viewer
from registry.models import Entity, Project
from registry.services import accounts, projects
from tests.factories import make_run


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


def test_pages_are_kept_in_no_cache_and_run_no_foreign_script(alice_browser: Client, zoo: Project) -> None:
    response = alice_browser.get("/ml/zoo")
    assert response.headers["Cache-Control"] == "no-store, private"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'<script type="importmap" nonce="{nonce}">' in response.content.decode()
