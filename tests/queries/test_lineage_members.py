"""The members of a cluster: paging, search, what is extracted, what is not known whole."""

import pytest

from registry.core.errors import InvalidInput, NotFound
from registry.core.viewer import Viewer
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.picture import MemberPage
from registry.lineage.view import ViewState
from registry.models import Alias, Artifact, ArtifactTag, Edge, Project, Run, RunGroup
from registry.queries.lineage import get_lineage, list_cluster_members
from tests.factories import logged, make_run, make_version, used


def ref(thing: Run | Artifact) -> NodeRef:
    return NodeRef(Kind.RUN if isinstance(thing, Run) else Kind.ARTIFACT, thing.pk)


def clusters(viewer: Viewer, base: Artifact, view: ViewState | None = None) -> list[str]:
    lineage = get_lineage(viewer=viewer, base=ref(base), view=view or ViewState())
    return [node.key for node in lineage.nodes if node.is_cluster]


def listed(page: MemberPage) -> list[str]:
    return [member.name for member in page.members]


@pytest.fixture
def small(zoo: Project) -> tuple[Artifact, list[Run], list[Artifact]]:
    """Seven runs of one job type that read the base and log a version of `net` each."""
    base = make_version(zoo, "zoo")
    names = ["alpha", "alphabet", "100%", "under_score", "délta", "run-six", "seventh"]
    runs = [make_run(zoo, name, tags=["große"] if name == "seventh" else []) for name in names]
    versions = [make_version(zoo, "net", type_name="model") for _ in runs]
    for run, version in zip(runs, versions, strict=True):
        used(run, base)
        logged(run, version)
    return base, runs, versions


def members(viewer: Viewer, base: Artifact, number: int = 0, **arguments: object) -> MemberPage:
    view = arguments.pop("view", ViewState())
    assert isinstance(view, ViewState)
    key = clusters(viewer, base, view)[number]
    return list_cluster_members(
        viewer=viewer, base=ref(base), view=view, cluster=key, **arguments  # type: ignore[arg-type]
    )  # fmt: skip


def test_clu_3_members_come_newest_first(as_alice: Viewer, small: tuple[Artifact, list[Run], list[Artifact]]) -> None:
    base, runs, _ = small
    page = members(as_alice, base)
    assert listed(page) == [run.name for run in reversed(runs)]
    assert (page.count, page.matched, page.count_is_lower_bound, page.next_cursor) == (7, 7, False, None)
    assert page.label == "7 train runs"
    assert (page.members[0].key, page.members[0].state) == (ref(runs[-1]).key, "finished")


def test_clu_6_pages_follow_one_another(as_alice: Viewer, small: tuple[Artifact, list[Run], list[Artifact]]) -> None:
    base, runs, _ = small
    found: list[str] = []
    after = None
    for _ in range(4):
        page = members(as_alice, base, limit=2, after=after)
        found += listed(page)
        after = page.next_cursor
    assert after is None
    assert found == [run.name for run in reversed(runs)]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("alpha", ["alphabet", "alpha"]),
        ("ALPHA", ["alphabet", "alpha"]),
        ("%", ["100%"]),
        ("_", ["under_score"]),
        ("failed", []),
        ("große", ["seventh"]),
        ("no such", []),
    ],
)
def test_clu_6_search_in_runs(
    as_alice: Viewer, small: tuple[Artifact, list[Run], list[Artifact]], search: str, expected: list[str]
) -> None:
    page = members(as_alice, small[0], search=search)
    assert listed(page) == expected
    assert (page.matched, page.count) == (len(expected), 7)


def test_clu_6_search_by_run_id_and_state_says_so(
    as_alice: Viewer, small: tuple[Artifact, list[Run], list[Artifact]]
) -> None:
    base, runs, _ = small
    Run.objects.filter(pk=runs[1].pk).update(uid="zzz999", state="failed")
    assert [(m.name, m.matched) for m in members(as_alice, base, search="zzz9").members] == [("alphabet", "run id")]
    assert [(m.name, m.matched) for m in members(as_alice, base, search="Failed").members] == [("alphabet", "state")]
    assert [m.matched for m in members(as_alice, base, search="große").members] == ["tag"]


def test_clu_6_search_in_versions(as_alice: Viewer, small: tuple[Artifact, list[Run], list[Artifact]]) -> None:
    base, _, versions = small
    Alias.objects.create(collection=versions[2].collection, name="champion", artifact=versions[2])
    ArtifactTag.objects.create(artifact=versions[4], name="eu-only")
    for search, expected in {
        "v3": ["net:v3"],
        "3": ["net:v3"],
        "net:v3": ["net:v3"],
        "champ": ["net:v2"],
        "eu-": ["net:v4"],
        "v33": [],
        "NET": [f"net:v{n}" for n in range(6, -1, -1)],
    }.items():
        assert listed(members(as_alice, base, 1, search=search)) == expected, search
    assert [member.matched for member in members(as_alice, base, 1, search="champ").members] == ["alias"]


