"""ACC-2: where a lineage crosses into what somebody may not see, page, graph and SDK show a lock and nothing else."""

import json
from typing import Any

import pytest
from django.test import Client

from registry.core.global_ids import encode_id
from registry.lineage.export import FORMATS
from registry.models import Project, Run
from registry.queries.accounts import get_viewer
from registry.services import projects
from tests.architecture.conftest import MARK, World
from tests.factories import logged, make_run, make_version, used

TABS = ("", "/preview", *(f"/export/{name}" for name in FORMATS))
RUN = """query R($entity: String!, $project: String!, $name: String!) {
  project(name: $project, entityName: $entity) { run(name: $name) {
    inputArtifacts(first: 5) { totalCount edges { node { id description artifactSequence { name } } } }
    outputArtifacts(first: 5) { totalCount edges { node { usedBy { totalCount edges { node { displayName } } } } } }
  } } }"""


@pytest.fixture
def own(world: World) -> Run:
    """A stranger's run that used a version of the private project and logged one that the project used in turn."""
    sam = get_viewer(user_id=world.people["stranger"].pk)
    project: Project = projects.ensure_project(viewer=sam, entity=world.people["stranger"].entity, name="own")
    run, output = make_run(project, "my run", uid="mine"), make_version(project, "fox", type_name="model")
    used(run, make_version(world.project, f"{MARK}eggs", description=f"{MARK} words"))
    logged(run, output)
    used(make_run(world.project, f"{MARK} consumer", job_type=f"{MARK}job"), output)
    return run


def _read(browser: Client, address: str) -> str:
    response: Any = browser.get(address, headers={"HX-Request": "true"} if "/preview" in address else {})
    assert response.status_code == 200, address
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return str(body.decode())


def test_acc_2_the_page_and_every_export_show_locks_only(world: World, own: Run) -> None:
    browser = world.browser("stranger")
    page = _read(browser, "/sam/own/runs/mine/lineage")
    assert "locked-" in page
    for tab in TABS:
        query = f"?node=run-{own.pk}" if tab == "/preview" else ""
        assert MARK not in _read(browser, f"/sam/own/runs/mine/lineage{tab}{query}"), tab
    for tab in ("", "/usage", "/lineage"):
        assert MARK not in _read(browser, f"/sam/own/artifacts/model/fox/v0{tab}"), tab
    assert MARK not in _read(browser, "/sam/own/runs/mine")


def test_acc_2_a_lock_has_no_kind_no_type_and_no_number(world: World, own: Run) -> None:
    picture = json.loads(_read(world.browser("stranger"), "/sam/own/runs/mine/lineage/export/json"))
    locks = [node for node in picture["nodes"] if node["key"].startswith("locked-")]
    assert len(locks) == 2
    for lock in locks:
        told = {name: value for name, value in lock.items() if name in {"entity", "project", "collection"}}
        assert not any(told.values())
        assert (lock["type"], lock["kind"]) == ("restricted", "locked")
        assert lock["run_id"] is None
        assert lock["version"] is None
        assert lock["count"] in (None, 0, 1)
        assert lock["more_upstream"] == lock["more_downstream"] == 0


def test_acc_2_the_administrators_of_both_see_through(world: World, own: Run) -> None:
    people = world.people["admin"]
    people.is_superuser = people.is_staff = True
    people.save(update_fields=["is_superuser", "is_staff"])
    page = _read(world.browser("admin"), "/sam/own/runs/mine/lineage")
    assert f"{MARK}eggs" in page
    assert "locked-" not in page


def test_acc_2_a_node_cannot_be_guessed_by_its_number(world: World, own: Run) -> None:
    browser = world.browser("stranger")
    hidden = world.run.pk
    for address in (
        f"/sam/own/runs/mine/lineage/preview?node=run-{hidden}",
        f"/sam/own/runs/mine/lineage?selected=run-{hidden}&extracted=run-{hidden}",
    ):
        assert MARK not in browser.get(address).content.decode(), address


def test_acc_2_the_sdk_is_told_no_more(world: World, own: Run) -> None:
    headers = {"Authorization": f"Bearer {world.keys['stranger']}"}
    variables = {"entity": "sam", "project": "own", "name": "mine"}
    body = json.dumps({"query": RUN, "variables": variables})
    response = Client(headers=headers).post("/graphql", body, content_type="application/json")
    run = response.json()["data"]["project"]["run"]
    assert run["inputArtifacts"] == {"totalCount": 0, "edges": []}
    (output,) = run["outputArtifacts"]["edges"]
    assert output["node"]["usedBy"] == {"totalCount": 0, "edges": []}
    version = encode_id("Artifact", world.run.edges.first().artifact_id)
    assert MARK not in response.content.decode()
    assert version not in response.content.decode()
