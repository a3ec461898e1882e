"""The Usage tab: the snippet, the producers and the consumers."""

from django.test import Client

from registry.core.viewer import Viewer
from registry.models import Alias, Artifact, Entity, Project, User
from registry.services import projects
from registry.services.edges import record_input
from tests.factories import logged, make_run, used
from tests.views.conftest import Get, same_queries

ADDRESS = "/ml/zoo/artifacts/model/net/v0/usage"


def test_it_shows_the_snippet_and_both_sides(get: Get, net: Artifact, zoo: Project) -> None:
    logged(make_run(zoo, "maker"), net)
    logged(make_run(zoo, "second-maker"), net)
    used(make_run(zoo, "reader"), net)
    page = get(ADDRESS)
    assert "use_artifact(" in page
    assert "&quot;ml/zoo/net:v0&quot;" in page
    producers, consumers = page.split("<h2>Used by</h2>")
    assert "maker" in producers
    assert "second-maker" in producers
    assert "reader" in consumers
    assert "maker" not in consumers


def test_hundreds_of_consumers_come_in_pages(get: Get, alice_browser: Client, net: Artifact, zoo: Project) -> None:
    used(make_run(zoo), net)
    with same_queries(alice_browser, ADDRESS):
        for number in range(59):
            used(make_run(zoo, f"reader-{number:02}"), net)
    page = get(ADDRESS)
    assert '<h2>Used by</h2><span class="count">60</span>' in page
    assert page.index("reader-58") < page.index("reader-57")
    after = page.split("consumers_after=")[1].split('"')[0]
    rest = get(f"{ADDRESS}?consumers_after={after}")
    assert "reader-00" in rest
    assert "reader-58" not in rest


def test_runs_that_the_viewer_may_not_see_are_neither_shown_nor_counted(get: Get, net: Artifact, charlie: User) -> None:
    own = projects.ensure_project(viewer=Viewer.system(), entity=Entity.objects.get(user=charlie), name="own")
    used(make_run(own, "secret-reader"), net)
    page = get(ADDRESS)
    assert "secret-reader" not in page
    assert '<h2>Used by</h2><span class="count">0</span>' in page


def test_a_use_tells_the_aliases_held_then_and_the_paths_by_which_it_was_named(
    get: Get, net: Artifact, zoo: Project, acme: Entity, as_alice: Viewer, charlie: User
) -> None:
    """Issue C: the path by which an input was named (source or registry), the aliases it held at that moment."""
    hidden = projects.ensure_project(viewer=Viewer.system(), entity=Entity.objects.get(user=charlie), name="otterden")
    reader = make_run(zoo, "reader")
    for path in (("acme", "wandb-registry-model"), ("ml", "zoo"), ("charlie", hidden.name)):
        record_input(viewer=as_alice, run=reader, artifact=net, entity_name=path[0], project_name=path[1])
    Alias.objects.filter(artifact=net).delete()
    used(make_run(zoo, "second"), net)
    page = get(ADDRESS)
    row, second = (page.split(f">{name}</bdi>")[1].split("</tr>")[0] for name in ("reader", "second"))
    assert '<bdi class="pill pill-sm">latest</bdi>' in row
    assert 'title="registry Model"' in row
    assert 'title="project ml/zoo"' in row
    assert "otterden" not in page
    assert "not recorded" in second
    inputs = get(f"/ml/zoo/runs/{reader.uid}")
    assert "Named by the path of the registry acme/Model" in inputs
    assert "Named by the path of the project ml/zoo" in inputs
    assert "when used" in inputs
    assert "otterden" not in inputs
