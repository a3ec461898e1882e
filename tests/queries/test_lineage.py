"""The lineage picture from the real tables, on whichever database the run is for."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.core.errors import NotFound
from registry.core.viewer import Viewer
from registry.lineage.elements import cytoscape_payload
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.picture import Lineage, LineageNode
from registry.lineage.view import ViewState
from registry.models import (
    Alias,
    Artifact,
    ArtifactCollection,
    CollectionMembership,
    Entity,
    Project,
    ProtectedAlias,
    Run,
)
from registry.queries.lineage import get_lineage
from registry.services import projects
from tests.factories import logged, make_run, make_version, used


def ref(thing: Run | Artifact) -> NodeRef:
    return NodeRef(Kind.RUN if isinstance(thing, Run) else Kind.ARTIFACT, thing.pk)


def lineage_of(viewer: Viewer, base: Run | Artifact, **view: object) -> Lineage:
    return get_lineage(viewer=viewer, base=ref(base), view=ViewState(**view))  # type: ignore[arg-type]


def names(lineage: Lineage) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for node in lineage.nodes:
        found.setdefault(node.level, []).append(node.name)
    return {level: sorted(found[level]) for level in sorted(found)}


def node_of(lineage: Lineage, thing: Run | Artifact) -> LineageNode:
    return next(node for node in lineage.nodes if node.key == ref(thing).key)


@pytest.fixture
def pipeline(zoo: Project) -> dict[str, Run | Artifact]:
    """raw:v0 -> split -> zoo:v0 (base) -> train (fails) -> net:v0."""
    raw, base = make_version(zoo, "raw"), make_version(zoo, "zoo")
    net = make_version(zoo, "net", type_name="model")
    split = make_run(zoo, "split-1", job_type="split")
    train = make_run(zoo, "train-1", job_type="", state=Run.State.FAILED)
    used(split, raw)
    logged(split, base)
    used(train, base)
    logged(train, net)
    return {"raw": raw, "split": split, "base": base, "train": train, "net": net}


def test_gra_3_names_types_and_states(as_alice: Viewer, pipeline: dict[str, Run | Artifact]) -> None:
    lineage = lineage_of(as_alice, pipeline["base"])
    assert names(lineage) == {-2: ["raw:v0"], -1: ["split-1"], 0: ["zoo:v0"], 1: ["train-1"], 2: ["net:v0"]}
    assert [(node.kind, node.type, node.state) for node in sorted(lineage.nodes, key=lambda node: node.level)] == [
        ("artifact", "dataset", ""),
        ("run", "split", "finished"),
        ("artifact", "dataset", ""),
        ("run", "(no job type)", "failed"),
        ("artifact", "model", ""),
    ]
    assert lineage.nodes[0].is_base
    assert lineage.base == lineage.nodes[0].key == f"artifact-{pipeline['base'].pk}"
    assert (lineage.visible, lineage.total, lineage.complete, lineage.total_is_lower_bound) == (5, 5, True, False)


def test_gra_1_an_edge_says_used_or_logged(as_alice: Viewer, pipeline: dict[str, Run | Artifact]) -> None:
    lineage = lineage_of(as_alice, pipeline["base"])
    key = {name: ref(thing).key for name, thing in pipeline.items()}
    assert {(edge.source, edge.target, edge.kind) for edge in lineage.edges} == {
        (key["raw"], key["split"], "used"),
        (key["split"], key["base"], "logged"),
        (key["base"], key["train"], "used"),
        (key["train"], key["net"], "logged"),
    }
    split = node_of(lineage, pipeline["split"])
    assert (split.inputs, split.outputs) == (1, 1)


def test_a_run_is_a_base_too(as_alice: Viewer, pipeline: dict[str, Run | Artifact]) -> None:
    lineage = lineage_of(as_alice, pipeline["train"])
    assert names(lineage) == {-3: ["raw:v0"], -2: ["split-1"], -1: ["zoo:v0"], 0: ["train-1"], 1: ["net:v0"]}


def test_levels_have_a_label_a_text_and_a_column(as_alice: Viewer, pipeline: dict[str, Run | Artifact]) -> None:
    levels = lineage_of(as_alice, pipeline["base"]).levels
    assert [(level.label, level.text, level.x) for level in levels] == [
        ("2 up", "1 artifact", -516),
        ("1 up", "1 run", -258),
        ("Base", "1 artifact", 0),
        ("1 down", "1 run", 258),
        ("2 down", "1 artifact", 516),
    ]


def test_prv_4_a_node_knows_its_address(as_alice: Viewer, pipeline: dict[str, Run | Artifact]) -> None:
    lineage = lineage_of(as_alice, pipeline["base"])
    net, train = node_of(lineage, pipeline["net"]).address, node_of(lineage, pipeline["train"]).address
    assert net is not None
    assert train is not None
    assert (net.entity, net.project, net.type, net.collection, net.version) == ("ml", "zoo", "model", "net", 0)
    assert (train.entity, train.project, train.run_uid) == ("ml", "zoo", pipeline["train"].uid)


def test_what_is_not_there_or_not_to_be_seen_is_not_found(
    as_alice: Viewer, as_charlie: Viewer, pipeline: dict[str, Run | Artifact]
) -> None:
    with pytest.raises(NotFound) as private:
        lineage_of(as_charlie, pipeline["base"])
    with pytest.raises(NotFound) as missing:
        get_lineage(viewer=as_alice, base=NodeRef(Kind.ARTIFACT, 10**9), view=ViewState())
    assert private.value.message.split()[:3] == missing.value.message.split()[:3]


def test_a_draft_is_invisible(as_alice: Viewer, pipeline: dict[str, Run | Artifact], zoo: Project) -> None:
    draft = make_version(zoo, "net", type_name="model", state=Artifact.State.PENDING)
    logged(pipeline["train"], draft)  # type: ignore[arg-type]
    lineage = lineage_of(as_alice, pipeline["base"])
    assert ref(draft).key not in {node.key for node in lineage.nodes}
    assert lineage.total == 5
    assert node_of(lineage_of(as_alice, pipeline["base"], down=1), pipeline["train"]).frontier_down == 1
    with pytest.raises(NotFound):
        lineage_of(as_alice, draft)


def test_a_deleted_version_is_a_dated_tombstone(as_alice: Viewer, pipeline: dict[str, Run | Artifact]) -> None:
    when = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)
    Artifact.objects.filter(pk=pipeline["raw"].pk).update(state=Artifact.State.DELETED, deleted_at=when)
    Run.objects.filter(pk=pipeline["train"].pk).update(deleted_at=when)
    lineage = lineage_of(as_alice, pipeline["base"])
    for name in ("raw", "train"):
        node = node_of(lineage, pipeline[name])
        assert (node.state, node.deleted_on) == ("deleted", when)
    assert names(lineage)[2] == ["net:v0"]


def test_gra_8_aliases_protected_first_and_the_systems_last(
    as_alice: Viewer, pipeline: dict[str, Run | Artifact], zoo: Project, acme: Entity
) -> None:
    net = pipeline["net"]
    for name in ("candidate", "best"):
        Alias.objects.create(collection=net.collection, name=name, artifact=net)
    model = Project.objects.get(entity=acme, name_key="wandb-registry-model")
    ProtectedAlias.objects.get_or_create(project=model, name="production")
    portfolio = ArtifactCollection.objects.create(project=model, kind="portfolio", type_name="model", name="zoo-net")
    CollectionMembership.objects.create(collection=portfolio, artifact=net, version=0)
    Alias.objects.create(collection=portfolio, name="production", artifact=net)
    found = node_of(lineage_of(as_alice, pipeline["base"]), net).aliases
    assert [(alias.name, alias.is_protected, alias.is_system) for alias in found] == [
        ("production", True, False),
        ("best", False, False),
        ("candidate", False, False),
        ("latest", False, True),
    ]


@pytest.fixture
def fan(zoo: Project) -> tuple[Artifact, list[Run]]:
    """A base that six runs of one job type use; each logs a version of `net`."""
    base = make_version(zoo, "zoo")
    runs = [make_run(zoo, f"train-{n}", state="failed" if n == 0 else "finished") for n in range(6)]
    for run in runs:
        used(run, base)
        logged(run, make_version(zoo, "net", type_name="model"))
    return base, runs


def test_clu_5_a_cluster_says_how_many_and_what(as_alice: Viewer, fan: tuple[Artifact, list[Run]]) -> None:
    lineage = lineage_of(as_alice, fan[0])
    trains, nets = lineage.nodes[1:]
    assert (trains.kind, trains.member_kind, trains.name) == ("cluster", Kind.RUN, "6 train runs")
    assert trains.states == (("finished", 5), ("failed", 1))
    assert (nets.name, nets.count, nets.type) == ("6 versions of net", 6, "model")
    assert [alias.name for alias in nets.aliases] == ["latest"]
    assert [(edge.count, edge.kind) for edge in lineage.edges] == [(6, "used"), (6, "logged")]
    assert [level.text for level in lineage.levels] == ["1 artifact", "6 runs", "6 artifacts"]
    assert (lineage.visible, lineage.total) == (3, 13)


def test_clu_3_an_extracted_member_names_its_cluster(as_alice: Viewer, fan: tuple[Artifact, list[Run]]) -> None:
    base, runs = fan
    cluster = lineage_of(as_alice, base).nodes[1]
    lineage = lineage_of(as_alice, base, extracted=(ref(runs[2]).key,))
    node = node_of(lineage, runs[2])
    assert (node.is_extracted, node.extracted_from, node.name) == (True, cluster.key, "train-2")
    assert next(n for n in lineage.nodes if n.key == cluster.key).name == "5 train runs"
    assert lineage.total == 13


def test_int_4_a_hidden_node_is_listed(as_alice: Viewer, pipeline: dict[str, Run | Artifact]) -> None:
    lineage = lineage_of(as_alice, pipeline["base"], hidden=(ref(pipeline["train"]).key,))
    assert [node.name for node in lineage.hidden] == ["train-1"]
    assert [(edge.via_hidden, edge.target) for edge in lineage.edges if edge.via_hidden] == [
        (1, ref(pipeline["net"]).key)
    ]


@pytest.fixture
def secret(as_alice: Viewer, alice: object, acme: Entity) -> Project:
    """A project that alice alone may see."""
    own = Entity.objects.get(user=alice)
    return projects.ensure_project(viewer=as_alice, entity=own, name="secret")


def test_acc_2_a_foreign_project_is_one_placeholder_that_tells_nothing(
    as_alice: Viewer, as_bob: Viewer, pipeline: dict[str, Run | Artifact], secret: Project
) -> None:
    hidden = [make_version(secret, "keys", type_name="secret-type") for _ in range(3)]
    used(pipeline["split"], *hidden)  # type: ignore[arg-type]
    deeper = make_run(secret, "secret-run")
    logged(deeper, hidden[0])
    used(make_run(secret, "other"), pipeline["net"])  # type: ignore[arg-type]
    mine = lineage_of(as_alice, pipeline["base"])
    assert mine.total == 10
    lineage = lineage_of(as_bob, pipeline["base"])
    locked = [node for node in lineage.nodes if node.is_locked]
    assert [(node.key, node.level) for node in locked] == [
        (f"locked-{ref(pipeline['split']).key}-up", -2),
        (f"locked-{ref(pipeline['net']).key}-down", 3),
    ]
    told = repr(lineage)
    assert "secret" not in told
    assert "keys" not in told
    assert not any(ref(version).key in told for version in hidden)
    assert {node.count for node in locked} == {1}


def test_acc_2_what_is_linked_into_an_open_registry_is_open(
    as_bob: Viewer, pipeline: dict[str, Run | Artifact], secret: Project, acme: Entity
) -> None:
    linked, closed = make_version(secret, "keys"), make_version(secret, "keys")
    used(pipeline["split"], linked)  # type: ignore[arg-type]
    registry = Project.objects.get(entity=acme, name_key="wandb-registry-dataset")
    portfolio = ArtifactCollection.objects.create(project=registry, kind="portfolio", type_name="dataset", name="k")
    CollectionMembership.objects.create(collection=portfolio, artifact=linked, version=0)
    lineage = lineage_of(as_bob, pipeline["base"])
    assert names(lineage)[-2] == ["keys:v0", "raw:v0"]
    used(pipeline["split"], closed)  # type: ignore[arg-type]
    assert names(lineage_of(as_bob, pipeline["base"]))[-2] == ["No access", "keys:v0", "raw:v0"]


def test_the_same_data_is_the_same_picture_and_version(as_alice: Viewer, fan: tuple[Artifact, list[Run]]) -> None:
    first, again = lineage_of(as_alice, fan[0]), lineage_of(as_alice, fan[0])
    assert first == again
    Run.objects.filter(pk=fan[1][0].pk).update(state="finished")
    assert lineage_of(as_alice, fan[0]).data_version != first.data_version


def test_queries_do_not_grow_with_the_degree(as_alice: Viewer, zoo: Project) -> None:
    def cost(consumers: int) -> int:
        base = make_version(zoo, "hub")
        for _ in range(consumers):
            run = make_run(zoo)
            used(run, base)
            logged(run, make_version(zoo, "net", type_name="model"))
        with CaptureQueriesContext(connection) as captured:
            lineage_of(as_alice, base)
        return len(captured)

    assert cost(6) == cost(30)
    assert cost(6) <= 24


def test_the_payload_is_what_the_browser_expects(as_alice: Viewer, fan: tuple[Artifact, list[Run]]) -> None:
    payload = cytoscape_payload(lineage_of(as_alice, fan[0], extracted=(ref(fan[1][0]).key,)))
    assert set(payload) == {
        "base", "visible", "total", "total_is_lower_bound", "complete", "levels", "nodes", "edges",
        "expand_limited", "focus", "orientation", "legend",
    }  # fmt: skip
    base, *others = payload["nodes"]
    assert base["base"] is True
    assert {key: base[key] for key in ("id", "kind", "type", "name", "level", "x", "y")} == {
        "id": payload["base"], "kind": "artifact", "type": "dataset", "name": "zoo:v0", "level": 0, "x": 0, "y": 0,
    }  # fmt: skip
    cluster = next(node for node in others if node["kind"] == "cluster" and node["member_kind"] == "run")
    assert (cluster["count"], cluster["states"]) == (5, [["finished", 5]])
    extracted = next(node for node in others if node["kind"] == "run")
    assert extracted["extracted"] == cluster["id"]
    assert extracted["state"] == "failed"


def test_commands_see_everything(pipeline: dict[str, Run | Artifact]) -> None:
    assert names(lineage_of(Viewer.system(), pipeline["base"]))[2] == ["net:v0"]
