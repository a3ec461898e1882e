"""The members of a cluster, sorted and narrowed: no row twice, none lost, on every page."""

from datetime import timedelta

import pytest

from registry.core import clock
from registry.core.cursors import encode_cursor
from registry.core.errors import InvalidInput
from registry.core.viewer import Viewer
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.picture import MemberPage
from registry.lineage.view import ViewState
from registry.models import Artifact, Project, Run
from registry.queries import lineage_members, member_facets
from registry.queries.lineage import get_lineage, list_cluster_members
from tests.factories import logged, make_run, make_version, used
from tests.factories.hub import make_hub

STATES = ["finished", "failed", "running", "killed", "crashed", "finished", "failed"]
NAMES = ["delta", "alpha", "charlie", "alpha", "bravo", "echo", "alpha"]


@pytest.fixture
def base(zoo: Project) -> Artifact:
    """Seven runs read the base, one gone silent; each logs the only version of a model."""
    version = make_version(zoo, "zoo")
    for number, (state, name) in enumerate(zip(STATES, NAMES, strict=True)):
        run = make_run(zoo, name, state=state, heartbeat_at=clock.now())
        used(run, version)
        logged(run, make_version(zoo, f"net-{6 - number}", type_name="model"))
    silent = make_run(zoo, "silent", state="running", heartbeat_at=clock.now() - timedelta(hours=1))
    used(silent, version)
    gone = make_run(zoo, "gone", deleted_at=clock.now())
    used(gone, version)
    return version


def pages(viewer: Viewer, base: Artifact, kind: Kind, limit: int = 2, **asked: str) -> list[MemberPage]:
    """Every page, one after the other."""
    ref = NodeRef(Kind.ARTIFACT, base.pk)
    view = asked.pop("view", ViewState())
    assert isinstance(view, ViewState)
    called = asked.pop("called", "")
    lineage = get_lineage(viewer=viewer, base=ref, view=view)
    key = next(node.key for node in lineage.nodes if node.member_kind is kind and called in node.name)
    found: list[MemberPage] = []
    while not found or found[-1].next_cursor:
        after = found[-1].next_cursor if found else None
        page = list_cluster_members(viewer=viewer, base=ref, view=view, cluster=key, after=after, limit=limit, **asked)
        found.append(page)
    return found


def rows(found: list[MemberPage], what: str = "name") -> list[str]:
    return [getattr(member, what) for page in found for member in page.members]


def test_clu_3_runs_are_sorted_by_name_and_the_newer_comes_first(as_alice: Viewer, base: Artifact) -> None:
    found = pages(as_alice, base, Kind.RUN, sort="name")
    assert rows(found) == sorted([*NAMES, "silent", "gone"])
    alphas = [NodeRef.parse(member.key).id for page in found for member in page.members if member.name == "alpha"]
    assert alphas == sorted(alphas, reverse=True)
    assert {page.sort for page in found} == {"name"}


def test_clu_3_runs_are_sorted_by_the_state_they_are_shown_in(as_alice: Viewer, base: Artifact) -> None:
    shown = rows(pages(as_alice, base, Kind.RUN, sort="state"), "state")
    assert shown == ["running", "failed", "failed", "crashed", "crashed", "killed", "finished", "finished", "deleted"]


def test_clu_3_versions_are_sorted_by_name(as_alice: Viewer, base: Artifact) -> None:
    found = rows(pages(as_alice, base, Kind.ARTIFACT, sort="name"))
    assert found == [f"net-{number}:v0" for number in range(7)]


def test_clu_3_versions_of_one_name_are_sorted_the_newest_first(as_alice: Viewer, base: Artifact) -> None:
    for run in Run.objects.filter(name="alpha"):
        logged(run, make_version(base.collection.project, "many", type_name="model"))
        logged(run, make_version(base.collection.project, "many", type_name="model"))
    found = rows(pages(as_alice, base, Kind.ARTIFACT, sort="name", called="versions of many"))
    assert found == [f"many:v{number}" for number in (5, 4, 3, 2, 1, 0)]


def test_clu_3_deleted_versions_come_last_by_state(as_alice: Viewer, base: Artifact) -> None:
    gone = Artifact.objects.get(collection__name="net-1")
    gone.state = Artifact.State.DELETED
    gone.save(update_fields=["state"])
    assert rows(pages(as_alice, base, Kind.ARTIFACT, sort="state"))[-1] == "net-1:v0"


