"""What the list and the graph's JSON say of nodes that are stale, linked, deleted, closed, cut or in a cycle."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.test import Client

from registry.core.viewer import Viewer
from registry.models import Artifact, Edge, Entity, Project, Run, User
from registry.services import projects
from registry.services.edges import record_input
from registry.services.links import link_version
from registry.services.versions import delete_version
from tests.factories import logged, make_run, make_version, used
from tests.views.lineage_pages import Pipeline, cluster_of, get, key, marked, outline, payload, text, tree


def words(element: Any) -> set[str]:
    return {part.strip() for part in element.itertext()} - {""}


def test_gra_8_the_list_says_what_the_badges_say(
    alice_browser: Client, as_alice: Viewer, acme: Entity, zoo: Project, pipeline: Pipeline
) -> None:
    registry = Project.objects.get(entity=acme, name="wandb-registry-Model")
    link_version(viewer=as_alice, artifact=pipeline.net, project=registry, collection_name="Net", aliases=["gold"])
    Edge.objects.filter(run=pipeline.split).update(aliases=["latest"])
    make_version(zoo, "raw")
    delete_version(viewer=as_alice, artifact=pipeline.raw)
    Run.objects.filter(pk=pipeline.split.pk).update(state="failed")
    entries = outline(alice_browser.get(pipeline.url))
    split, raw, net = (entries[key(thing)] for thing in (pipeline.split, pipeline.raw, pipeline.net))
    assert {"Failed", "stale"} <= words(split)
    spoken = {name: next(one.get("aria-label") for one in entry.iter("button")) for name, entry in entries.items()}
    assert spoken[key(pipeline.split)] == "run split-1, split, failed, stale, 1 input, 1 output"
    assert spoken[key(pipeline.raw)] == "artifact raw:v0, dataset, deleted, 0 producers, 1 consumer"
    assert spoken[key(pipeline.base)].endswith("dataset, base, latest, 1 producer, 6 consumers")
    assert "gold, latest, in the registry as Model / Net v0" in spoken[key(pipeline.net)]
    chip = next(found for found in split.iter("span") if "chip-warn" in (found.get("class") or ""))
    assert chip.get("title") == "Used raw:v0 as latest, which is raw:v1 now. "
    assert raw.get("data-state") == "deleted"
    assert "deleted" in text(raw)
    assert {"gold", "latest"} <= words(net)
    assert any((found.get("title") or "").endswith(" / Net v0") for found in net.iter("span"))


def test_gra_9_an_input_named_by_its_link_is_the_version_itself(
    alice_browser: Client, as_alice: Viewer, acme: Entity, pipeline: Pipeline
) -> None:
    registry = Project.objects.get(entity=acme, name="wandb-registry-Dataset")
    link_version(viewer=as_alice, artifact=pipeline.base, project=registry, collection_name="Zoo", aliases=[])
    before = set(outline(alice_browser.get(pipeline.url)))
    run = make_run(Project.objects.get(name="zoo"), "by-link", job_type="audit")
    record_input(viewer=as_alice, run=run, artifact=pipeline.base, entity_name=acme.name, project_name=registry.name)
    for url in (pipeline.url, "/registry/Dataset/Zoo/v0/lineage"):
        entries = outline(alice_browser.get(url))
        assert set(entries) == {*before, key(run)}
        assert entries[key(run)].get("data-inputs") == key(pipeline.base)


def test_gra_10_a_cycle_has_one_dashed_arrow_and_a_self_edge_is_drawn_once(
    alice_browser: Client, zoo: Project, pipeline: Pipeline
) -> None:
    feedback = make_run(zoo, "feedback", job_type="feedback")
    used(feedback, pipeline.net)
    logged(feedback, pipeline.raw)
    used(pipeline.split, pipeline.base)  # which it logged, too
    edges = payload(alice_browser.get(pipeline.url))["edges"]
    ends = [(edge["source"], edge["target"]) for edge in edges]
    assert len(set(ends)) == len(ends)
    assert sum(edge.get("back", False) for edge in edges) == 1
    between = {key(pipeline.split), key(pipeline.base)}
    assert sum({*pair} == between for pair in ends) == 1


def test_restricted_is_said_without_a_name(
    alice_browser: Client, charlie: User, as_charlie: Viewer, pipeline: Pipeline
) -> None:
    secret = projects.ensure_project(viewer=as_charlie, entity=Entity.objects.get(user=charlie), name="secret")
    used(make_run(secret, "spy-1"), pipeline.net)
    response = alice_browser.get(pipeline.url)
    (locked,) = [entry for entry in outline(response).values() if entry.get("data-kind") == "locked"]
    assert "No access" in text(locked)
    assert "restricted" in text(locked)
    assert not list(locked.iter("button"))
    assert "spy-1" not in response.content.decode()
    node = next(node for node in payload(response)["nodes"] if node["kind"] == "locked")
    assert {node["type"], node["name"]} <= {"", "No access", "restricted"}


def test_clu_7_too_many_to_draw_says_so_and_keeps_a_card_for_the_rest(
    alice_browser: Client, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = cluster_of(alice_browser.get(pipeline.url))
    monkeypatch.setattr("registry.lineage.walk.MOST_VISIBLE", 6)
    monkeypatch.setattr("registry.lineage.drawing.MOST_VISIBLE", 6)
    response = get(alice_browser, pipeline.url, unfold=cluster)
    assert payload(response)["expand_limited"] is True
    assert any("data-limited" in found.attrib for found in tree(response).iter())
    left = outline(response)[cluster]
    drawn = [entry for entry in outline(response).values() if entry.get("data-type") == "train"]
    assert int(left.get("data-count")) + len(drawn) - 1 == 6


def test_gra_6_the_base_is_marked_and_first_in_the_tab_order(alice_browser: Client, pipeline: Pipeline) -> None:
    response = alice_browser.get(f"{pipeline.url}?type=none&job=none&hidden={key(pipeline.base)}&up=0&down=0")
    (entry,) = outline(response).values()
    assert entry.get("data-base") == "true"
    assert "base" in words(entry)
    assert payload(response)["nodes"][0]["base"] is True


def test_gra_1_every_arrow_says_used_or_logged_and_goes_that_way(alice_browser: Client, pipeline: Pipeline) -> None:
    response = alice_browser.get(f"{pipeline.url}?expand=1")
    place = {node["id"]: node["x"] for node in payload(response)["nodes"]}
    for edge in payload(response)["edges"]:
        start = "artifact" if edge["kind"] == "used" else "run"
        assert edge["source"].startswith(start)
        assert place[edge["source"]] < place[edge["target"]], "GRA-4: producers left, consumers right"
    assert set(marked(response, "data-node")) == set(place)


def test_clu_5_numbers_of_merged_arrows_that_meet_stand_apart(
    alice_browser: Client, zoo: Project, pipeline: Pipeline
) -> None:
    pick = make_run(zoo, "pick", job_type="pick")
    audits = [make_run(zoo, job_type="audit") for _ in range(7)]
    for run in audits:
        used(run, pipeline.base)
    for run in (*audits, *pipeline.trains):
        name = "probe" if run in audits else "net"
        logged(run, make_version(zoo, name, type_name=name))
    for version in Artifact.objects.filter(collection__name__in=["net", "probe"]):
        used(pick, version)
    svg = ET.fromstring(alice_browser.get(f"{pipeline.url}/export/svg").content)
    texts = [text for text in svg.findall("{http://www.w3.org/2000/svg}text") if str(text.text).isdigit()]
    places = [(float(str(text.get("x"))), float(str(text.get("y")))) for text in texts]
    assert len(places) >= 4
    for at, (x, y) in enumerate(places):
        assert all(abs(x - u) > 12 or abs(y - v) > 12 for u, v in places[:at])
