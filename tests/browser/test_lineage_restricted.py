"""What the reader may not see, in a real browser: a locked card that tells nothing, explained by the legend."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lineage_page import LINEAGE, LineagePage
from tests.server import LiveServer

PATH = "/wildlife/crossing/artifacts/dataset/images/v0/lineage"
CROSSING = """
from registry.core.viewer import Role, Viewer
from registry.services.accounts import add_member, create_user
from tests.factories import logged, make_run, make_version, used
zoe, _ = create_user(viewer=Viewer.system(), username="zoe", password="zoe-password", name="Zoe")
mia, _ = create_user(viewer=Viewer.system(), username="mia", password="mia-password", name="Mia")
wildlife = Entity.objects.get(name="wildlife")
add_member(viewer=Viewer.system(), entity=wildlife, user=mia, role=Role.MEMBER)
facts = {"name_key": "crossing", "visibility": "organisation"}
project, _ = Project.objects.get_or_create(entity=wildlife, name="crossing", defaults=facts)
secret = Project.objects.create(entity=Entity.objects.get(user=zoe), name="secret", name_key="secret")
run = make_run(project, "crosses")
used(run, make_version(secret, "hidden-keys"))
logged(run, make_version(project, "images"))
answer = 1
"""


@pytest.fixture
def mia_page(site: LiveServer, chromium: Browser) -> Iterator[Page]:
    """A page of Mia, who is a member of the team and sees nothing of Zoe's own."""
    site.query(CROSSING)
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=site.url)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("User name").fill("mia")
    page.get_by_label("Password").fill("mia-password")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.url}/")
    yield page
    context.close()


def test_acc_2_a_locked_card_tells_nothing_and_the_legend_says_why(mia_page: Page) -> None:
    page = mia_page
    lineage = LineagePage(page).open("", PATH)
    locked = page.locator('.outline [data-kind="locked"]')
    expect(locked).to_have_count(1)
    expect(locked.get_by_text("No access")).to_be_visible()
    expect(page.locator(".legend")).to_contain_text("No access")
    assert "hidden-keys" not in page.content()
    place = page.evaluate("key => window.lineagePlace(key)", locked.get_attribute("data-node"))
    page.mouse.click(place["x"], place["y"])
    expect(page.locator(".panel")).to_be_hidden()
    page.mouse.move(place["x"], place["y"])
    page.mouse.down()
    page.mouse.move(place["x"], place["y"] + 90, steps=4)
    page.mouse.up()
    page.get_by_label("Saved views").click()
    page.get_by_label("Name of the view").fill("With the lock lower")
    page.get_by_role("button", name="Save view", exact=True).click()
    page.wait_for_url("**saved=*")
    lineage.ready()
    lower = page.evaluate("key => window.lineagePlace(key)", locked.get_attribute("data-node"))
    assert lower["y"] - lineage.place("images:v0")["y"] > 50, "a placeholder that was dragged is kept too"
    lineage.open("", LINEAGE)
    expect(page.locator(".legend .lock-key")).to_be_hidden()
