"""The Lineage tab: one fragment with the list and the drawing's JSON, changed by links that work without scripts."""

import html5lib
import pytest
from django.test import Client

from registry.core.viewer import Viewer
from registry.models import Entity, Project, User
from registry.services.links import link_version
from tests.factories import logged, make_run, make_version, used
from tests.views.lineage_pages import FRAGMENT, Pipeline, cluster_of, get, key, marked, outline, payload, text, tree


def test_gra_12_the_outline_has_every_node_once_with_its_edges(alice_browser: Client, pipeline: Pipeline) -> None:
    response = alice_browser.get(pipeline.url)
    entries = outline(response)
    cluster = cluster_of(response)
    base, split = entries[key(pipeline.base)], entries[key(pipeline.split)]
    assert set(entries) == {key(pipeline.raw), key(pipeline.split), key(pipeline.base), key(pipeline.net), cluster}
    assert (base.get("data-level"), base.get("data-kind"), base.get("data-type")) == ("0", "artifact", "dataset")
    assert (base.get("data-name"), base.get("data-inputs")) == ("zoo:v0", key(pipeline.split))
    assert base.get("data-outputs") == cluster
    assert (split.get("data-level"), split.get("data-inputs")) == ("-1", key(pipeline.raw))
    assert entries[cluster].get("data-count") == "6"


def test_the_fragment_holds_the_outline_and_the_same_graph(alice_browser: Client, pipeline: Pipeline) -> None:
    response = get(alice_browser, pipeline.url)
    assert b"<!doctype" not in response.content
    assert response.headers["HX-Push-Url"] == pipeline.url
    assert "HX-Request" in response.headers["Vary"]
    assert {node["id"] for node in payload(response)["nodes"]} == set(outline(response))
    assert len(payload(response)["nodes"]) == payload(response)["visible"]


def test_the_container_states_what_is_drawn(alice_browser: Client, pipeline: Pipeline) -> None:
    container = marked(alice_browser.get(pipeline.url), "data-lineage-state")["loading"]
    assert (container.get("data-visible"), container.get("data-total")) == ("5", "10")
    assert container.get("data-complete") == "true"


def test_int_3_hiding_leads_to_an_address_that_holds_it(alice_browser: Client, pipeline: Pipeline) -> None:
    response = alice_browser.get(f"{pipeline.url}?hide={key(pipeline.split)}")
    assert (response.status_code, response.headers["Location"]) == (302, f"{pipeline.url}?hidden={key(pipeline.split)}")
    shown = alice_browser.get(response.headers["Location"])
    assert key(pipeline.split) not in outline(shown)
    raw, base = outline(shown)[key(pipeline.raw)], outline(shown)[key(pipeline.base)]
    assert (raw.get("data-outputs"), raw.get("data-bridged-outputs")) == ("", key(pipeline.base))
    assert (base.get("data-inputs"), base.get("data-bridged-inputs")) == ("", key(pipeline.raw))
    assert "Hidden (1)" in shown.content.decode()


def test_int_4_hidden_nodes_come_back_one_by_one_or_all(alice_browser: Client, pipeline: Pipeline) -> None:
    hidden = f"{key(pipeline.split)},{key(pipeline.raw)}"
    one = get(alice_browser, pipeline.url, hidden=hidden, show=key(pipeline.raw))
    assert one.headers["HX-Push-Url"] == f"{pipeline.url}?hidden={key(pipeline.split)}"
    everything = get(alice_browser, pipeline.url, hidden=hidden, show="all")
    assert everything.headers["HX-Push-Url"] == pipeline.url
    assert key(pipeline.split) in outline(everything)


def test_gra_6_the_base_is_never_hidden(alice_browser: Client, pipeline: Pipeline) -> None:
    response = get(alice_browser, pipeline.url, hide=key(pipeline.base))
    assert key(pipeline.base) in outline(response)


@pytest.mark.parametrize(
    ("before", "action", "thing", "sentence"),
    [
        ([], "hide", "split", "split-1 hidden, 4 nodes visible"),
        ([], "extract", "train", "train-2 extracted, 6 nodes visible"),
        (["extracted"], "put-back", "train", "train-2 put back, 5 nodes visible"),
        ([], "unfold", "cluster", "6 train runs expanded, 10 nodes visible"),
        (["extracted"], "unfold", "cluster", "5 train runs expanded, 10 nodes visible"),
        (["expanded"], "fold", "cluster", "6 train runs collapsed, 5 nodes visible"),
    ],
)
def test_a_change_is_told_in_one_sentence(
    alice_browser: Client, pipeline: Pipeline, before: list[str], action: str, thing: str, sentence: str
) -> None:
    keys = {
        "split": key(pipeline.split),
        "train": key(pipeline.trains[1]),
        "cluster": cluster_of(alice_browser.get(pipeline.url)),
    }
    steps = {"extracted": keys["train"], "expanded": keys["cluster"]}
    response = get(alice_browser, pipeline.url, **{name: steps[name] for name in before}, **{action: keys[thing]})
    assert marked(response, "data-announce").popitem()[0] == sentence


