"""GRA-8: what the badges of a card say."""

import pytest

from registry.core.viewer import Viewer
from registry.lineage.elements import cytoscape_payload
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.picture import LineageNode, Membership, StaleInput
from registry.lineage.view import Colour, ViewState
from registry.models import Alias, Artifact, ArtifactCollection, CollectionMembership, Edge, Entity, Project, Run
from registry.queries.lineage import get_lineage
from registry.services.versions import delete_version
from tests.factories import logged, make_run, make_version, used


@pytest.fixture
def base(zoo: Project) -> Artifact:
    """zoo:v0 → train → net:v0."""
    version = make_version(zoo, "zoo")
    run = make_run(zoo, "train")
    used(run, version)
    logged(run, make_version(zoo, "net", type_name="model"))
    return version


def nodes(viewer: Viewer, base: Artifact, view: ViewState | None = None) -> dict[str, LineageNode]:
    lineage = get_lineage(viewer=viewer, base=NodeRef(Kind.ARTIFACT, base.pk), view=view or ViewState())
    return {node.name: node for node in lineage.nodes}


def link(zoo: Project, artifact: Artifact, project: Project, name: str, version: int) -> None:
    portfolio, _ = ArtifactCollection.objects.get_or_create(
        project=project, name=name, defaults={"kind": "portfolio", "type_name": artifact.collection.type_name}
    )
    CollectionMembership.objects.create(collection=portfolio, artifact=artifact, version=version)


def test_gra_8_a_run_is_stale_when_an_alias_of_its_input_has_moved_on(
    as_alice: Viewer, base: Artifact, zoo: Project
) -> None:
    Edge.objects.filter(direction=0).update(aliases=["latest", "gone", "production"])
    Alias.objects.create(collection=base.collection, name="production", artifact=base)
    assert nodes(as_alice, base)["train"].stale == ()
    moved = make_version(zoo, "zoo")
    assert nodes(as_alice, base)["train"].stale == (StaleInput("latest", "zoo:v0", "zoo:v1"),)
    Alias.objects.filter(name="production").update(artifact=moved)
    assert [one.alias for one in nodes(as_alice, base)["train"].stale] == ["latest", "production"]
    assert all(not node.stale for name, node in nodes(as_alice, base).items() if name != "train")


def test_gra_8_an_input_inside_a_cluster_makes_its_run_stale_too(
    as_alice: Viewer, base: Artifact, zoo: Project
) -> None:
    run = Run.objects.get()
    used(run, *(make_version(zoo, "part") for _ in range(5)))
    Edge.objects.filter(artifact__version=2).update(aliases=["latest"])
    found = nodes(as_alice, Artifact.objects.get(collection__name="net"))
    assert found["train"].stale == (StaleInput("latest", "part:v2", "part:v4"),)


def test_gra_8_a_version_says_in_which_registries_it_is(
    as_alice: Viewer, as_charlie: Viewer, base: Artifact, zoo: Project, acme: Entity
) -> None:
    net = Artifact.objects.get(collection__name="net")
    model = Project.objects.get(entity=acme, name_key="wandb-registry-model")
    link(zoo, net, model, "champion", 4)
    link(zoo, net, zoo, "plain-portfolio", 0)
    link(zoo, net, model, "gone", 0)
    ArtifactCollection.objects.filter(name="gone").update(deleted_at=net.created_at)
    # named like one, but of a team
    like_one = Project.objects.create(entity=zoo.entity, name="wandb-registry-own", name_key="wandb-registry-own")
    link(zoo, net, like_one, "champion", 7)
    Alias.objects.create(
        collection=ArtifactCollection.objects.get(project=model, name="champion"), name="best", artifact=net
    )
    found = nodes(as_alice, base)
    registry = model.title
    assert found["net:v0"].memberships == (Membership(registry, "champion", 4),)
    assert str(found["net:v0"].memberships[0]) == f"{registry} / champion v4"
    assert found["zoo:v0"].memberships == ()
    assert [alias.name for alias in found["net:v0"].aliases] == ["best", "latest"]
    Project.objects.filter(pk=model.pk).update(visibility="private")
    closed = nodes(as_alice, base)["net:v0"]
    assert closed.memberships == ()
    assert [alias.name for alias in closed.aliases] == ["latest"]


def test_gra_8_the_badges_reach_the_browser(as_alice: Viewer, base: Artifact, zoo: Project, acme: Entity) -> None:
    net = Artifact.objects.get(collection__name="net")
    link(zoo, net, Project.objects.get(entity=acme, name_key="wandb-registry-model"), "champion", 4)
    Edge.objects.filter(direction=0).update(aliases=["latest"])
    make_version(zoo, "zoo")
    delete_version(viewer=as_alice, artifact=base)
    lineage = get_lineage(viewer=as_alice, base=NodeRef(Kind.ARTIFACT, net.pk), view=ViewState(colour=Colour.STATE))
    payload = cytoscape_payload(lineage)
    found = {node["name"]: node for node in payload["nodes"]}
    assert found["train"]["stale"] == [["latest", "zoo:v0", "zoo:v1"]]
    assert found["train"]["colour"] == 3
    assert payload["legend"] == [[3, "finished", 1]]
    assert found["net:v0"]["registry"][0].endswith(" / champion v4")
    assert found["zoo:v0"]["state"] == "deleted"
    assert found["zoo:v0"]["deleted"]
