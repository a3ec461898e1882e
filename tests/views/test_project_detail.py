"""A project's overview."""

import pytest

from registry.models import Project
from registry.queries import places
from tests.factories import make_run, make_version
from tests.views.conftest import Get


def test_it_shows_the_newest_runs_and_the_artifact_types(get: Get, zoo: Project) -> None:
    make_run(zoo, "zesty-snowball-7")
    make_version(zoo, "net", type_name="model")
    page = get("/ml/zoo")
    assert "zesty-snowball-7" in page
    assert 'href="/ml/zoo/artifacts/model"' in page
    assert '<a href="/ml/zoo" title="Overview" aria-current="page">' in page


def test_counts_that_every_page_shows_go_no_further_than_they_cost(
    get: Get, zoo: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOST_COUNTED", 2)
    for number in range(2):
        make_run(zoo)
        make_version(zoo, f"net-{number}")
    assert '<span class="count">2</span>' in get("/ml/zoo/runs")
    make_run(zoo)
    make_version(zoo, "net-2")
    assert get("/ml/zoo/runs").count('<span class="count">2+</span>') == 3
    assert get("/").count('<td class="num">2+</td>') == 2


def test_names_match_without_regard_to_case(get: Get, zoo: Project) -> None:
    assert "<bdi>zoo</bdi>" in get("/ML/ZOO")


def test_the_description_is_markdown_without_html(get: Get, zoo: Project) -> None:
    text = "# Zoo\n\n**bold** <img src=x onerror=alert(1)> ![p](https://e.example/p.png) [a](javascript:alert(1))"
    Project.objects.filter(pk=zoo.pk).update(description=text)
    page = get("/ml/zoo")
    assert "<h3>Zoo</h3>" in page
    assert "<strong>bold</strong>" in page
    assert "<img" not in page
    assert "&lt;img src=x" in page
    assert 'href="javascript' not in page


def test_a_registry_leads_to_its_own_page(alice_browser, registry: Project) -> None:
    assert alice_browser.get("/acme/wandb-registry-Model").url == "/registry/Model"
