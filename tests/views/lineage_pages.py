"""A small pipeline, and how tests read the pages of its Lineage tab."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import html5lib
from django.http import HttpResponse
from django.test import Client

from registry.models import Artifact, Project, Run
from tests.factories import logged, make_run, make_version, used

FRAGMENT = {"HX-Request": "true"}


@dataclass
class Pipeline:
    """raw:v0 → split-1 → zoo:v0 → six train runs, the first of which logged net:v0."""

    raw: Artifact
    split: Run
    base: Artifact
    trains: list[Run]
    net: Artifact
    url: str = "/ml/zoo/artifacts/dataset/zoo/v0/lineage"


def make_pipeline(zoo: Project) -> Pipeline:
    raw, base = make_version(zoo, "raw"), make_version(zoo, "zoo")
    net = make_version(zoo, "net", type_name="model")
    split = make_run(zoo, "split-1", job_type="split")
    used(split, raw)
    logged(split, base)
    trains = [make_run(zoo, f"train-{number}") for number in range(1, 7)]
    for run in trains:
        used(run, base)
    logged(trains[0], net)
    return Pipeline(raw, split, base, trains, net)


def key(thing: Run | Artifact) -> str:
    return f"{'run' if isinstance(thing, Run) else 'artifact'}-{thing.pk}"


def tree(response: HttpResponse) -> Any:
    return html5lib.parse(response.content.decode(), namespaceHTMLElements=False)


def marked(response: HttpResponse, attribute: str) -> dict[str, Any]:
    return {found.get(attribute): found for found in tree(response).iter() if found.get(attribute)}


def text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def outline(response: HttpResponse) -> dict[str, Any]:
    """The entries by key; fails when a node stands there twice."""
    entries = [found for found in tree(response).iter("li") if found.get("data-node")]
    assert len({entry.get("data-node") for entry in entries}) == len(entries)
    return {entry.get("data-node"): entry for entry in entries}


def payload(response: HttpResponse) -> dict[str, Any]:
    script = next(found for found in tree(response).iter("script") if found.get("id") == "lineage-graph")
    parsed: dict[str, Any] = json.loads(script.text)
    return parsed


def cluster_of(response: HttpResponse) -> str:
    return next(name for name, entry in outline(response).items() if entry.get("data-kind") == "cluster")


def get(alice_browser: Client, url: str, **query: object) -> HttpResponse:
    return alice_browser.get(f"{url}?{urlencode(query)}", headers=FRAGMENT)  # type: ignore[return-value]
