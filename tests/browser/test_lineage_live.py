"""Live: a going run changes its node and its outputs without a reload; asked less and less, not when hidden."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.lineage_page import LineagePage
from tests.server import LiveServer

PATH = "/wildlife/live/artifacts/dataset/images/v0/lineage"
GOING = """
from django.utils import timezone
from tests.factories import logged, make_run, make_version, used
facts = {"name_key": "live", "visibility": "organisation"}
project, _ = Project.objects.get_or_create(entity=Entity.objects.get(name="wildlife"), name="live", defaults=facts)
images, run = make_version(project, "images"), make_run(project, "going", state="running")
Run.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now())
used(run, images)
logged(run, make_version(project, "checkpoint", type_name="model"))
answer = run.pk
"""
ENDED = """
from tests.factories import logged, make_version
run = Run.objects.get(name="going")
Run.objects.filter(pk=run.pk).update(state="finished")
logged(run, make_version(run.project, "result", type_name="model"))
answer = 1
"""
VISIBLE = """state => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def going(site: LiveServer) -> Iterator[LiveServer]:
    site.query(GOING)
    yield site
    site.query(
        "project = Project.objects.get(name='live')\n"
        "Edge.objects.filter(run__project=project).delete()\n"
        "Run.objects.filter(project=project).delete()\n"
        "Alias.objects.filter(collection__project=project).delete()\n"
        "Artifact.objects.filter(collection__project=project).delete()\n"
        "ArtifactCollection.objects.filter(project=project).delete()\n"
        "answer = 1"
    )


def test_a_run_that_ends_changes_its_node_and_its_outputs_and_the_view_stays(
    page: Page, lineage: LineagePage, going: LiveServer
) -> None:
    lineage.open("?rows=duration", PATH)
    expect(lineage.entry("going")).to_have_attribute("data-state", "running")
    page.evaluate("window.isSamePage = true")
    lineage.click_card("checkpoint:v0")
    expect(page.locator(".panel")).to_contain_text("checkpoint")
    place = lineage.place("images:v0")
    page.mouse.move(place["x"], place["y"])
    page.mouse.down()
    page.mouse.move(place["x"] + 20, place["y"] + 90, steps=5)
    page.mouse.up()
    page.mouse.wheel(0, -200)
    page.wait_for_timeout(200)
    page.locator(".graph-cy").focus()
    moved, steps = lineage.place("images:v0"), page.evaluate("history.length")
    going.query(ENDED)
    expect(lineage.entry("going")).to_have_attribute("data-state", "finished", timeout=20_000)
    lineage.ready()
    page.wait_for_timeout(300)
    assert "result:v0" in lineage.names()
    assert lineage.place("result:v0")["x"] > lineage.place("going")["x"]
    after = lineage.place("images:v0")
    base = {name: round(moved[name]) for name in ("x", "y", "width")}
    assert {name: round(after[name]) for name in base} == base, "zoom, pan and dragged cards stay"
    assert page.evaluate("history.length") == steps
    assert re.search(r"\?rows=duration&selected=artifact-\d+$|\?selected=artifact-\d+&rows=duration$", page.url)
    assert page.evaluate("window.isSamePage")
    assert "graph-cy" in page.evaluate("document.activeElement.className")
    expect(page.locator(".panel")).to_contain_text("checkpoint")
    expect(page.locator("#lineage-view")).to_have_attribute("data-live", "false")


def test_it_asks_less_and_less_and_not_while_hidden(page: Page, lineage: LineagePage, going: LiveServer) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/lineage/live" in request.url:
            assert request.headers["hx-request"] == "true"
            asked.append(request.url)

    page.on("requestfinished", note)
    page.clock.install()
    lineage.open("", PATH)
    pauses = []
    for _ in range(8):
        before, seconds = len(asked), 0
        while len(asked) == before and seconds < 70:
            page.clock.run_for(1000)
            page.wait_for_timeout(60)
            seconds += 1
        pauses.append(seconds)
    assert pauses[0] <= 6
    assert pauses == sorted(pauses)
    assert 55 <= pauses[-1] <= 62, pauses
    page.evaluate(VISIBLE, "hidden")
    before = len(asked)
    page.clock.run_for(300_000)
    page.wait_for_timeout(100)
    assert len(asked) == before
    page.evaluate(VISIBLE, "visible")
    page.clock.run_for(6_000)
    page.wait_for_timeout(300)
    assert len(asked) == before + 1
