"""Browsers of the three people, and what every page must hold."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import html5lib
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.core.viewer import Viewer
from registry.models import Artifact, CollectionMembership, Entity, Project, User
from registry.services.links import link_version
from tests.factories import make_version
from tests.views.lineage_pages import Pipeline, make_pipeline

Get = Callable[..., str]
MOST_QUERIES = 15


def _browser(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def alice_browser(alice: User, ml: Entity) -> Client:
    return _browser(alice)


@pytest.fixture
def bob_browser(bob: User, ml: Entity) -> Client:
    return _browser(bob)


@pytest.fixture
def charlie_browser(charlie: User) -> Client:
    return _browser(charlie)


@pytest.fixture
def get(alice_browser: Client) -> Get:
    """Open an address as alice; return the page's text after checking that it is valid HTML and was cheap."""

    def get(address: str, status: int = 200, **headers: str) -> str:
        with CaptureQueriesContext(connection) as queries:
            response = alice_browser.get(address, headers=headers)
        assert response.status_code == status, response
        assert len(queries) <= MOST_QUERIES, [query["sql"][:200] for query in queries]
        if not headers:
            assert_valid(response)
        return response.content.decode()

    return get


def assert_valid(response: HttpResponse) -> None:
    html5lib.HTMLParser(strict=True).parse(response.content.decode())


@contextmanager
def same_queries(browser: Client, address: str) -> Iterator[None]:
    """Check that the page takes as many queries after the block as before it."""
    with CaptureQueriesContext(connection) as before:
        browser.get(address)
    yield
    with CaptureQueriesContext(connection) as after:
        browser.get(address)
    assert len(after) == len(before)


@pytest.fixture
def registry(acme: Entity) -> Project:
    """The registry Model of the home organisation."""
    return Project.objects.select_related("entity").get(entity=acme, name="wandb-registry-Model")


@pytest.fixture
def net(zoo: Project) -> Artifact:
    """The model `ml/zoo/net:v0`."""
    return fresh(make_version(zoo, "net", type_name="model", size_bytes=97_800_000, file_count=3))


def fresh(artifact: Artifact) -> Artifact:
    return Artifact.objects.select_related("collection__project__entity").get(pk=artifact.pk)


@pytest.fixture
def linked(as_alice: Viewer, net: Artifact, registry: Project) -> CollectionMembership:
    """`net:v0` as `Zoo classifier:v0` in the registry, with the alias `production`."""
    return link_version(
        viewer=as_alice, artifact=net, project=registry, collection_name="Zoo classifier", aliases=["production"]
    )


@pytest.fixture
def pipeline(zoo: Project) -> Pipeline:
    return make_pipeline(zoo)
