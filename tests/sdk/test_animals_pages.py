"""What a person sees of the example's lineage: the nodes, levels and edges of the page, and the previews."""

import http.cookiejar
import re
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests.sdk.conftest import Outcome
from tests.server import LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]
Fetch = Callable[..., Element]


@pytest.fixture(scope="module")
def fetch(site: LiveServer) -> Fetch:
    """Return a function that reads a page as alice, signed in by the form."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def read(address: str, data: dict[str, str] | None = None, **query: str) -> Element:
        full = address + (f"?{urlencode(query)}" if query else "")
        request = urllib.request.Request(
            full, urlencode(data).encode() if data else None, headers={"Referer": f"{site.url}/sign-in"}
        )
        with opener.open(request, timeout=30) as answer:
            return html5lib.parse(answer.read(), namespaceHTMLElements=False)

    form = read(f"{site.url}/sign-in")
    token = next(one for one in form.iter("input") if one.get("name") == "csrfmiddlewaretoken").get("value")
    credentials = {"username": site.username, "password": site.password, "csrfmiddlewaretoken": str(token)}
    read(f"{site.url}/sign-in", credentials)
    return read


@pytest.fixture(scope="module")
def address(animals: Outcome) -> str:
    found = re.search(r"^Lineage: (\S+)$", animals.output, re.MULTILINE)
    assert found is not None
    return found[1]


def _nodes(page: Element) -> dict[str, Element]:
    return {str(one.get("data-node")): one for one in page.iter("li") if one.get("data-node")}


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _fields(page: Element) -> dict[str, str]:
    return {str(one.get("data-field")): _text(one) for one in page.iter() if one.get("data-field")}


def test_the_best_models_lineage_by_level(fetch: Fetch, address: str) -> None:
    nodes = _nodes(fetch(address)).values()
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


def test_the_edges_are_those_of_the_script(fetch: Fetch, address: str) -> None:
    nodes = _nodes(fetch(address))
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


def test_clu_1_the_training_runs_of_the_dataset_are_a_cluster(fetch: Fetch, animals: Outcome, site: LiveServer) -> None:
    page = fetch(f"{site.url}/alice/animals/artifacts/dataset/split_zoo_dataset/v0/lineage")
    level = [node for node in _nodes(page).values() if node.get("data-level") == "1"]
    found: list[Any] = sorted((node.get("data-kind"), node.get("data-type"), node.get("data-count")) for node in level)
    assert found == [("cluster", "training", "6"), ("run", "evaluation", None)]


def test_prv_2_the_models_preview(fetch: Fetch, address: str) -> None:
    page = fetch(address)
    (base,) = [key for key, node in _nodes(page).items() if node.get("data-base")]
    fields = _fields(fetch(address, selected=base))
    assert all(alias in fields["aliases"] for alias in ("candidate", "latest"))
    assert (fields["type"], fields["version"]) == ("model", "v0")
    assert fields["size"].endswith("1 file")
    assert "Zoo classifier" in fields["registry"]
    assert "accuracy" in fields["metadata"]
    assert "0.85" in fields["metadata"]
    for name in ("created", "digest", "logged-by", "consumers", "description"):
        assert fields[name], name


def test_prv_1_a_training_runs_preview(fetch: Fetch, address: str) -> None:
    nodes = _nodes(fetch(address))
    (training,) = [key for key, node in nodes.items() if node.get("data-type") == "training"]
    fields = _fields(fetch(address, selected=training))
    assert (fields["author"], fields["job-type"]) == ("Alice Adams", "training")
    assert "finished" in fields["state"].lower()
    assert "split_zoo_dataset" in fields["inputs"]
    assert "zoo-" in fields["outputs"]
    assert "learning_rate" in fields["config"]
    assert "accuracy" in fields["summary"]
    for name in ("started", "duration", "run-id"):
        assert fields[name], name
