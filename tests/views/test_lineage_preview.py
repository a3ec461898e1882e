"""The preview beside the graph: PRV-1 and PRV-2 field by field, of what the viewer may see."""

import pytest
from django.test import Client

from registry.core.viewer import Viewer
from registry.models import Artifact, ArtifactReference, Edge, Entity, Project, Run, User
from registry.services import links, projects
from tests.factories import make_run, make_version, used
from tests.views.lineage_pages import FRAGMENT, Pipeline, get, key, marked, text, tree


def test_the_selected_node_is_previewed_in_the_page(alice_browser: Client, pipeline: Pipeline) -> None:
    response = alice_browser.get(f"{pipeline.url}?selected={key(pipeline.split)}")
    assert text(marked(response, "data-field")["job-type"]) == "split"
    gone = alice_browser.get(f"{pipeline.url}?selected=run-999999999")
    assert gone.status_code == 200
    assert "data-field" not in gone.content.decode()


def test_prv_1_a_run_with_every_field(alice_browser: Client, alice: User, zoo: Project, pipeline: Pipeline) -> None:
    Run.objects.filter(pk=pipeline.split.pk).update(
        created_by=alice,
        config={"lr": {"value": 0.1}, "_wandb": {"value": {}}},
        summary={"accuracy": 0.93, "_step": 3},
        finished_at=pipeline.split.created_at.replace(hour=11, minute=0),
    )
    fields = marked(get(alice_browser, f"{pipeline.url}/preview", node=key(pipeline.split)), "data-field")
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


def test_prv_2_an_artifact_with_every_field(alice_browser: Client, pipeline: Pipeline) -> None:
    Artifact.objects.filter(pk=pipeline.base.pk).update(
        description="Clean split", size_bytes=1_420_000, file_count=3, metadata={"classes": 12}
    )
    pipeline.base.tags.create(name="eu")
    fields = marked(get(alice_browser, f"{pipeline.url}/preview", node=key(pipeline.base)), "data-field")
    found = {name: text(element) for name, element in fields.items()}
    assert found["aliases"] == "latest"
    assert found["created"] == "14 Mar 2026, 09:42"
    assert (found["type"], found["version"], found["description"]) == ("dataset", "v0", "Clean split")
    assert found["logged-by"] == "split-1split"
    assert found["size"] == "1.42 MB · 3 files"
    assert found["consumers"].startswith("train-6train")
    assert (found["tags"], found["registry"], found["metadata"]) == ("eu", "not recorded", "classes12")


def test_prv_3_what_is_missing_is_said_to_be(alice_browser: Client, pipeline: Pipeline) -> None:
    fields = marked(get(alice_browser, f"{pipeline.url}/preview", node=key(pipeline.split)), "data-field")
    assert {text(fields[name]) for name in ("author", "config", "summary")} == {"not recorded"}


def test_acc_2_neighbours_out_of_sight_are_neither_named_nor_counted(
    alice_browser: Client, charlie: User, as_charlie: Viewer, pipeline: Pipeline
) -> None:
    secret = projects.ensure_project(viewer=as_charlie, entity=Entity.objects.get(user=charlie), name="secret")
    used(make_run(secret, "spy-1"), pipeline.base)
    response = get(alice_browser, f"{pipeline.url}/preview", node=key(pipeline.base))
    assert "spy-1" not in response.content.decode()
    assert Edge.objects.filter(artifact=pipeline.base, direction=Edge.Direction.USED).count() == 7
    assert "Used by6" in text(tree(response))


def test_acc_2_what_the_viewer_may_not_see_has_no_preview(
    alice_browser: Client, charlie: User, as_charlie: Viewer, pipeline: Pipeline
) -> None:
    secret = projects.ensure_project(viewer=as_charlie, entity=Entity.objects.get(user=charlie), name="secret")
    for thing in (make_run(secret), make_version(secret, "plans")):
        assert get(alice_browser, f"{pipeline.url}/preview", node=key(thing)).status_code == 404


