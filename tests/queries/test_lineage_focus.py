"""CUS-1 and CUS-2 from the real tables: the focus, what the panel offers, what its switches would draw."""

import pytest

from registry.core.errors import NotFound
from registry.core.viewer import Viewer
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.view import Orientation, ViewState
from registry.models import Artifact, Project, Run
from registry.queries.lineage import get_lineage, get_switches
from tests.factories import logged, make_run, make_version, used


@pytest.fixture
def base(zoo: Project) -> Artifact:
    """raw → split → base → six train runs → one model each; a generated job beside them."""
    raw, version = make_version(zoo, "raw"), make_version(zoo, "zoo")
    split = make_run(zoo, "split", job_type="split")
    used(split, raw)
    logged(split, version)
    logged(split, make_version(zoo, "job-split", type_name="job"))
    for number in range(6):
        run = make_run(zoo, f"train-{number}")
        used(run, version)
        logged(run, make_version(zoo, "net", type_name="model"))
    return version


def ref(thing: Run | Artifact) -> NodeRef:
    return NodeRef(Kind.RUN if isinstance(thing, Run) else Kind.ARTIFACT, thing.pk)


def test_cus_1_a_focus_moves_the_hop_window_and_keeps_the_base_marked(as_alice: Viewer, base: Artifact) -> None:
    run = Run.objects.get(name="train-2")
    view = ViewState(focus=ref(run).key, up=1, down=1)
    lineage = get_lineage(viewer=as_alice, base=ref(base), view=view)
    assert {node.name: (node.level, node.is_base, node.is_focus) for node in lineage.nodes} == {
        "zoo:v0": (-1, True, False),
        "train-2": (0, False, True),
        "net:v2": (1, False, False),
    }
    assert (lineage.base, lineage.focus) == (ref(base).key, ref(run).key)
    assert [header.label for header in lineage.levels] == ["1 up", "Focus", "1 down"]
    assert next((node.x, node.y) for node in lineage.nodes if node.is_focus) == (0, 0)
    assert (lineage.facets.beyond_up, lineage.facets.beyond_down) == (1, 0)
    with pytest.raises(NotFound):
        get_lineage(viewer=as_alice, base=ref(base), view=ViewState(focus="run-999999999"))


def test_gra_6_the_base_is_drawn_beyond_the_hops_of_the_focus(as_alice: Viewer, base: Artifact) -> None:
    raw = Artifact.objects.get(collection__name="raw")
    view = ViewState(focus=ref(raw).key, up=0, down=0)
    lineage = get_lineage(viewer=as_alice, base=ref(base), view=view)
    assert [(node.name, node.level, node.is_base) for node in lineage.nodes] == [
        ("zoo:v0", 2, True),
        ("raw:v0", 0, False),
    ]
    assert [(edge.source, edge.target, edge.via_hidden) for edge in lineage.edges] == [(ref(raw).key, ref(base).key, 1)]
    assert (lineage.visible, lineage.total) == (2, 2)
    assert [header.label for header in lineage.levels] == ["Focus", "2 down"]
    assert get_switches(viewer=as_alice, base=ref(base), view=view).extended.cards == 2


def test_acc_2_a_focus_on_what_is_closed_is_not_found(as_alice: Viewer, as_charlie: Viewer, base: Artifact) -> None:
    with pytest.raises(NotFound):
        get_lineage(viewer=as_charlie, base=ref(base), view=ViewState(focus=ref(Run.objects.get(name="split")).key))


def test_cus_2_the_panel_counts_the_window_before_its_filters(as_alice: Viewer, base: Artifact) -> None:
    view = ViewState(types=("model",), jobs=("train",))
    facets = get_lineage(viewer=as_alice, base=ref(base), view=view).facets
    assert [(facet.value, facet.count, facet.is_chosen) for facet in facets.artifact_types] == [
        ("model", 6, True),
        ("dataset", 2, False),
    ]
    assert [(facet.value, facet.count, facet.is_chosen) for facet in facets.job_types] == [
        ("train", 6, True),
        ("split", 1, False),
    ]
    # the job is an output of an upstream run: it comes with the extended lineage only
    assert facets.generated == 0
    assert get_lineage(viewer=as_alice, base=ref(base), view=ViewState(extended=True)).facets.generated == 1


def test_cus_2_switches_draw_what_they_say(as_alice: Viewer, base: Artifact) -> None:
    switches = get_switches(viewer=as_alice, base=ref(base), view=ViewState(generated=True))
    for switch, turned in (
        (switches.extended, ViewState(generated=True, extended=True)),
        (switches.generated, ViewState()),
        (switches.expand, ViewState(generated=True, expand=True)),
    ):
        assert switch.cards_after == get_lineage(viewer=as_alice, base=ref(base), view=turned).visible
    assert switches.extended.text == "Draws 6 cards instead of 5"
    assert switches.expand.text == "Draws 15 cards instead of 5"


def test_a_top_down_picture_has_its_levels_one_under_the_other(as_alice: Viewer, base: Artifact) -> None:
    lineage = get_lineage(viewer=as_alice, base=ref(base), view=ViewState(orientation=Orientation.DOWN))
    heights = {node.level: node.y for node in lineage.nodes}
    assert [heights[level] for level in sorted(heights)] == sorted(heights.values())
    assert [header.x for header in lineage.levels] == [heights[level] for level in sorted(heights)]
