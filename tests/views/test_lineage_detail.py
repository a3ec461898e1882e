"""The Lineage tab: one fragment with the list and the drawing's JSON, changed by links that work without scripts."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import html5lib
import pytest
from django.http import HttpResponse
from django.test import Client

from registry.core.viewer import Viewer
from registry.models import Artifact, Edge, Entity, Project, Run, User
from registry.services import projects
from registry.services.links import link_version
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


@pytest.fixture
def pipeline(zoo: Project) -> Pipeline:
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


@pytest.fixture
def browser(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


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


def get(browser: Client, url: str, **query: object) -> HttpResponse:
    return browser.get(f"{url}?{urlencode(query)}", headers=FRAGMENT)  # type: ignore[return-value]


def test_gra_12_the_outline_has_every_node_once_with_its_edges(browser: Client, pipeline: Pipeline) -> None:
    response = browser.get(pipeline.url)
    entries = outline(response)
    cluster = cluster_of(response)
    base, split = entries[key(pipeline.base)], entries[key(pipeline.split)]
    assert set(entries) == {key(pipeline.raw), key(pipeline.split), key(pipeline.base), key(pipeline.net), cluster}
    assert (base.get("data-level"), base.get("data-kind"), base.get("data-type")) == ("0", "artifact", "dataset")
    assert (base.get("data-name"), base.get("data-inputs")) == ("zoo:v0", key(pipeline.split))
    assert base.get("data-outputs") == cluster
    assert (split.get("data-level"), split.get("data-inputs")) == ("-1", key(pipeline.raw))
    assert entries[cluster].get("data-count") == "6"


def test_the_fragment_holds_the_outline_and_the_same_graph(browser: Client, pipeline: Pipeline) -> None:
    response = get(browser, pipeline.url)
    assert b"<!doctype" not in response.content
    assert response.headers["HX-Push-Url"] == pipeline.url
    assert "HX-Request" in response.headers["Vary"]
    assert {node["id"] for node in payload(response)["nodes"]} == set(outline(response))
    assert len(payload(response)["nodes"]) == payload(response)["visible"]


def test_the_container_states_what_is_drawn(browser: Client, pipeline: Pipeline) -> None:
    container = marked(browser.get(pipeline.url), "data-lineage-state")["loading"]
    assert (container.get("data-visible"), container.get("data-total")) == ("5", "10")
    assert container.get("data-complete") == "true"


def test_int_3_hiding_leads_to_an_address_that_holds_it(browser: Client, pipeline: Pipeline) -> None:
    response = browser.get(f"{pipeline.url}?hide={key(pipeline.split)}")
    assert (response.status_code, response.headers["Location"]) == (302, f"{pipeline.url}?hidden={key(pipeline.split)}")
    shown = browser.get(response.headers["Location"])
    assert key(pipeline.split) not in outline(shown)
    assert outline(shown)[key(pipeline.raw)].get("data-bridged-outputs") == key(pipeline.base)
    assert "Hidden (1)" in shown.content.decode()


def test_int_4_hidden_nodes_come_back_one_by_one_or_all(browser: Client, pipeline: Pipeline) -> None:
    hidden = f"{key(pipeline.split)},{key(pipeline.raw)}"
    one = get(browser, pipeline.url, hidden=hidden, show=key(pipeline.raw))
    assert one.headers["HX-Push-Url"] == f"{pipeline.url}?hidden={key(pipeline.split)}"
    everything = get(browser, pipeline.url, hidden=hidden, show="all")
    assert everything.headers["HX-Push-Url"] == pipeline.url
    assert key(pipeline.split) in outline(everything)


def test_gra_6_the_base_is_never_hidden(browser: Client, pipeline: Pipeline) -> None:
    response = get(browser, pipeline.url, hide=key(pipeline.base))
    assert key(pipeline.base) in outline(response)


def test_clu_3_extract_and_put_back_is_the_identity(browser: Client, pipeline: Pipeline) -> None:
    before = get(browser, pipeline.url)
    member = key(pipeline.trains[2])
    out = get(browser, pipeline.url, extract=member)
    assert out.headers["HX-Push-Url"] == f"{pipeline.url}?extracted={member}"
    assert outline(out)[member].get("data-extracted") == "true"
    assert outline(out)[cluster_of(out)].get("data-count") == "5"
    back = get(browser, pipeline.url, **{"extracted": member, "put-back": member})
    assert payload(back) == payload(before)


def test_clu_6_put_all_back_takes_only_the_members_of_that_cluster(browser: Client, pipeline: Pipeline) -> None:
    members = [key(run) for run in pipeline.trains[:2]]
    out = get(browser, pipeline.url, extracted=",".join(members))
    back = get(browser, pipeline.url, **{"extracted": ",".join(members), "put-all-back": cluster_of(out)})
    assert back.headers["HX-Push-Url"] == pipeline.url
    other = get(browser, pipeline.url, **{"extracted": members[0], "put-all-back": "cluster-0123456789"})
    assert other.headers["HX-Push-Url"] == f"{pipeline.url}?extracted={members[0]}"


def test_a_change_is_told_in_one_sentence(browser: Client, pipeline: Pipeline) -> None:
    response = get(browser, pipeline.url, hide=key(pipeline.split))
    assert "split-1 hidden, 4 nodes visible" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    ["hidden=run-0", "hide=dog", "up=65", "extract=cluster-1", "hide=run-1&show=run-1", "selected=x"],
)
@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_an_address_that_makes_no_sense_says_why(
    browser: Client, pipeline: Pipeline, query: str, headers: dict[str, str]
) -> None:
    response = browser.get(f"{pipeline.url}?{query}", headers=headers)
    assert response.status_code == 400
    assert any(word in response.content.decode() for word in ("hidden", "hide", "hops", "extracted", "node", "change"))


def test_a_stranger_is_told_that_there_is_nothing(client: Client, charlie: User, pipeline: Pipeline) -> None:
    client.force_login(charlie)
    for path in ("", "/preview?node=" + key(pipeline.split), "/cluster?cluster=cluster-0123456789"):
        assert client.get(pipeline.url + path).status_code == 404


def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client, pipeline: Pipeline) -> None:
    assert client.get(pipeline.url).headers["Location"].startswith("/sign-in")


def test_a_version_that_nobody_used_shows_the_two_lines(browser: Client, zoo: Project) -> None:
    make_version(zoo, "lonely")
    response = browser.get("/ml/zoo/artifacts/dataset/lonely/v0/lineage")
    assert marked(response, "data-lineage-state").keys() == {"empty"}
    assert 'run.use_artifact("ml/zoo/lonely:v0")' in text(tree(response))
    assert "run.log_artifact(artifact)" in text(tree(response))


def test_nav_2_a_linked_version_has_the_same_graph(
    browser: Client, as_alice: Viewer, acme: Entity, pipeline: Pipeline
) -> None:
    registry = Project.objects.get(entity=acme, name="wandb-registry-Dataset")
    link_version(
        viewer=as_alice, artifact=pipeline.base, project=registry, collection_name="Zoo split", aliases=["gold"]
    )
    linked = browser.get("/registry/Dataset/Zoo%20split/v0/lineage")
    assert set(outline(linked)) == set(outline(browser.get(pipeline.url)))
    assert outline(linked)[key(pipeline.base)].get("data-base") == "true"
    preview = get(browser, "/registry/Dataset/Zoo%20split/v0/lineage/preview", node=key(pipeline.base))
    assert text(marked(preview, "data-field")["registry"]) == "Dataset / Zoo splitv0"


def test_a_run_is_a_base_too(browser: Client, pipeline: Pipeline) -> None:
    entries = outline(browser.get(f"/ml/zoo/runs/{pipeline.split.uid}/lineage"))
    assert set(entries) >= {key(pipeline.split), key(pipeline.base), key(pipeline.raw)}
    assert entries[key(pipeline.split)].get("data-base") == "true"


def test_names_are_shown_literally(browser: Client, zoo: Project) -> None:
    name = "<script>alert('x')</script> & \"co\""
    version, run = make_version(zoo, "plain"), make_run(zoo, name, job_type="</script><b>")
    used(run, version)
    response = browser.get("/ml/zoo/artifacts/dataset/plain/v0/lineage")
    assert outline(response)[key(run)].get("data-name") == name
    assert b"<script>alert" not in response.content
    assert next(node for node in payload(response)["nodes"] if node["id"] == key(run))["type"] == "</script><b>"


def test_the_selected_node_is_previewed_in_the_page(browser: Client, pipeline: Pipeline) -> None:
    response = browser.get(f"{pipeline.url}?selected={key(pipeline.split)}")
    assert text(marked(response, "data-field")["job-type"]) == "split"
    gone = browser.get(f"{pipeline.url}?selected=run-999999999")
    assert gone.status_code == 200
    assert "data-field" not in gone.content.decode()


def test_prv_1_a_run_with_every_field(browser: Client, alice: User, zoo: Project, pipeline: Pipeline) -> None:
    Run.objects.filter(pk=pipeline.split.pk).update(
        created_by=alice,
        config={"lr": {"value": 0.1}, "_wandb": {"value": {}}},
        summary={"accuracy": 0.93, "_step": 3},
        finished_at=pipeline.split.created_at.replace(hour=11, minute=0),
    )
    fields = marked(get(browser, f"{pipeline.url}/preview", node=key(pipeline.split)), "data-field")
    found = {name: text(element) for name, element in fields.items()}
    assert found["state"] == "Finished"
    assert found["started"] == "14 Mar 2026, 09:42"
    assert found["duration"] == "1 h 18 min"
    assert found["author"] == "Alice Adams"
    assert found["job-type"] == "split"
    assert found["run-id"] == pipeline.split.uid
    assert found["inputs"] == "raw:v0dataset"
    assert found["outputs"] == "zoo:v0dataset"
    assert found["config"] == "lr0.1"
    assert found["summary"] == "accuracy0.93"


def test_prv_2_an_artifact_with_every_field(browser: Client, pipeline: Pipeline) -> None:
    Artifact.objects.filter(pk=pipeline.base.pk).update(
        description="Clean split", size_bytes=1_420_000, file_count=3, metadata={"classes": 12}
    )
    pipeline.base.tags.create(name="eu")
    fields = marked(get(browser, f"{pipeline.url}/preview", node=key(pipeline.base)), "data-field")
    found = {name: text(element) for name, element in fields.items()}
    assert found["aliases"] == "latest"
    assert found["created"] == "14 Mar 2026, 09:42"
    assert (found["type"], found["version"], found["description"]) == ("dataset", "v0", "Clean split")
    assert found["logged-by"] == "split-1split"
    assert found["size"] == "1.42 MB · 3 files"
    assert found["consumers"].startswith("train-6train")
    assert (found["tags"], found["registry"], found["metadata"]) == ("eu", "not recorded", "classes12")


def test_prv_3_what_is_missing_is_said_to_be(browser: Client, pipeline: Pipeline) -> None:
    fields = marked(get(browser, f"{pipeline.url}/preview", node=key(pipeline.split)), "data-field")
    assert {text(fields[name]) for name in ("author", "config", "summary")} == {"not recorded"}


def test_acc_2_neighbours_out_of_sight_are_neither_named_nor_counted(
    browser: Client, charlie: User, as_charlie: Viewer, pipeline: Pipeline
) -> None:
    secret = projects.ensure_project(viewer=as_charlie, entity=Entity.objects.get(user=charlie), name="secret")
    used(make_run(secret, "spy-1"), pipeline.base)
    response = get(browser, f"{pipeline.url}/preview", node=key(pipeline.base))
    assert "spy-1" not in response.content.decode()
    assert Edge.objects.filter(artifact=pipeline.base, direction=Edge.Direction.USED).count() == 7
    assert "Used by6" in text(tree(response))


def test_a_preview_offers_what_applies(browser: Client, pipeline: Pipeline) -> None:
    def offered(**query: object) -> set[str]:
        return set(marked(get(browser, f"{pipeline.url}/preview", **query), "data-action")) - {"walk", "close", "open"}

    member = key(pipeline.trains[0])
    assert offered(node=key(pipeline.base)) == set()
    assert offered(node=key(pipeline.split)) == {"hide"}
    assert offered(node=member, cluster="cluster-0123456789") == {"extract"}
    assert offered(node=member, extracted=member) == {"put-back", "hide"}
    assert offered(node=key(pipeline.split), hidden=key(pipeline.split)) == {"show"}


def test_a_preview_without_scripts_is_the_page_with_it(browser: Client, pipeline: Pipeline) -> None:
    response = browser.get(f"{pipeline.url}/preview?node={key(pipeline.split)}")
    assert response.headers["Location"] == f"{pipeline.url}?selected={key(pipeline.split)}"


@pytest.mark.parametrize(("node", "status"), [("run-999999999", 404), ("artifact-999999999", 404), ("dog", 400)])
def test_a_preview_of_nothing(browser: Client, pipeline: Pipeline, node: str, status: int) -> None:
    assert get(browser, f"{pipeline.url}/preview", node=node).status_code == status


def test_clu_3_a_cluster_lists_and_searches_its_members(browser: Client, pipeline: Pipeline) -> None:
    cluster = cluster_of(browser.get(pipeline.url))
    everyone = get(browser, f"{pipeline.url}/cluster", cluster=cluster)
    assert list(marked(everyone, "data-member")) == [key(run) for run in reversed(pipeline.trains)]
    found = get(browser, f"{pipeline.url}/cluster", cluster=cluster, q="train-3")
    assert list(marked(found, "data-member")) == [key(pipeline.trains[2])]
    assert "1 of 6" in text(tree(found))
    page = browser.get(f"{pipeline.url}/cluster?cluster={cluster}&q=nobody")
    assert b"<!doctype" in page.content
    assert "No member matches" in page.content.decode()


def test_clu_6_a_long_list_is_paged_and_extracted_members_come_first(browser: Client, zoo: Project) -> None:
    base = make_version(zoo, "hub")
    runs = [make_run(zoo) for _ in range(60)]
    for run in runs:
        used(run, base)
    url = "/ml/zoo/artifacts/dataset/hub/v0/lineage"
    cluster = cluster_of(browser.get(url))
    first = get(browser, f"{url}/cluster", cluster=cluster, extracted=key(runs[3]))
    listed = list(marked(first, "data-member"))
    assert listed[0] == key(runs[3])
    assert "More members" in first.content.decode()
    after = marked(first, "data-after")
    rest = get(browser, f"{url}/cluster", cluster=cluster, extracted=key(runs[3]), after=next(iter(after)))
    assert {*listed, *marked(rest, "data-member")} == {key(run) for run in runs}
    assert not set(listed) & set(marked(rest, "data-member"))


@pytest.mark.parametrize(
    ("query", "status"), [("cluster=x", 400), ("cluster=cluster-0123456789", 404), ("", 400), ("q=" + "x" * 129, 400)]
)
def test_a_cluster_that_is_none(browser: Client, pipeline: Pipeline, query: str, status: int) -> None:
    assert browser.get(f"{pipeline.url}/cluster?{query}", headers=FRAGMENT).status_code == status


def test_what_is_cut_is_said(browser: Client, zoo: Project) -> None:
    version = make_version(zoo, "chain")
    for _ in range(35):
        run = make_run(zoo)
        used(run, version)
        version = make_version(zoo, "chain")
        logged(run, version)
    response = browser.get("/ml/zoo/artifacts/dataset/chain/v0/lineage")
    container = marked(response, "data-lineage-state")["loading"]
    assert (container.get("data-complete"), container.get("data-visible")) == ("false", "65")
    assert "Cut: 65 of" in response.content.decode()
    assert "further down" in response.content.decode()


def test_the_page_is_valid_html(browser: Client, pipeline: Pipeline) -> None:
    for url in (pipeline.url, f"{pipeline.url}?hidden={key(pipeline.split)}&selected={key(pipeline.base)}"):
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(browser.get(url).content.decode())
        assert parser.errors == []