def test_a_preview_offers_what_applies(alice_browser: Client, pipeline: Pipeline) -> None:
    def offered(**query: object) -> set[str]:
        actions = marked(get(alice_browser, f"{pipeline.url}/preview", **query), "data-action")
        return set(actions) - {"walk", "step", "close", "open"}

    member = key(pipeline.trains[0])
    assert offered(node=key(pipeline.base)) == set()
    assert offered(node=key(pipeline.split)) == {"focus", "hide", "hide-through"}
    assert offered(node=member, cluster="cluster-0123456789") == {"focus", "extract"}
    assert offered(node=member, extracted=member) == {"focus", "put-back", "hide", "hide-through"}
    assert offered(node=key(pipeline.split), hidden=key(pipeline.split)) == {"focus", "show"}
    assert offered(node=key(pipeline.split), focus=key(pipeline.split)) == {"focus"}


def test_prv_3_the_ends_of_the_arrows_are_one_step_away(alice_browser: Client, pipeline: Pipeline) -> None:
    steps = marked(get(alice_browser, f"{pipeline.url}/preview", node=key(pipeline.split)), "data-way")
    assert {way: step.get("data-ref") for way, step in steps.items()} == {
        "previous": key(pipeline.raw),
        "next": key(pipeline.base),
    }
    assert set(marked(get(alice_browser, f"{pipeline.url}/preview", node=key(pipeline.raw)), "data-way")) == {"next"}


def test_prv_3_a_step_to_a_cluster_leads_to_its_members(alice_browser: Client, pipeline: Pipeline) -> None:
    step = marked(get(alice_browser, f"{pipeline.url}/preview", node=key(pipeline.base)), "data-way")["next"]
    members = alice_browser.get(step.get("href"))
    assert members.status_code == 200
    assert {member.split("-")[0] for member in marked(members, "data-member")} == {"run"}


def test_a_preview_without_scripts_is_the_page_with_it(alice_browser: Client, pipeline: Pipeline) -> None:
    response = alice_browser.get(f"{pipeline.url}/preview?node={key(pipeline.split)}")
    assert response.headers["Location"] == f"{pipeline.url}?selected={key(pipeline.split)}"


@pytest.mark.parametrize(("node", "status"), [("run-999999999", 404), ("artifact-999999999", 404), ("dog", 400)])
def test_a_preview_of_nothing(alice_browser: Client, pipeline: Pipeline, node: str, status: int) -> None:
    assert get(alice_browser, f"{pipeline.url}/preview", node=node).status_code == status


def test_prv_2_references_between_versions_are_shown_both_ways(
    alice_browser: Client, zoo: Project, pipeline: Pipeline, charlie: User
) -> None:
    """Issue C: references between artifacts are recorded as "derived from"."""
    view = make_version(zoo, "view")
    ArtifactReference.objects.create(source=view, target=pipeline.base)
    hidden = projects.ensure_project(viewer=Viewer.system(), entity=Entity.objects.get(user=charlie), name="hidden")
    ArtifactReference.objects.create(source=make_version(hidden, "secret-view"), target=pipeline.base)
    url = f"{pipeline.url}/preview"
    fields = marked(get(alice_browser, url, node=key(pipeline.base)), "data-field")
    assert text(fields["basis-of"]) == "view:v0dataset"
    assert "derived-from" not in fields
    other = alice_browser.get(f"/ml/zoo/artifacts/dataset/view/v0/lineage/preview?node={key(view)}", headers=FRAGMENT)
    assert 'data-field="derived-from"' in other.content.decode()
    page = alice_browser.get("/ml/zoo/artifacts/dataset/view/v0").content.decode()
    assert "<h2>Derived from</h2>" in page
    assert f'href="{pipeline.url.removesuffix("/lineage")}"' in page
    assert "<h2>Basis of</h2>" not in page
    assert "secret-view" not in alice_browser.get(pipeline.url.removesuffix("/lineage")).content.decode()


def test_acc_2_a_version_seen_through_a_registry_does_not_tell_its_project(
    charlie_browser: Client, as_alice: Viewer, acme: Entity, zoo: Project
) -> None:
    source = make_version(zoo, "net", type_name="model")
    registry = projects.ensure_project(viewer=Viewer.system(), entity=acme, name="wandb-registry-model")
    links.link_version(viewer=as_alice, artifact=source, project=registry, collection_name="best", aliases=[])
    ArtifactReference.objects.create(source=source, target=make_version(zoo, "hidden-base"))
    response = charlie_browser.get(f"/registry/Model/best/v0/lineage/preview?node={key(source)}", headers=FRAGMENT)
    page = response.content.decode()
    assert response.status_code == 200
    assert 'href="/registry/Model/best/v0"' in page
    assert "zoo" not in page
    assert "hidden-base" not in page
