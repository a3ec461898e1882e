"""Clusters: listed, searched, paged, members taken out and put back."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from registry.models import Project
from registry.queries import member_facets
from tests.factories import make_run, make_version, used
from tests.factories.hub import make_hub
from tests.views.lineage_pages import FRAGMENT, Pipeline, cluster_of, get, key, marked, outline, payload, text, tree


def test_clu_3_extract_and_put_back_is_the_identity(alice_browser: Client, pipeline: Pipeline) -> None:
    before = get(alice_browser, pipeline.url)
    member = key(pipeline.trains[2])
    out = get(alice_browser, pipeline.url, extract=member)
    assert out.headers["HX-Push-Url"] == f"{pipeline.url}?extracted={member}"
    assert outline(out)[member].get("data-extracted") == "true"
    assert outline(out)[cluster_of(out)].get("data-count") == "5"
    back = get(alice_browser, pipeline.url, **{"extracted": member, "put-back": member})
    assert payload(back) == payload(before)


def test_clu_6_put_all_back_takes_only_the_members_of_that_cluster(alice_browser: Client, pipeline: Pipeline) -> None:
    members = [key(run) for run in pipeline.trains[:2]]
    out = get(alice_browser, pipeline.url, extracted=",".join(members))
    back = get(alice_browser, pipeline.url, **{"extracted": ",".join(members), "put-all-back": cluster_of(out)})
    assert back.headers["HX-Push-Url"] == pipeline.url
    other = get(alice_browser, pipeline.url, **{"extracted": members[0], "put-all-back": "cluster-0123456789"})
    assert other.headers["HX-Push-Url"] == f"{pipeline.url}?extracted={members[0]}"


def test_clu_3_a_cluster_lists_and_searches_its_members(alice_browser: Client, pipeline: Pipeline) -> None:
    cluster = cluster_of(alice_browser.get(pipeline.url))
    everyone = get(alice_browser, f"{pipeline.url}/cluster", cluster=cluster)
    assert list(marked(everyone, "data-member")) == [key(run) for run in reversed(pipeline.trains)]
    found = get(alice_browser, f"{pipeline.url}/cluster", cluster=cluster, q="train-3")
    assert list(marked(found, "data-member")) == [key(pipeline.trains[2])]
    assert "1 of 6" in text(tree(found))
    page = alice_browser.get(f"{pipeline.url}/cluster?cluster={cluster}&q=nobody")
    assert b"<!doctype" in page.content
    assert "No member matches" in page.content.decode()


def test_clu_6_a_long_list_is_paged_and_extracted_members_come_first(alice_browser: Client, zoo: Project) -> None:
    base = make_version(zoo, "hub")
    runs = [make_run(zoo) for _ in range(60)]
    for run in runs:
        used(run, base)
    url = "/ml/zoo/artifacts/dataset/hub/v0/lineage"
    cluster = cluster_of(alice_browser.get(url))
    first = get(alice_browser, f"{url}/cluster", cluster=cluster, extracted=key(runs[3]))
    listed = list(marked(first, "data-member"))
    assert listed[0] == key(runs[3])
    assert "More members" in first.content.decode()
    after = marked(first, "data-after")
    rest = get(alice_browser, f"{url}/cluster", cluster=cluster, extracted=key(runs[3]), after=next(iter(after)))
    assert {*listed, *marked(rest, "data-member")} == {key(run) for run in runs}
    assert not set(listed) & set(marked(rest, "data-member"))


def test_clu_3_the_counts_of_a_large_cluster_are_of_its_newest_until_all_are_asked_for(
    alice_browser: Client, zoo: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(member_facets, "MOST_COUNTED_WHOLE", 1000)
    make_hub(zoo, ["failed"] * 100 + ["finished"] * 950)
    url = "/ml/zoo/artifacts/dataset/hub/v0/lineage"
    cluster = cluster_of(alice_browser.get(url))
    first = get(alice_browser, f"{url}/cluster", cluster=cluster)
    assert [text(found) for found in facets(first)][:3] == ["finished ≥ 950", "failed ≥ 50", "count all"]
    whole = get(alice_browser, f"{url}/cluster", cluster=cluster, **{"member-count": "all"})
    assert [text(found) for found in facets(whole)][:2] == ["finished 950", "failed 100"]
    assert "count all" not in whole.content.decode()
    kept = [found.get("value") for found in tree(whole).iter("input") if found.get("name") == "member-count"]
    assert kept == ["all"]


def facets(response: HttpResponse) -> list[Any]:
    return [found for found in tree(response).iter("button") if found.get("data-facet")]


@pytest.mark.parametrize(
    ("query", "status"), [("cluster=x", 400), ("cluster=cluster-0123456789", 404), ("", 400), ("q=" + "x" * 129, 400)]
)
def test_a_cluster_that_is_none(alice_browser: Client, pipeline: Pipeline, query: str, status: int) -> None:
    assert alice_browser.get(f"{pipeline.url}/cluster?{query}", headers=FRAGMENT).status_code == status
