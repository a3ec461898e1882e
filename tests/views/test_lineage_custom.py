"""What stands around the graph: chips, the Custom panel, search, saved and long views, what changed meanwhile."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.db.models import F
from django.test import Client

from registry.core.amounts import moment_text
from registry.lineage.rows import Row
from registry.models import Artifact, Project, Run, SavedView, User
from tests.factories import make_run, used
from tests.views.lineage_pages import Pipeline, cluster_of, get, key, marked, outline, payload, text, tree


def chips(response: Any) -> dict[str, Any]:
    return {found.get("data-chip"): found for found in tree(response).iter() if found.get("data-chip")}


def link_of(element: Any) -> str:
    return next(found.get("href") for found in element.iter("a"))


def test_cus_2_every_filter_has_a_chip_that_leads_to_the_view_without_it(
    alice_browser: Client, pipeline: Pipeline
) -> None:
    url = (
        f"{pipeline.url}?down=2&type=dataset&type=model&job=train&extended=1&generated=1&expand=1&colour=job&rows=size"
    )
    found = chips(alice_browser.get(url))
    assert set(found) == {"type", "job", "extended", "generated", "expand", "down", "colour", "rows"}
    assert text(found["type"]) == "Types2 of 2"
    for name, chip in found.items():
        rest = parse_qs(urlsplit(link_of(chip)).query)
        assert set(rest) == {"down", "type", "job", "extended", "generated", "expand", "colour", "rows"} - {name}


def test_cus_2_reset_keeps_what_was_hidden_by_hand(alice_browser: Client, pipeline: Pipeline) -> None:
    response = alice_browser.get(f"{pipeline.url}?down=2&type=dataset&orientation=down&hidden={key(pipeline.raw)}")
    reset = next(found for found in tree(response).iter("a") if text(found) == "Reset")
    assert reset.get("href") == f"{pipeline.url}?hidden={key(pipeline.raw)}"


def test_card_rows_are_on_the_cards_in_the_outline_and_in_the_panel(
    alice_browser: Client, pipeline: Pipeline, alice: User
) -> None:
    """Custom view: "card rows"."""
    Artifact.objects.filter(pk=pipeline.raw.pk).update(
        size_bytes=1_420_000, file_count=3, created_by=alice, description="All animals\nof the zoo"
    )
    Run.objects.filter(pk=pipeline.split.pk).update(
        state="finished", finished_at=F("created_at") + timedelta(minutes=78), created_by=alice, notes=""
    )
    Run.objects.filter(pk=pipeline.trains[0].pk).update(state="running")
    query = {"rows": "size,created,duration,state,author,description", "extracted": key(pipeline.trains[0])}
    response = get(alice_browser, pipeline.url, **query)
    drawn = {node["id"]: node for node in payload(response)["nodes"]}
    raw, split, train = (dict(drawn[key(node)]["rows"]) for node in (pipeline.raw, pipeline.split, pipeline.trains[0]))
    created = moment_text(pipeline.raw.created_at)
    assert list(raw) == ["created", "author", "size", "description"]
    told = {"author": "Alice Adams", "size": "1.42 MB · 3 files", "description": "All animals"}
    assert raw == {"created": created, **told}
    assert list(split) == ["state", "created", "duration", "author", "description"]
    assert (split["state"], split["duration"], split["description"]) == ("finished", "1 h 18 min", "not recorded")
    assert train["duration"] == "still running"
    assert "rows" not in drawn[cluster_of(response)]
    entry = outline(response)[key(pipeline.raw)]
    shown = {found.get("data-row"): text(found) for found in entry.iter() if found.get("data-row")}
    assert shown["size"] == "size 1.42 MB · 3 files"
    assert "description All animals" in next(found.get("aria-label") for found in entry.iter("button"))
    panel = tree(get(alice_browser, f"{pipeline.url}/custom", rows="size"))
    boxes = {found.get("value"): found.get("checked") for found in panel.iter("input") if found.get("name") == "rows"}
    assert [name for name, is_checked in boxes.items() if is_checked is not None] == ["size"]
    assert len(boxes) == len(Row)
    assert response.headers["HX-Push-Url"].endswith("rows=state,created,duration,author,size,description")


def test_cus_1_a_focus_on_the_base_is_none(alice_browser: Client, pipeline: Pipeline) -> None:
    response = get(alice_browser, pipeline.url, focus=key(pipeline.base))
    assert response.headers["HX-Push-Url"] == pipeline.url
    focused = get(alice_browser, pipeline.url, focus=key(pipeline.split), up=1, down=1)
    assert set(outline(focused)) == {key(pipeline.raw), key(pipeline.split), key(pipeline.base)}
    assert text(chips(focused)["focus"]) == "Focussplit-1"


def test_the_panel_is_a_form_of_the_view(alice_browser: Client, pipeline: Pipeline) -> None:
    response = get(alice_browser, f"{pipeline.url}/custom", down=2, job="train", hidden=key(pipeline.raw))
    inputs = list(tree(response).iter("input"))
    named = {(found.get("name"), found.get("value")): found for found in inputs}
    assert named["job", "train"].get("checked") is not None
    assert named["job", "split"].get("checked") is None
    assert ("down", "2") in named
    assert ("hidden", key(pipeline.raw)) in named
    assert {("extended", "1"), ("generated", "1"), ("expand", "1")} <= set(named)
    plain = alice_browser.get(f"{pipeline.url}/custom?down=2")
    assert plain.headers["Location"] == f"{pipeline.url}?down=2&custom=1"
    assert b"Custom view</h2>" in alice_browser.get(plain.headers["Location"]).content


def test_int_4_hide_through_hides_what_only_it_leads_to(alice_browser: Client, pipeline: Pipeline) -> None:
    response = get(alice_browser, pipeline.url, **{"hide-through": key(pipeline.split)})
    assert parse_qs(urlsplit(response.headers["HX-Push-Url"]).query) == {
        "hidden": [f"{key(pipeline.raw)},{key(pipeline.split)}"]
    }
    assert key(pipeline.raw) not in outline(response)


def test_clu_7_unfold_and_fold_are_inverse(alice_browser: Client, pipeline: Pipeline) -> None:
    cluster = cluster_of(alice_browser.get(pipeline.url))
    unfolded = get(alice_browser, pipeline.url, unfold=cluster)
    assert cluster not in outline(unfolded)
    assert {key(run) for run in pipeline.trains} <= set(outline(unfolded))
    folded = alice_browser.get(unfolded.headers["HX-Push-Url"] + f"&fold={cluster}")
    assert folded.headers["Location"] == pipeline.url


def test_clu_3_several_members_are_extracted_at_once(alice_browser: Client, pipeline: Pipeline) -> None:
    keys = [key(run) for run in pipeline.trains[:2]]
    response = get(alice_browser, pipeline.url, extract=",".join(keys))
    assert set(keys) <= set(outline(response))
    assert "2 members extracted" in response.content.decode()


def test_int_6_find_leads_to_all_hits_in_a_large_cluster(
    alice_browser: Client, pipeline: Pipeline, zoo: Project
) -> None:
    for number in range(1100):
        used(make_run(zoo, f"reader-{number}", job_type="read"), pipeline.base)
    response = get(alice_browser, f"{pipeline.url}/find", find="reader-7", rows="size")
    note = next(found for found in tree(response).iter("p") if found.get("data-more-inside"))
    assert text(note) == "50 of 111 in 1,100 read runs. Search them all"
    members = alice_browser.get(link_of(note))
    assert members.status_code == 200
    assert "111 of 1,100" in text(tree(members))
    assert len([found for found in tree(members).iter("li") if found.get("data-member")]) == 50


def test_int_6_find_links_to_views_that_draw_the_hit(alice_browser: Client, pipeline: Pipeline) -> None:
    response = get(alice_browser, f"{pipeline.url}/find", find="train-3", up=1)
    hit = marked(response, "data-hit")[key(pipeline.trains[2])]
    assert hit.get("data-where") == "cluster"
    assert key(pipeline.trains[2]) in outline(alice_browser.get(link_of(hit)))
    nothing = alice_browser.get(f"{pipeline.url}/find?find=%3Cb%3E")
    assert "Nothing in this lineage matches" in nothing.content.decode()
    assert b"<b>\xe2\x80\x9d" not in nothing.content
    assert alice_browser.get(f"{pipeline.url}/find?find={'x' * 200}").status_code == 400


def test_live_answers_204_until_something_changes(alice_browser: Client, pipeline: Pipeline) -> None:
    shown = get(alice_browser, pipeline.url)
    version = marked(shown, "data-version").popitem()[0]
    asked = f"{pipeline.url}/live?version={version}"
    assert alice_browser.get(asked).status_code == 204
    Run.objects.filter(pk=pipeline.split.pk).update(state="failed")
    assert alice_browser.get(asked).status_code == 200


def test_cus_3_a_saved_view_is_kept_shared_and_deleted(
    alice_browser: Client, bob_browser: Client, pipeline: Pipeline
) -> None:
    body = {"name": "Near", "positions": f'{{"{key(pipeline.split)}": [1, 2.5]}}', "shared": "1"}
    response = alice_browser.post(f"{pipeline.url}/views?down=2&selected={key(pipeline.split)}", body)
    saved = SavedView.objects.get(name="Near")
    assert response.headers["Location"].endswith(f"down=2&selected={key(pipeline.split)}&saved={saved.pk}")
    assert (saved.query, saved.positions) == ("down=2", {key(pipeline.split): [1.0, 2.5]})
    page = alice_browser.get(f"{pipeline.url}?down=2&saved={saved.pk}")
    places = next(found for found in tree(page).iter("script") if found.get("id") == "lineage-places")
    assert key(pipeline.split) in places.text
    assert bob_browser.post(f"{pipeline.url}/views/{saved.pk}/delete").status_code in {403, 404}
    assert alice_browser.post(f"{pipeline.url}/views/{saved.pk}/delete").status_code == 302
    assert not SavedView.objects.filter(pk=saved.pk).exists()
    assert alice_browser.get(f"{pipeline.url}?down=2&saved={saved.pk}").status_code == 200


def test_a_saved_view_refuses_positions_that_are_none(alice_browser: Client, pipeline: Pipeline) -> None:
    for positions in ("[1]", "{", '{"dog": [1, 2]}', "null"):
        response = alice_browser.post(f"{pipeline.url}/views", {"name": "Bad", "positions": positions})
        assert response.status_code == 400, positions
    assert not SavedView.objects.filter(name="Bad").exists()


def test_a_long_view_has_a_short_address_that_draws_the_same(alice_browser: Client, pipeline: Pipeline) -> None:
    others = ",".join(f"run-{number}" for number in range(900_000, 900_150))
    hidden = f"{key(pipeline.raw)},{others}"
    response = get(alice_browser, pipeline.url, hidden=hidden, down=2)
    address = response.headers["HX-Push-Url"]
    assert re.search(r"\?down=2&v=[0-9a-f]{24}$", address)
    again = alice_browser.get(address)
    assert set(outline(again)) == set(outline(response))
    shown = alice_browser.get(f"{address}&show={key(pipeline.raw)}")
    assert key(pipeline.raw) in outline(alice_browser.get(shown.headers["Location"]))
    assert alice_browser.get(f"{pipeline.url}?v=unknown").status_code == 404


def test_everything_filtered_is_not_no_lineage(alice_browser: Client, pipeline: Pipeline) -> None:
    response = alice_browser.get(f"{pipeline.url}?type=none&job=none")
    page = response.content.decode()
    assert "The filters hide all 9 other nodes" in page
    assert 'data-lineage-state="empty"' not in page
    assert 'data-lineage-state="empty"' not in alice_browser.get(f"{pipeline.url}?up=0&down=0").content.decode()
