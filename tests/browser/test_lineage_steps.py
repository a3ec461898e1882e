"""Undo and redo, dragged cards, hiding with what lies behind, clusters in place: every one leads back."""

from playwright.sync_api import Page, expect

from tests.browser.lineage_page import LineagePage

BASE, SPLIT, CLUSTER = "split_zoo_dataset:v0", "ancient-forest-9", "24 train runs"


def settled(lineage: LineagePage, name: str) -> tuple[int, int]:
    """Where a card stands beside the base, once nothing glides any more."""
    lineage.ready()
    lineage.page.wait_for_timeout(300)
    card, base = lineage.place(name), lineage.place(BASE)
    return round(card["x"] - base["x"]), round(card["y"] - base["y"])


def test_int_5_undo_then_redo_by_key_and_by_button(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    names = [lineage.names()]
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    for name in (SPLIT, CLUSTER):
        lineage.hover_card(name)
        page.locator(".card-tools").get_by_role("button", name="Hide", exact=False).click()
        expect(lineage.entry(name)).to_have_count(0)
        lineage.ready()
        names.append(lineage.names())
    page.locator(".graph-cy").focus()
    page.keyboard.press("u")
    expect(lineage.entry(CLUSTER)).to_have_count(1)
    assert lineage.names() == names[1]
    page.get_by_role("button", name="Undo").click()
    expect(lineage.entry(SPLIT)).to_have_count(1)
    assert lineage.names() == names[0]
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.locator(".graph-cy").focus()
    page.keyboard.press("Shift+U")
    expect(lineage.entry(SPLIT)).to_have_count(0)
    assert lineage.names() == names[1]
    page.get_by_role("button", name="Redo").click()
    expect(lineage.entry(CLUSTER)).to_have_count(0)
    assert lineage.names() == names[2]


def test_int_1_a_dragged_card_stays_through_reload_and_undo(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    home = settled(lineage, SPLIT)
    lineage.drag_card(SPLIT, 30, -110)
    moved = settled(lineage, SPLIT)
    assert moved == (home[0] + 30, home[1] - 110)
    page.reload()
    assert settled(lineage, SPLIT) == moved
    page.get_by_role("button", name="Rearrange").click()
    assert settled(lineage, SPLIT) == home
    expect(page.get_by_role("button", name="Rearrange")).to_be_hidden()
    page.locator(".graph-cy").focus()
    page.keyboard.press("u")
    page.wait_for_timeout(200)
    assert settled(lineage, SPLIT) == moved


def test_int_4_hide_with_everything_only_reachable_through_it(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    before = lineage.names()
    page.locator(".graph-cy").focus()
    page.keyboard.press("ArrowRight")
    if CLUSTER not in lineage.live:
        page.keyboard.press("ArrowDown")
    assert CLUSTER in lineage.live
    page.keyboard.press("Shift+H")
    expect(lineage.entry(CLUSTER)).to_have_count(0)
    lineage.ready()
    gone = set(before) - set(lineage.names())
    assert len(gone) > 1
    expect(page.get_by_text(f"Hidden ({len(gone)})")).to_be_visible()
    page.keyboard.press("u")
    expect(lineage.entry(CLUSTER)).to_have_count(1)
    assert lineage.names() == before


def test_clu_7_a_cluster_is_expanded_in_place_and_collapsed(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    names, drawn = lineage.names(), lineage.drawn
    lineage.hover_card(CLUSTER)
    page.locator(".card-tools").get_by_role("button", name="Expand in place").click()
    expect(lineage.entry(CLUSTER)).to_have_count(0)
    lineage.ready()
    assert lineage.drawn == drawn + 23
    expect(page.locator('[data-chip="expanded"]')).to_contain_text("1 cluster")
    fold = page.locator('.outline [data-action="fold"]')
    assert fold.count() == 24
    fold.first.click()
    expect(lineage.entry(CLUSTER)).to_have_count(1)
    lineage.ready()
    assert lineage.names() == names


def test_clu_3_several_members_at_once_facets_and_order(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    lineage.click_card(CLUSTER)
    dialog = page.get_by_role("dialog", name=CLUSTER)
    facet = dialog.locator('[data-facet="state"]').last
    count = int(facet.inner_text().split()[-1])
    facet.click()
    expect(dialog.locator("[data-member]")).to_have_count(count)
    expect(dialog.locator('[data-facet="state"][aria-pressed="true"]')).to_have_count(1)
    dialog.locator('[data-facet="state"][aria-pressed="true"]').click()
    expect(dialog.locator("[data-member]")).to_have_count(24)
    dialog.locator('[data-facet="sort"]').click()
    expect(dialog.locator('[data-facet="sort"]')).to_have_text("name")
    listed = dialog.locator("[data-member]").evaluate_all("all => all.map(one => one.dataset.name)")
    assert listed == sorted(listed)
    page.get_by_label("Search members").fill("zebra")
    expect(dialog.locator("[data-member]")).not_to_have_count(24)
    several = dialog.locator("[data-several]")
    if several.count():
        number = int(several.inner_text().removeprefix("Extract these "))
        several.click()
        expect(page.locator('.outline [data-extracted="true"]')).to_have_count(number)


def test_a_program_clicks_the_list_below_the_drawing(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    button = lineage.entry(SPLIT).locator('[data-action="hide"]')
    button.click()
    expect(lineage.entry(SPLIT)).to_have_count(0)
    lineage.ready()
    page.locator(".graph-cy").scroll_into_view_if_needed()
    lineage.click_card(BASE)
    expect(page.locator(".panel h2")).to_have_text(BASE)


def test_prv_3_previous_and_next_along_the_edges(page: Page, lineage: LineagePage) -> None:
    lineage.open()
    lineage.click_card(SPLIT)
    expect(page.locator(".panel h2")).to_have_text(SPLIT)
    page.locator('.panel [data-way="next"]').click()
    expect(page.locator(".panel h2")).to_have_text(BASE)
    page.locator('.panel [data-way="previous"]').click()
    expect(page.locator('.panel [data-field="job-type"]')).to_have_text("split")
    page.locator('.panel [data-way="next"]').click()
    expect(page.locator(".panel h2")).to_have_text(BASE)
    page.locator('.panel [data-way="next"]').click()
    popover = page.locator(".pop-cluster")
    expect(popover.locator("h2")).to_have_text("6 finetune runs")
    expect(page.locator(".panel h2")).to_have_text(BASE)
