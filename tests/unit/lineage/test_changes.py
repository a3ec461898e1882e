"""Steps of the view: each has one that leads back, whatever the view was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.forms.lineage import ViewChange, changed_view
from registry.lineage.drawing import draw
from registry.lineage.hiding import only_through
from registry.lineage.view import ViewState
from registry.lineage.walk import walk
from tests.unit.lineage.memory import MemorySource, art
from tests.unit.lineage.test_pictures import picture_of, touching, views
from tests.unit.lineage.test_properties import sources
from tests.unit.lineage.test_view import clusters, nodes
from tests.unit.lineage.test_view import views as any_views


@given(any_views, nodes, clusters)
@pytest.mark.parametrize(("there", "back"), [("hide", "show"), ("extract", "put-back"), ("unfold", "fold")])
def test_clu_6_and_int_4_every_step_has_one_that_leads_back(
    there: str, back: str, view: ViewState, node: str, cluster: str
) -> None:
    key = cluster if there == "unfold" else node
    lists = {"hide": view.hidden, "extract": view.extracted, "unfold": view.expanded}[there]
    step = changed_view(view, ViewChange(there, key))
    assert key in {"hide": step.hidden, "extract": step.extracted, "unfold": step.expanded}[there]
    if key not in lists:
        again = changed_view(step, ViewChange(back, key))
        selected = "" if there == "hide" and view.selected == key else view.selected
        assert again.to_query() == replace(view, selected=selected).to_query()
    assert changed_view(step, ViewChange(there, key)).to_query() == step.to_query()


@given(sources(), st.data())
@settings(max_examples=120, deadline=None)
def test_clu_6_extract_then_put_back_is_the_same_picture(source: MemorySource, data: st.DataObject) -> None:
    view = data.draw(views(source))
    before = picture_of(source, "a1", view)
    members = sorted(
        ref.key for card in draw(walk(source, art(1), view), view).cards.values() if card.cluster for ref in card.refs
    )
    if not members:
        return
    member = data.draw(st.sampled_from(members))
    out = changed_view(view, ViewChange("extract", member))
    drawn = {node.key for node in picture_of(source, "a1", out).nodes}
    assert member in drawn
    assert picture_of(source, "a1", changed_view(out, ViewChange("put-back", member))) == before


@given(sources(), st.data())
@settings(max_examples=80, deadline=None)
def test_int_4_hiding_a_node_with_all_behind_it_then_showing_all_is_the_same_picture(
    source: MemorySource, data: st.DataObject
) -> None:
    view = replace(data.draw(views(source)), hidden=())
    before = picture_of(source, "a1", view)
    key = data.draw(st.sampled_from(sorted(node.key for node in before.nodes)))
    gone = changed_view(view, ViewChange("hide-through", key), only_through(before, key))
    assert picture_of(source, "a1", changed_view(gone, ViewChange("show", "all"))) == before


@given(sources(), st.data())
@settings(max_examples=100, deadline=None)
def test_clu_7_no_two_cards_overlap_when_clusters_are_expanded(source: MemorySource, data: st.DataObject) -> None:
    view = replace(data.draw(views(source)), expand=False)
    keys = sorted(node.key for node in picture_of(source, "a1", view).nodes if node.is_cluster)
    chosen = data.draw(st.lists(st.sampled_from(keys), max_size=3, unique=True)) if keys else []
    for key in chosen:
        view = changed_view(view, ViewChange("unfold", key))
    lineage = picture_of(source, "a1", view)
    assert not {node.key for node in lineage.nodes} & set(chosen)
    assert touching(lineage) == []
