"""Live: a poll learns cheaply that nothing happened, and never misses what did."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.core import clock
from registry.core.viewer import Viewer
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.view import ViewState
from registry.models import Artifact, Project, Run
from registry.queries.lineage import get_lineage, get_lineage_version
from registry.services.aliases import set_alias
from registry.services.edges import record_output
from registry.services.versions import delete_version
from tests.factories import make_run, make_version, used

Version = Callable[[], str]


@pytest.fixture
def base(zoo: Project) -> Artifact:
    caches["layouts"].clear()  # ids come again in every test
    version = make_version(zoo)
    used(make_run(zoo, "going", state="running", heartbeat_at=clock.now()), version)
    return version


@pytest.fixture
def version(as_alice: Viewer, base: Artifact) -> Version:
    def get() -> str:
        return get_lineage_version(viewer=as_alice, base=NodeRef(Kind.ARTIFACT, base.pk), view=ViewState())

    return get


def test_nothing_new_costs_two_queries(version: Version) -> None:
    first = version()
    with CaptureQueriesContext(connection) as queries:
        assert version() == first
    assert len(queries) == 2


def test_a_run_that_ends_or_falls_silent_is_noticed(as_alice: Viewer, base: Artifact, version: Version) -> None:
    first = version()
    with clock.at(clock.now() + timedelta(hours=1)):
        assert version() != first
    Run.objects.update(state="finished")
    assert version() != first
    lineage = get_lineage(viewer=as_alice, base=NodeRef(Kind.ARTIFACT, base.pk), view=ViewState())
    assert not lineage.is_going


def test_a_run_that_is_resumed_is_noticed(base: Artifact, version: Version) -> None:
    Run.objects.update(state="finished")
    first = version()
    Run.objects.update(state="running", heartbeat_at=clock.now())
    assert version() != first


def test_outputs_aliases_and_deletions_are_noticed(
    as_alice: Viewer, base: Artifact, version: Version, zoo: Project
) -> None:
    seen = {version()}
    output = make_version(zoo, "net", type_name="model")
    record_output(viewer=as_alice, run=Run.objects.get(), artifact=output)
    seen.add(version())
    set_alias(viewer=as_alice, collection=output.collection, artifact=output, name="best")
    seen.add(version())
    delete_version(viewer=as_alice, artifact=output, with_aliases=True)
    seen.add(version())
    assert len(seen) == 4


def test_a_going_run_inside_a_cluster_is_watched(as_alice: Viewer, base: Artifact, version: Version) -> None:
    for _ in range(5):
        used(make_run(base.collection.project, state="running", heartbeat_at=clock.now()), base)
    lineage = get_lineage(viewer=as_alice, base=NodeRef(Kind.ARTIFACT, base.pk), view=ViewState())
    assert lineage.is_going
    assert lineage.nodes[1].count == 6
    first = version()
    run = Run.objects.order_by("-pk")[0]
    run.state = Run.State.FAILED
    run.save(update_fields=["state"])
    assert version() != first
