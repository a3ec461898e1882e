"""The tree beside the pages of a project, of which htmx fetches the branches."""

from playwright.sync_api import Page, Request, expect

from tests.browser.lineage_page import LineagePage


def test_nav_6_the_first_branch_brings_htmx_and_opens(page: Page, lineage: LineagePage) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    lineage.open()
    assert not any("htmx" in address for address in asked)
    address = page.url
    model = page.locator('.tree-toggle[aria-label^="model,"]')
    expect(model).to_have_attribute("aria-expanded", "false")
    model.click()
    expect(model).to_have_attribute("aria-expanded", "true")
    inner = page.locator('.tree-toggle[aria-label^="zoo-sweep,"]')
    expect(inner).to_have_attribute("aria-expanded", "false")
    inner.focus()
    page.keyboard.press(" ")
    expect(inner).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".tree-row", has_text="v11")).to_be_visible()
    assert page.url == address, "the tree opens in place"
    assert sum("htmx" in address for address in asked) == 1


def test_nav_1_a_narrow_window_shows_all_columns_of_the_artifacts(page: Page) -> None:
    page.set_viewport_size({"width": 900, "height": 700})
    page.goto("/wildlife/zoo/artifacts")
    table, changed = (page.locator(one).bounding_box() for one in (".table-wrap", ".table th:last-child"))
    assert table is not None
    assert changed is not None
    assert changed["x"] + changed["width"] <= table["x"] + table["width"] + 1
