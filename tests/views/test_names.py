"""N1 and N3: names are shown as they are, wherever they are shown, and work in addresses."""

from collections.abc import Iterator
from unicodedata import normalize
from urllib.parse import quote
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.test import Client

from registry.core.viewer import Viewer
from registry.models import Alias, Project
from registry.services.links import link_version
from tests.factories import logged, make_run, make_version, used
from tests.views.conftest import Get, fresh

NAMES = [
    "<script>alert(1)<x>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "{% include %}",
    "javascript:alert(1)",
    "..a",
    "a b",
    "what? #1 & 100% +x;y=z",
    "back\\slash",
    "zoo-é-動物-🦓",
    "e\u0301 zero\u200bwidth",
    "аdmin",  # noqa: RUF001 - the first letter is Cyrillic
    "ש\u05b8לום",  # noqa: RUF001 - read from the right
    "x" * 128,
    "'\"`",
]


# a title, a source text, prose, a choice and a field have no neighbours to confuse
ISOLATING = {"bdi", "title", "pre", "md", "option", "textarea"}


def _segment(name: str) -> str:
    return quote(name, safe="")


@pytest.fixture(params=NAMES, ids=[str(number) for number in range(len(NAMES))])
def named(request: pytest.FixtureRequest, zoo: Project, registry: Project, as_alice: Viewer) -> str:
    """A version, its type, an alias, a run, its job type, a tag and a registry collection, all of that name."""
    name = normalize("NFC", request.param)
    type_name = name.replace(":", "")
    Project.objects.filter(pk=registry.pk).update(accepted_types=None)
    version = make_version(zoo, name, type_name=type_name, metadata={name: name}, description=name)
    Alias.objects.create(collection=version.collection, artifact=version, name=name.replace(":", ""))
    run = make_run(zoo, name, uid="r1", job_type=name, tags=[name], config={name: {"value": name}}, notes=name)
    logged(run, version)
    used(run, version)
    fresh_registry = Project.objects.select_related("entity").get(pk=registry.pk)
    link_version(viewer=as_alice, artifact=fresh(version), project=fresh_registry, collection_name=name, aliases=[])
    return name


def _texts(element: Element, around: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every text of the page with the tags and classes that it stands in."""
    inside = (*around, str(element.tag), *element.get("class", "").split())
    yield element.text or "", inside
    for inner in element:
        yield from _texts(inner, inside)
        yield inner.tail or "", inside


def _assert_shown(page: str, name: str, address: str) -> None:
    """The name is there as text, isolated from what stands around it wherever it is."""
    texts = _texts(html5lib.parse(page, namespaceHTMLElements=False))
    shown = [inside for text, inside in texts if name in text]
    assert any("bdi" in inside for inside in shown), address
    assert all(ISOLATING & set(inside) for inside in shown), (address, shown)


def test_every_page_shows_the_name_literally(get: Get, named: str) -> None:
    type_name = named.replace(":", "")
    version = f"/ml/zoo/artifacts/{_segment(type_name)}/{_segment(named)}/v0"
    linked = f"/registry/Model/{_segment(named)}"
    in_project = f"/ml/zoo/collections/{_segment(type_name)}/{_segment(named)}"
    in_registry = f"/acme/wandb-registry-Model/collections/{_segment(type_name)}/{_segment(named)}"
    pages = [
        "/ml/zoo",
        "/ml/zoo/runs",
        "/ml/zoo/runs/r1",
        "/ml/zoo/artifacts",
        f"/ml/zoo/artifacts?q={_segment(named)}",
        f"/ml/zoo/artifacts/{_segment(type_name)}",
        f"/ml/zoo/collections/{_segment(type_name)}/{_segment(named)}",
        version,
        f"{version}/metadata",
        f"{version}/usage",
        f"{version}/files",
        "/registry",
        "/registry/Model",
        f"{linked}/v0",
        f"{linked}/versions",
        f"{linked}/history",
        f"/search?q={_segment(named)}",
        f"{version}/compare",
        f"{version}/description",
        f"{version}/tags",
        f"{version}/delete",
        f"{version}/link?registry=Model",
        f"{version}/aliases/remove?name={_segment(named.replace(':', ''))}",
        f"{in_project}/history",
        f"{in_project}/edit",
        f"{in_project}/delete",
        f"{in_registry}/tags",
        f"{in_registry}/link?source=ml/zoo",
        f"{in_registry}/link?source=ml/zoo&artifact={_segment(named)}",
        f"/registry?q={_segment(named)}",
    ]
    for address in pages:
        page = get(address)
        _assert_shown(page, named, address)
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address
        assert "49" not in page.split("<title>")[1].split("</title>")[0]


def test_its_addresses_lead_to_it(get: Get, alice_browser: Client, named: str) -> None:
    type_name = named.replace(":", "")
    bare = f"/ml/zoo/artifacts/{_segment(type_name)}/{_segment(named)}"
    latest = alice_browser.get(bare)
    assert latest.status_code == 302
    get(latest.url)
    by_alias = alice_browser.get(f"{bare}/{_segment(type_name)}")
    assert by_alias.status_code == 302
    assert "currently means <b>v0</b>" in get(by_alias.url)
    get(alice_browser.get(f"/registry/Model/{_segment(named)}").url)