def test_clu_3_extracted_members_stand_first(
    as_alice: Viewer, small: tuple[Artifact, list[Run], list[Artifact]]
) -> None:
    base, runs, _ = small
    view = ViewState(extracted=(ref(runs[1]).key,))
    page = members(as_alice, base, view=view, limit=3)
    assert listed(page) == ["alphabet", "seventh", "run-six", "délta"]
    assert [member.is_extracted for member in page.members] == [True, False, False, False]
    rest = members(as_alice, base, view=view, limit=3, after=page.next_cursor)
    assert listed(rest) == ["under_score", "100%", "alpha"]
    assert rest.next_cursor is None
    assert (page.count, page.matched) == (7, 7)
    assert listed(members(as_alice, base, view=view, search="bet")) == ["alphabet"]


def test_an_unknown_cluster_and_a_foreign_cursor_are_refused(
    as_alice: Viewer, as_charlie: Viewer, small: tuple[Artifact, list[Run], list[Artifact]]
) -> None:
    base, view = small[0], ViewState()
    key = clusters(as_alice, base)[0]
    with pytest.raises(NotFound):
        list_cluster_members(viewer=as_alice, base=ref(base), view=view, cluster="cluster-0123456789")
    with pytest.raises(NotFound):
        list_cluster_members(viewer=as_charlie, base=ref(base), view=view, cluster=key)
    cursor = members(as_alice, base, 1, limit=2).next_cursor
    for after in (cursor, "nonsense"):
        with pytest.raises(InvalidInput):
            members(as_alice, base, 0, after=after)
    for bad in ({"limit": 0}, {"search": "a\0"}):
        with pytest.raises(InvalidInput):
            members(as_alice, base, **bad)


@pytest.fixture
def hub(zoo: Project) -> Artifact:
    """A version that 1,500 runs named `sweep-0` … use; the newest logs a version that the second oldest reads."""
    base = make_version(zoo, "zoo")
    group = RunGroup.objects.create(project=zoo, job_type="sweep")
    runs = Run.objects.bulk_create(
        Run(uid=f"s{n:05}", project=zoo, group=group, name=f"sweep-{n}", state="finished") for n in range(1500)
    )
    Edge.objects.bulk_create(
        Edge(run=run, artifact=base, direction=0, run_group=group, collection=base.collection) for run in runs
    )
    net = make_version(zoo, "net", type_name="model")
    logged(runs[-1], net)
    used(runs[1], net)
    return base


def test_clu_6_a_large_cluster_is_paged_and_searched_whole(as_alice: Viewer, hub: Artifact) -> None:
    lineage = get_lineage(viewer=as_alice, base=ref(hub), view=ViewState())
    assert [node.name for node in lineage.nodes] == ["zoo:v0", "1,500 sweep runs", "net:v0"]
    assert [edge.count for edge in lineage.edges if edge.source == lineage.base] == [1500]
    assert (lineage.total, lineage.total_is_lower_bound, lineage.complete) == (1502, True, False)
    page = members(as_alice, hub, limit=200)
    assert listed(page)[:2] == ["sweep-1499", "sweep-1498"]
    assert (page.count, page.count_is_lower_bound) == (1500, False)
    seen = listed(page)
    while page.next_cursor:
        page = members(as_alice, hub, limit=200, after=page.next_cursor)
        seen += listed(page)
    assert seen == [f"sweep-{n}" for n in range(1499, -1, -1)]


def test_clu_6_a_search_finds_the_oldest_member_and_counts_up_to_a_thousand(as_alice: Viewer, hub: Artifact) -> None:
    assert listed(members(as_alice, hub, search="s00007")) == ["sweep-7"]
    exact = members(as_alice, hub, search="sweep-149")
    assert (exact.matched, exact.matched_is_lower_bound) == (11, False)
    names = [f"sweep-{n}" for n in range(1499, -1, -1)]
    for sort, expected in (("newest", names), ("name", sorted(names)), ("state", names)):
        many = members(as_alice, hub, search="sweep", limit=200, sort=sort)
        seen = listed(many)
        while many.next_cursor:
            assert (many.matched, many.matched_is_lower_bound) == (1000, True)
            many = members(as_alice, hub, search="sweep", limit=200, after=many.next_cursor, sort=sort)
            seen += listed(many)
        assert seen == expected


def test_clu_3_an_old_member_of_a_large_cluster_can_be_extracted(as_alice: Viewer, hub: Artifact) -> None:
    old = Run.objects.get(uid="s00003")
    view = ViewState(extracted=(ref(old).key,))
    lineage = get_lineage(viewer=as_alice, base=ref(hub), view=view)
    assert sorted(node.name for node in lineage.nodes) == ["1,499 sweep runs", "net:v0", "sweep-3", "zoo:v0"]
    page = members(as_alice, hub, view=view, limit=2)
    assert listed(page) == ["sweep-3", "sweep-1499", "sweep-1498"]


def test_gra_10_a_member_that_is_found_again_deeper_stays_one_node(as_alice: Viewer, hub: Artifact) -> None:
    lineage = get_lineage(viewer=as_alice, base=ref(hub), view=ViewState())
    cluster, net = lineage.nodes[1].key, lineage.nodes[2].key
    assert {(edge.source, edge.target) for edge in lineage.edges} == {
        (lineage.base, cluster),
        (cluster, net),
        (net, cluster),
    }
    assert [edge.is_back for edge in lineage.edges if edge.source == net] == [True]