@pytest.mark.parametrize(
    "query",
    ["hidden=run-0", "hide=dog", "up=65", "extract=cluster-1", "hide=run-1&show=run-1", "selected=x"],
)
@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_an_address_that_makes_no_sense_says_why(
    alice_browser: Client, pipeline: Pipeline, query: str, headers: dict[str, str]
) -> None:
    response = alice_browser.get(f"{pipeline.url}?{query}", headers=headers)
    assert response.status_code == 400
    assert any(word in response.content.decode() for word in ("hidden", "hide", "hops", "extracted", "node", "change"))


def test_a_stranger_is_told_that_there_is_nothing(client: Client, charlie: User, pipeline: Pipeline) -> None:
    client.force_login(charlie)
    for path in ("", "/preview?node=" + key(pipeline.split), "/cluster?cluster=cluster-0123456789"):
        assert client.get(pipeline.url + path).status_code == 404


def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client, pipeline: Pipeline) -> None:
    assert client.get(pipeline.url).headers["Location"].startswith("/sign-in")


def test_a_version_that_nobody_used_shows_the_two_lines(alice_browser: Client, zoo: Project) -> None:
    make_version(zoo, "lonely")
    response = alice_browser.get("/ml/zoo/artifacts/dataset/lonely/v0/lineage")
    assert marked(response, "data-lineage-state").keys() == {"empty"}
    assert 'run.use_artifact("ml/zoo/lonely:v0")' in text(tree(response))
    assert "run.log_artifact(artifact)" in text(tree(response))


def test_nav_2_and_nav_3_the_graph_of_a_linked_version_is_that_of_one_in_no_registry(
    alice_browser: Client, as_alice: Viewer, acme: Entity, pipeline: Pipeline
) -> None:
    unlinked = payload(alice_browser.get(pipeline.url))
    registry = Project.objects.get(entity=acme, name="wandb-registry-Dataset")
    link_version(
        viewer=as_alice, artifact=pipeline.base, project=registry, collection_name="Zoo split", aliases=["gold"]
    )
    linked = alice_browser.get("/registry/Dataset/Zoo%20split/v0/lineage")
    assert set(outline(linked)) == set(outline(alice_browser.get(pipeline.url)))
    assert payload(linked)["edges"] == unlinked["edges"]
    places = [
        {node["id"]: (node["level"], node["x"], node["y"]) for node in graph["nodes"]}
        for graph in (payload(linked), unlinked)
    ]
    assert places[0] == places[1]
    assert outline(linked)[key(pipeline.base)].get("data-base") == "true"
    preview = get(alice_browser, "/registry/Dataset/Zoo%20split/v0/lineage/preview", node=key(pipeline.base))
    assert text(marked(preview, "data-field")["registry"]) == "Dataset / Zoo splitv0"


def test_nav_4_type_and_name_stand_in_the_sidebar_and_on_the_node(alice_browser: Client, pipeline: Pipeline) -> None:
    response = alice_browser.get(pipeline.url)
    tree_of_project = next(found for found in tree(response).iter("nav") if found.get("id") == "tree")
    branches = [text(found) for found in tree_of_project.iter("bdi")]
    assert branches.index("dataset") < branches.index("zoo")
    current = next(found for found in tree_of_project.iter("a") if found.get("aria-current"))
    assert text(current).startswith("v0")
    (node,) = [node for node in payload(response)["nodes"] if node.get("base")]
    assert (node["type"], node["name"]) == ("dataset", "zoo:v0")


def test_a_run_is_a_base_too(alice_browser: Client, pipeline: Pipeline) -> None:
    entries = outline(alice_browser.get(f"/ml/zoo/runs/{pipeline.split.uid}/lineage"))
    assert set(entries) >= {key(pipeline.split), key(pipeline.base), key(pipeline.raw)}
    assert entries[key(pipeline.split)].get("data-base") == "true"


def test_names_are_shown_literally(alice_browser: Client, zoo: Project) -> None:
    name = "<script>alert('x')</script> & \"co\""
    version, run = make_version(zoo, "plain"), make_run(zoo, name, job_type="</script><b>")
    used(run, version)
    response = alice_browser.get("/ml/zoo/artifacts/dataset/plain/v0/lineage")
    assert outline(response)[key(run)].get("data-name") == name
    assert b"<script>alert" not in response.content
    assert next(node for node in payload(response)["nodes"] if node["id"] == key(run))["type"] == "</script><b>"


def test_what_is_cut_is_said(alice_browser: Client, zoo: Project) -> None:
    version = make_version(zoo, "chain")
    for _ in range(35):
        run = make_run(zoo)
        used(run, version)
        version = make_version(zoo, "chain")
        logged(run, version)
    response = alice_browser.get("/ml/zoo/artifacts/dataset/chain/v0/lineage")
    container = marked(response, "data-lineage-state")["loading"]
    assert (container.get("data-complete"), container.get("data-visible")) == ("false", "65")
    note = next(found for found in tree(response).iter("details") if "cut-note" in found.get("class", ""))
    assert text(note).startswith("Cut: 65 of ≥ 65 shown Where a card goes on it says how far")
    assert "further down" in response.content.decode()


def test_the_page_is_valid_html(alice_browser: Client, pipeline: Pipeline) -> None:
    for url in (pipeline.url, f"{pipeline.url}?hidden={key(pipeline.split)}&selected={key(pipeline.base)}"):
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(alice_browser.get(url).content.decode())
        assert parser.errors == []
