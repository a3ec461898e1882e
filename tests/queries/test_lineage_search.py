"""Search in the graph: hits say where they are, and the view that they lead to draws them."""

import pytest

from registry.core.errors import NotFound
from registry.core.viewer import Viewer
from registry.lineage.found import Found, Where
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.view import ViewState
from registry.models import Artifact, ArtifactTag, Project, Run
from registry.queries.lineage import get_lineage
from registry.queries.lineage_search import find_in_lineage
from tests.factories import logged, make_run, make_version, used


@pytest.fixture
def base(zoo: Project) -> Artifact:
    """base → six train runs, each a version of `net` → one evaluate run → report; a generated job beside."""
    version = make_version(zoo, "zoo")
    last = version
    for number in range(6):
        run = make_run(zoo, f"train-{number}", state="failed" if number == 3 else "finished")
        used(run, version)
        last = make_version(zoo, "net", type_name="model")
        logged(run, last)
    judge = make_run(zoo, "judge", job_type="evaluate")
    used(judge, last)
    logged(judge, make_version(zoo, "report", type_name="report"))
    logged(judge, make_version(zoo, "job-judge", type_name="job"))
    return version


def find(viewer: Viewer, base: Artifact, text: str, **view: object) -> Found:
    ref = NodeRef(Kind.ARTIFACT, base.pk)
    return find_in_lineage(viewer=viewer, base=ref, view=ViewState(**view), text=text)  # type: ignore[arg-type]


def told(found: Found) -> list[tuple[str, str, int]]:
    return [(hit.name, hit.where.value, hit.hops) for hit in found.hits]


def assert_shown(viewer: Viewer, base: Artifact, found: Found) -> None:
    """Every hit's own view draws it as a card of its own."""
    for hit in found.hits:
        lineage = get_lineage(viewer=viewer, base=NodeRef(Kind.ARTIFACT, base.pk), view=hit.show)
        assert hit.key in {node.key for node in lineage.nodes}, hit
        assert hit.show.selected == hit.key


def run_key(name: str) -> str:
    return f"run-{Run.objects.get(name=name).pk}"


def test_int_6_what_is_drawn_comes_before_what_is_in_a_cluster(as_alice: Viewer, base: Artifact) -> None:
    extracted = (run_key("train-2"),)
    found = find(as_alice, base, "TRAIN-", extracted=extracted)
    assert told(found)[0] == ("train-2", "drawn", 1)
    assert {where for _, where, _ in told(found)[1:]} == {"cluster"}
    assert len(found.hits) == 6
    assert found.count(Where.CLUSTER) == 5
    assert found.hits[1].card.startswith("cluster-")
    assert found.hits[1].show.extracted == (*extracted, found.hits[1].key)
    assert not found.is_cut
    assert_shown(as_alice, base, found)


def test_int_6_a_search_looks_beyond_the_hops(as_alice: Viewer, base: Artifact) -> None:
    found = find(as_alice, base, "report", down=1)
    assert told(found) == [("report:v0", "beyond", 4)]
    assert found.hits[0].show.down == 4
    assert_shown(as_alice, base, found)


def test_int_6_a_search_finds_what_is_hidden_and_filtered_out(as_alice: Viewer, base: Artifact) -> None:
    hidden = find(as_alice, base, "judge", hidden=(run_key("judge"),))
    assert told(hidden) == [("judge", "hidden", 3), ("job-judge:v0", "filtered", 4)]
    assert (hidden.hits[0].show.hidden, hidden.hits[1].show.generated) == ((), True)
    assert_shown(as_alice, base, hidden)
    filtered = find(as_alice, base, "judge", jobs=("train",), types=("model",), generated=True)
    assert {where for _, where, _ in told(filtered)} == {"filtered"}
    assert_shown(as_alice, base, filtered)
    far = find(as_alice, base, "report", types=("model",), down=1)
    assert told(far) == [("report:v0", "beyond", 4)]
    assert_shown(as_alice, base, far)


def test_int_6_a_member_of_a_hidden_cluster_leaves_it(as_alice: Viewer, base: Artifact) -> None:
    lineage = get_lineage(viewer=as_alice, base=NodeRef(Kind.ARTIFACT, base.pk), view=ViewState())
    cluster = next(node.key for node in lineage.nodes if node.member_kind is Kind.RUN)
    found = find(as_alice, base, "train-4", hidden=(cluster,))
    assert [(hit.where, hit.card, hit.show.hidden) for hit in found.hits] == [(Where.HIDDEN, cluster, ())]
    assert_shown(as_alice, base, found)


def test_a_hit_says_what_it_was_found_by(as_alice: Viewer, base: Artifact) -> None:
    ArtifactTag.objects.create(artifact=Artifact.objects.get(collection__name="report"), name="quarterly")
    assert [(hit.name, hit.matched) for hit in find(as_alice, base, "failed").hits] == [("train-3", "state")]
    assert [(hit.name, hit.matched) for hit in find(as_alice, base, "quarterly").hits] == [("report:v0", "tag")]
    assert find(as_alice, base, "zoo:v0").hits[0].where is Where.DRAWN
    assert find(as_alice, base, "nothing at all") == Found("nothing at all")
    assert find(as_alice, base, "  ") == Found("")


def test_clu_6_a_member_that_no_walk_read_is_found_in_its_cluster(as_alice: Viewer, zoo: Project) -> None:
    version = make_version(zoo, "hub")
    runs = [make_run(zoo, f"reader-{number}") for number in range(1100)]
    for run in runs:
        used(run, version)
    found = find(as_alice, version, "reader-7")
    # "reader-7", "reader-7x" and "reader-7xx", of which the newest fifty are told
    assert len(found.hits) == 50
    (more,) = found.more
    assert (more.shown, more.count, more.is_lower_bound, more.label) == (50, 111, False, "1,100 train runs")
    assert not found.is_cut
    (every,) = find(as_alice, version, "reader").more
    assert (every.count, every.is_lower_bound) == (1000, True)
    one = find(as_alice, version, "reader-42")
    assert {hit.where for hit in one.hits} == {Where.CLUSTER}
    assert len(one.hits) == 11
    assert not one.more
    oldest = next(hit for hit in one.hits if hit.name == "reader-42")
    assert_shown(as_alice, version, Found("", (oldest,)))


def test_acc_2_a_search_finds_nothing_that_is_closed(as_alice: Viewer, as_charlie: Viewer, base: Artifact) -> None:
    with pytest.raises(NotFound):
        find(as_charlie, base, "train")
