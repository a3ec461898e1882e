"""Card rows from the real tables: what each says, for how many queries, and what they do not tell."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.core.viewer import Viewer
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.picture import Lineage
from registry.lineage.rows import Row
from registry.lineage.view import ViewState
from registry.models import Artifact, ArtifactCollection, CollectionMembership, Entity, Project, User
from registry.queries.lineage import get_lineage
from registry.services.projects import ensure_project
from tests.factories import logged, make_run, make_version, used

EVERY = tuple(Row)


def lineage_of(viewer: Viewer, base: Artifact, rows: tuple[Row, ...]) -> Lineage:
    return get_lineage(viewer=viewer, base=NodeRef(Kind.ARTIFACT, base.pk), view=ViewState(rows=rows))


def rows_of(viewer: Viewer, base: Artifact) -> dict[str, dict[Row, str]]:
    return {node.name: dict(node.rows) for node in lineage_of(viewer, base, EVERY).nodes}


def test_rows_cost_a_query_for_each_kind_and_none_without(as_alice: Viewer, zoo: Project) -> None:
    base = make_version(zoo)
    for _ in range(4):
        used(make_run(zoo), base)

    def cost(rows: tuple[Row, ...]) -> int:
        with CaptureQueriesContext(connection) as queries:
            lineage_of(as_alice, base, rows)
        return len(queries)

    plain = cost(())
    assert (cost((Row.DURATION,)), cost(EVERY)) == (plain + 1, plain + 2)


def test_acc_2_who_logged_a_version_of_a_closed_project_is_not_told(
    as_alice: Viewer, as_bob: Viewer, bob: User, alice: User, ml: Entity, zoo: Project, acme: Entity
) -> None:
    """It is seen through a registry alone: its page in the registry shows size and description, not whose it is."""
    secret = ensure_project(viewer=as_alice, entity=Entity.objects.get(user=alice), name="secret")
    linked = make_version(secret, "keys", created_by=alice, size_bytes=1000, file_count=1)
    registry = Project.objects.get(entity=acme, name_key="wandb-registry-dataset")
    portfolio = ArtifactCollection.objects.create(project=registry, kind="portfolio", type_name="dataset", name="k")
    CollectionMembership.objects.create(collection=portfolio, artifact=linked, version=0)
    base = make_version(zoo, created_by=bob)
    run = make_run(zoo, "made-from-keys")
    used(run, linked)
    logged(run, base)
    seen = rows_of(as_bob, base)
    assert seen["keys:v0"]["author"] == "not recorded"
    assert seen["keys:v0"]["size"] == "1 kB · 1 file"
    assert seen["zoo:v0"]["author"] == "Bob Brown"
    assert rows_of(as_alice, base)["keys:v0"]["author"] == "Alice Adams"


@pytest.mark.parametrize(("state", "said"), [("running", "crashed"), ("failed", "failed"), ("killed", "killed")])
def test_the_state_is_the_one_that_is_shown_elsewhere(as_alice: Viewer, zoo: Project, state: str, said: str) -> None:
    """A run that has gone silent counts as crashed."""
    base = make_version(zoo)
    used(make_run(zoo, "one", state=state, heartbeat_at="2026-03-14T09:43:00Z"), base)
    assert rows_of(as_alice, base)["one"]["state"] == said