@pytest.mark.parametrize("sort", ["newest", "name", "state"])
@pytest.mark.parametrize("limit", [1, 3, 200])
def test_clu_6_every_member_stands_on_one_page_whatever_the_order(
    as_alice: Viewer, base: Artifact, sort: str, limit: int
) -> None:
    keys = rows(pages(as_alice, base, Kind.RUN, limit, sort=sort), "key")
    assert len(keys) == len(set(keys)) == 9
    view = ViewState(extracted=(f"run-{Run.objects.get(name='bravo').pk}",))
    found = rows(pages(as_alice, base, Kind.RUN, limit, sort=sort, view=view), "key")  # type: ignore[arg-type]
    assert found[0] == view.extracted[0]
    assert sorted(found) == sorted(keys)


def test_clu_3_facets_count_states_types_and_names(as_alice: Viewer, base: Artifact) -> None:
    page, *others = pages(as_alice, base, Kind.RUN)
    assert {(facet.key, facet.value): facet.count for facet in page.facets} == {
        ("state", "failed"): 2,
        ("state", "finished"): 2,
        ("state", "crashed"): 2,
        ("state", "running"): 1,
        ("state", "killed"): 1,
        ("state", "deleted"): 1,
    }
    assert page.facets_looked_at == 0
    assert all(not other.facets for other in others)
    versions = pages(as_alice, base, Kind.ARTIFACT)[0]
    assert [(facet.key, facet.value, facet.count) for facet in versions.facets] == [
        ("name", f"net-{number}", 1) for number in range(7)
    ]


def test_clu_3_a_facet_narrows_the_list_and_the_search(as_alice: Viewer, base: Artifact) -> None:
    failed = pages(as_alice, base, Kind.RUN, state="failed")
    assert rows(failed) == ["alpha", "alpha"]
    assert (failed[0].matched, failed[0].count) == (2, 9)
    assert next(facet for facet in failed[0].facets if facet.is_chosen).value == "failed"
    assert rows(pages(as_alice, base, Kind.RUN, state="crashed", search="alp")) == []
    assert rows(pages(as_alice, base, Kind.RUN, state="failed", search="ALP")) == ["alpha", "alpha"]
    assert len(rows(pages(as_alice, base, Kind.RUN, type_name="train"))) == 9
    assert rows(pages(as_alice, base, Kind.RUN, type_name="(no job type)")) == []
    assert len(rows(pages(as_alice, base, Kind.ARTIFACT, name="net-1", type_name="model"))) == 1


@pytest.fixture
def many_readers(zoo: Project) -> Artifact:
    """A version that 1,100 runs read, the oldest 150 of which failed."""
    return make_hub(zoo, ["failed"] * 150 + ["finished"] * 950)


def test_clu_3_facets_of_what_was_not_read_to_the_end_are_of_all(as_alice: Viewer, many_readers: Artifact) -> None:
    page = pages(as_alice, many_readers, Kind.RUN, limit=200)[0]
    counts = {facet.value: (facet.count, facet.is_lower_bound) for facet in page.facets}
    assert counts == {"failed": (150, False), "finished": (950, False)}
    assert page.facets_looked_at == 0


def test_clu_3_facets_of_a_large_cluster_say_how_many_they_looked_at_until_all_are_asked_for(
    as_alice: Viewer, many_readers: Artifact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(member_facets, "MOST_COUNTED_WHOLE", 1000)
    monkeypatch.setattr(lineage_members, "MOST_COUNTED", 1060)
    page = pages(as_alice, many_readers, Kind.RUN, limit=200)[0]
    assert page.facets_looked_at == 1060
    assert {facet.value: facet.count for facet in page.facets} == {"failed": 110, "finished": 950}
    assert all(facet.is_lower_bound for facet in page.facets)
    whole = pages(as_alice, many_readers, Kind.RUN, limit=200, counts_all=True)[0]  # type: ignore[arg-type]
    assert whole.facets_looked_at == 0
    assert {facet.value: facet.count for facet in whole.facets} == {"failed": 150, "finished": 950}
    assert not any(facet.is_lower_bound for facet in whole.facets)


def test_an_unknown_sort_and_a_cursor_of_another_one_are_refused(as_alice: Viewer, base: Artifact) -> None:
    ref = NodeRef(Kind.ARTIFACT, base.pk)
    first = pages(as_alice, base, Kind.RUN)[0]
    for bad in (
        {"sort": "size"},
        {"sort": "name", "after": first.next_cursor},
        {"state": "failed", "after": first.next_cursor},
        {"sort": "state", "after": encode_cursor(f"members {first.cluster} state    ", 99, 1)},
        {"sort": "state", "after": encode_cursor(f"members {first.cluster} state    ", "x", 1)},
        {"sort": "newest", "after": encode_cursor(f"members {first.cluster} newest    ", "x")},
    ):
        with pytest.raises(InvalidInput):
            list_cluster_members(
                viewer=as_alice, base=ref, view=ViewState(), cluster=first.cluster, **bad  # type: ignore[arg-type]
            )  # fmt: skip
