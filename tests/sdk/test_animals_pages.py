"""What a person sees of the example's lineage: the nodes, levels and edges of the page, and the previews."""

import re
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from tests.sdk.conftest import Outcome
from tests.sdk.pages import Graph, Pages, fields
from tests.server import LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]


@pytest.fixture(scope="module")
def address(animals: Outcome) -> str:
    found = re.search(r"^Lineage: (\S+)$", animals.output, re.MULTILINE)
    assert found is not None
    return found[1]


def _nodes(page: Element) -> dict[str, Element]:
    return Graph(page).nodes


def test_the_best_models_lineage_by_level(pages: Pages, address: str) -> None:
    nodes = _nodes(pages.read(address)).values()
    by_level: dict[int, list[tuple[str, str]]] = {}
    for node in nodes:
        by_level.setdefault(int(node.get("data-level", "")), []).append(
            (str(node.get("data-kind")), str(node.get("data-type")))
        )
    assert {level: sorted(found) for level, found in by_level.items()} == {
        -5: [("run", "collect")],
        -4: [("artifact", "dataset")],
        -3: [("run", "split"), ("run", "split")],
        -2: [("artifact", "dataset")],
        -1: [("run", "training")],
        0: [("artifact", "model")],
        1: [("run", "evaluation")],
        2: [("artifact", "report")],
    }


def test_the_edges_are_those_of_the_script(pages: Pages, address: str) -> None:
    nodes = _nodes(pages.read(address))
    names = {key: node.get("data-name") for key, node in nodes.items()}
    types = {key: node.get("data-type") for key, node in nodes.items()}
    (split,) = [key for key, name in names.items() if name == "split_zoo_dataset:v0"]
    inputs = [names[key] for key in str(nodes[split].get("data-inputs")).split()]
    outputs = [types[key] for key in str(nodes[split].get("data-outputs")).split()]
    assert sorted(str(name) for name in inputs) == ["split-zoo-1", "split-zoo-2"]
    assert sorted(str(kind) for kind in outputs) == ["evaluation", "training"]
    (base,) = [key for key, node in nodes.items() if node.get("data-base")]
    assert str(names[base]).startswith("zoo-")
    assert [types[key] for key in str(nodes[base].get("data-inputs")).split()] == ["training"]


def test_clu_1_the_training_runs_of_the_dataset_are_a_cluster(pages: Pages, animals: Outcome, site: LiveServer) -> None:
    page = pages.read(f"{site.url}/alice/animals/artifacts/dataset/split_zoo_dataset/v0/lineage")
    level = [node for node in _nodes(page).values() if node.get("data-level") == "1"]
    found: list[Any] = sorted((node.get("data-kind"), node.get("data-type"), node.get("data-count")) for node in level)
    assert found == [("cluster", "training", "6"), ("run", "evaluation", None)]


def test_prv_2_the_models_preview(pages: Pages, address: str) -> None:
    page = pages.read(address)
    (base,) = [key for key, node in _nodes(page).items() if node.get("data-base")]
    shown = fields(pages.read(address, selected=base))
    assert all(alias in shown["aliases"] for alias in ("candidate", "latest"))
    assert (shown["type"], shown["version"]) == ("model", "v0")
    assert shown["size"].endswith("1 file")
    assert "Zoo classifier" in shown["registry"]
    assert "accuracy" in shown["metadata"]
    assert "0.85" in shown["metadata"]
    for name in ("created", "digest", "logged-by", "consumers", "description"):
        assert shown[name], name


def test_prv_1_a_training_runs_preview(pages: Pages, address: str) -> None:
    nodes = _nodes(pages.read(address))
    (training,) = [key for key, node in nodes.items() if node.get("data-type") == "training"]
    shown = fields(pages.read(address, selected=training))
    assert (shown["author"], shown["job-type"]) == ("Alice Adams", "training")
    assert "finished" in shown["state"].lower()
    assert "split_zoo_dataset" in shown["inputs"]
    assert "zoo-" in shown["outputs"]
    assert "learning_rate" in shown["config"]
    assert "accuracy" in shown["summary"]
    for name in ("started", "duration", "run-id"):
        assert shown[name], name
