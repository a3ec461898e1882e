"""What a member does by hand, in a real browser: search, make a collection, link, promote, compare, read the history.

Everything happens in a project and in collections of its own, beside the demo that other tests read.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Faults
from tests.browser.test_lineage_look import serious_violations
from tests.server import LiveServer

SHOTS = Path("build/screenshots")
REGISTRY = "/savanna-labs/wandb-registry-Model"
VERSION = "/wildlife/journeys/artifacts/model/walker"
_MAKE = """
entity = Entity.objects.get(name='wildlife')
project, _ = Project.objects.get_or_create(entity=entity, name_key='journeys', defaults={'name': 'journeys'})
series, made = ArtifactCollection.objects.get_or_create(
    project=project, name='walker', deleted_at=None,
    defaults={'kind': 'sequence', 'type_name': 'model', 'next_version': 2})
if made:
    for number in range(2):
        version = Artifact.objects.create(
            collection=series, version=number, digest=str(number) * 32, state='committed',
            metadata={'lr': number, 'arch': 'walker'}, description='# Walker')
    Alias.objects.create(collection=series, name='latest', artifact=version)
answer = 1
"""


@pytest.fixture(scope="module")
def walker(site: LiveServer) -> None:
    """The model `wildlife/journeys/walker` with two versions."""
    site.query(_MAKE)


def say(page: Page, sentence: str) -> None:
    """Expect the sentence in the toast, and in the live region, where a screen reader hears it."""
    expect(page.locator(".toast-page")).to_contain_text(sentence)
    expect(page.locator("#live")).to_contain_text(sentence)


@pytest.mark.usefixtures("walker")
def test_a_member_makes_a_collection_links_promotes_and_reads_the_history(page: Page, faults: Faults) -> None:
    page.goto("/registry/Model")
    page.get_by_role("link", name="New collection").click()
    page.get_by_label("Name").fill("Walkers")
    page.get_by_role("button", name="Make the collection").click()
    say(page, "The collection Walkers is there.")
    for version in ("v0", "v1"):
        page.get_by_role("link", name="Link a version").click()
        page.get_by_role("link", name="wildlife/journeys").click()
        page.get_by_role("link", name="walker", exact=True).click()
        page.get_by_role("button", name=f"Link {version}").click()
        say(page, f"walker:{version} is linked.")
        expect(page).to_have_url(re.compile(rf"/registry/Model/Walkers/{version}$"))
        page.goto("/registry/Model/Walkers/versions")
    page.goto("/registry/Model/Walkers/v0")
    page.locator("section", has=page.get_by_role("heading", name="Aliases")).locator("summary").click()
    page.get_by_placeholder("Alias", exact=True).fill("promoted")
    page.locator("section", has=page.get_by_role("heading", name="Aliases")).get_by_role("button", name="Add").click()
    say(page, "v0 is promoted now.")
    page.goto("/registry/Model/Walkers/v1")
    page.locator("section", has=page.get_by_role("heading", name="Aliases")).locator("summary").click()
    page.get_by_placeholder("Alias", exact=True).fill("promoted")
    page.locator("section", has=page.get_by_role("heading", name="Aliases")).get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_contain_text("promoted moves from v0 to v1")
    # the browser notes the status with which a form comes back
    assert [fault for fault in faults.found if "422" not in fault] == []
    faults.found.clear()
    page.get_by_role("button", name="Move promoted to v1").click()
    say(page, "promoted moved from v0 to v1.")
    page.get_by_label("Collection menu").click()
    page.get_by_role("link", name="Action History").click()
    first = page.locator("tr[data-action]").first
    expect(first).to_contain_text("moved promoted from v0 to v1")
    expect(first).to_contain_text("in the browser")
    page.get_by_label("Alias", exact=True).fill("nobody")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("heading", name="Nothing has happened of this kind")).to_be_visible()
    expect(page).to_have_url(re.compile("alias=nobody"))


@pytest.mark.usefixtures("walker")
def test_it_works_without_a_script(plain_page: Page) -> None:
    page = plain_page
    page.goto(f"{VERSION}/v0")
    page.locator("section", has=page.get_by_role("heading", name="Tags")).locator("summary").click()
    page.get_by_placeholder("Tag", exact=True).fill("plain")
    page.locator("section", has=page.get_by_role("heading", name="Tags")).get_by_role("button", name="Add").click()
    expect(page.get_by_text("The tags are saved.")).to_be_visible()
    page.get_by_role("button", name="Remove the tag plain").click()
    expect(page.get_by_role("button", name="Remove the tag plain")).to_have_count(0)
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Description").fill("# Better")
    page.get_by_role("button", name="Save the description").click()
    expect(page.get_by_role("heading", name="Better")).to_be_visible()


@pytest.mark.usefixtures("walker")
def test_versions_are_compared_from_the_table_and_from_the_page(page: Page) -> None:
    page.goto("/wildlife/journeys/collections/model/walker")
    page.get_by_label("Compare v0").check()
    page.get_by_label("Compare v1").check()
    page.get_by_role("button", name="Compare metadata of the chosen").click()
    expect(page.locator("#metadata")).to_contain_text("1 key differs, 1 is the same")
    page.goto(f"{VERSION}/v1")
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page).to_have_url(re.compile(r"/v0/compare\?with=v1$"))
    page.get_by_role("link", name="Swap the sides").click()
    expect(page).to_have_url(re.compile(r"/v1/compare\?with=v0$"))


@pytest.mark.parametrize("key", ["/", "Control+k"])
def test_a_key_leads_to_the_search(page: Page, key: str) -> None:
    page.goto("/wildlife/zoo/runs")
    page.keyboard.press(key)
    field = page.get_by_label("Search everything")
    expect(field).to_be_focused()
    page.keyboard.type("walk/er")
    expect(field).to_have_value("walk/er")
    field.fill("zoo-sweep:v3")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="zoo-sweep:v3").click()
    expect(page).to_have_url(re.compile("/artifacts/model/zoo-sweep/v3$"))


def test_a_toast_goes_away_by_its_button(page: Page, walker: None) -> None:
    page.goto(f"{VERSION}/v1/tags")
    page.get_by_label("Tag").fill("toasted")
    page.get_by_role("button", name="Add the tag").click()
    toast = page.locator(".toast-page")
    toast.get_by_role("button", name="Close").click()
    expect(toast).to_have_count(0)


_PICTURE = """
from registry.storage.blobs import blob_store
import base64
png = base64.b64decode(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==')
stored = blob_store().write([png], length=len(png))
version = Artifact.objects.get(collection__name='walker', version=0)
blob, _ = Blob.objects.get_or_create(entity=version.collection.project.entity, md5=stored.md5,
    defaults={'sha256': stored.sha256, 'size_bytes': len(png)})
ManifestEntry.objects.get_or_create(artifact=version, path='leg.txt', defaults={
    'digest': 'x', 'size_bytes': len(png), 'blob': blob})
answer = 1
"""


@pytest.mark.usefixtures("walker")
def test_a_picture_is_drawn_under_the_policy_of_the_site(site: LiveServer, page: Page) -> None:
    site.query(_PICTURE)
    page.goto(f"{VERSION}/v0/files")
    page.get_by_role("link", name="leg.txt", exact=True).click()
    picture = page.get_by_role("img", name="The picture leg.txt")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 1


PAGES = {
    "search": "/search?q=zoo",
    "registry-home": "/registry",
    "registry": "/registry/Model",
    "registry-version": "/registry/Model/Zoo%20classifier/v2",
    "registry-versions": "/registry/Model/Zoo%20classifier/versions?pick=v0&pick=v1",
    "history": "/registry/Model/Zoo%20classifier/history?latest=on",
    "compare": "/registry/Model/Zoo%20classifier/v0/compare?with=v2",
    "project-log": "/wildlife/zoo/history",
    "runs": "/wildlife/zoo/runs",
    "files": "/wildlife/zoo/artifacts/model/zoo-qne08r7u/v0/files?preview=config.json",
    "metadata": "/wildlife/zoo/artifacts/model/zoo-qne08r7u/v0/metadata",
    "alias-form": f"{VERSION}/v0/aliases/add?name=best",
    "description-form": f"{VERSION}/v0/description",
    "delete-form": f"{VERSION}/v0/delete",
    "link-form": f"{VERSION}/v0/link?registry=Model",
    "new-registry": "/orgs/savanna-labs/registries/new",
    "protected-aliases": f"{REGISTRY}/protected-aliases",
}


@pytest.mark.usefixtures("walker")
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_pages_fit_their_windows_and_satisfy_axe(page: Page, faults: Faults, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    SHOTS.mkdir(parents=True, exist_ok=True)
    found = {}
    for name, address in PAGES.items():
        for width, height in ((900, 700), (1440, 900)):
            page.set_viewport_size({"width": width, "height": height})
            response = page.goto(address)
            assert response is not None
            assert response.status == 200, address
            page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png")
            if (overflow := page.evaluate("document.documentElement.scrollWidth")) > width:
                found[f"{name} at {width}"] = [f"{overflow} wide"]
    assert faults.found == []
    for name, address in PAGES.items():
        page.goto(address)
        if violations := serious_violations(page, faults):
            found[name] = violations
    # what axe does to a page is told late, and is not the page's doing
    page.goto("about:blank")
    page.wait_for_timeout(300)
    faults.found.clear()
    assert found == {}
