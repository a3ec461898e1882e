"""Loading a graph from a file: what is in it is what the pages draw."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from registry.core.viewer import Viewer
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.view import ViewState
from registry.models import Action, Alias, Artifact, AuditEvent, Edge, Project, Run
from registry.queries.lineage import get_lineage

GRAPH: dict[str, Any] = {
    "nodes": [
        {"id": "d", "kind": "artifact", "name": "zoo:v7", "type": "dataset"},
        {"id": "t/1", "kind": "run", "name": "train one", "type": "train"},
        {"id": "t2", "kind": "run", "name": "train two"},
        {"id": "m1", "kind": "artifact", "name": "net", "type": "model"},
        {"id": "m2", "kind": "artifact", "name": "net", "type": "model"},
    ],
    "edges": [
        {"source": "d", "target": "t/1"},
        {"source": "d", "target": "t2"},
        {"source": "t/1", "target": "m1"},
        {"source": "t2", "target": "m2"},
    ],
}


def load(tmp_path: Path, graph: object, project: str = "ml/zoo") -> dict[str, int]:
    file, out = tmp_path / "graph.json", StringIO()
    file.write_text(graph if isinstance(graph, str) else json.dumps(graph))
    call_command("load_graph", str(file), "--project", project, "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert isinstance(answer, dict)
    return answer


def test_a_graph_is_drawn_as_it_is_in_the_file(tmp_path: Path, as_alice: Viewer, zoo: Project) -> None:
    assert load(tmp_path, GRAPH) == {"runs": 2, "versions": 3, "edges": 4}
    base = Artifact.objects.get(collection__name="zoo")
    lineage = get_lineage(viewer=as_alice, base=NodeRef(Kind.ARTIFACT, base.pk), view=ViewState())
    named = {node.key: node.name for node in lineage.nodes}
    assert sorted((named[edge.source], named[edge.target]) for edge in lineage.edges) == [
        ("train one", "net:v0"),
        ("train two", "net:v1"),
        ("zoo:v0", "train one"),
        ("zoo:v0", "train two"),
    ]
    assert {(node.type, node.state) for node in lineage.nodes if node.kind == "run"} == {
        ("train", "finished"),
        ("(no job type)", "finished"),
    }
    assert Alias.objects.get(collection__name="net", name="latest").artifact.version == 1
    assert AuditEvent.objects.filter(action=Action.VERSION_ADDED, actor_label="system").count() == 3


def test_loading_again_adds_nothing_and_a_larger_graph_only_the_rest(tmp_path: Path, zoo: Project) -> None:
    load(tmp_path, GRAPH)
    assert load(tmp_path, GRAPH) == {"runs": 0, "versions": 0, "edges": 0}
    more = {
        "nodes": [*GRAPH["nodes"], {"id": "m3", "kind": "artifact", "name": "net", "type": "model"}],
        "edges": [*GRAPH["edges"], {"source": "t2", "target": "m3"}],
    }
    assert load(tmp_path, more) == {"runs": 0, "versions": 1, "edges": 1}
    assert sorted(Artifact.objects.filter(collection__name="net").values_list("version", flat=True)) == [0, 1, 2]


def test_a_missing_project_is_made(tmp_path: Path, zoo: Project) -> None:
    load(tmp_path, GRAPH, "ml/other")
    assert set(Run.objects.values_list("project__name", flat=True)) == {"other"}


@pytest.mark.parametrize(
    ("graph", "sentence"),
    [
        ("{", "is not JSON"),
        ("[]", "must be an object"),
        ({"nodes": []}, '"edges" must be a list'),
        ({"nodes": [{"id": "a"}], "edges": []}, r"nodes\[0\]: 'kind'"),
        ({"nodes": [{"id": "a", "kind": "thing", "name": "a", "type": "b"}], "edges": []}, "run or artifact"),
        ({"nodes": [{"id": "a", "kind": "artifact", "name": "a/b", "type": "b"}], "edges": []}, r"nodes\[0\]:"),
        ({"nodes": [{"id": "a", "kind": "artifact", "name": "a"}], "edges": []}, "'type' must be text"),
        ({"nodes": [GRAPH["nodes"][0], GRAPH["nodes"][0]], "edges": []}, "'d' is there twice"),
        ({"nodes": GRAPH["nodes"], "edges": [{"source": "d", "target": "x"}]}, r"edges\[0\]: there is no node 'x'"),
        ({"nodes": GRAPH["nodes"], "edges": [{"source": "d", "target": "m1"}]}, "two of a kind"),
        ({"nodes": GRAPH["nodes"], "edges": [["d", "t2"]]}, "'source' must be text"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_file_is_refused_with_the_place(tmp_path: Path, zoo: Project, graph: object, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        load(tmp_path, graph)
    assert not Edge.objects.exists()
    assert not Run.objects.exists()


def test_a_missing_file_or_entity_is_named(tmp_path: Path, zoo: Project) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_graph", str(tmp_path / "none"), "--project", "ml/zoo")
    with pytest.raises(CommandError, match="nobody"):
        load(tmp_path, GRAPH, "nobody/zoo")
    with pytest.raises(CommandError, match="ENTITY/PROJECT"):
        load(tmp_path, GRAPH, "zoo")
