"""CUS-3: views that people keep, for themselves or for the project."""

import pytest

from registry.core.errors import Forbidden, InvalidInput, NotFound, Unauthenticated
from registry.core.viewer import Viewer
from registry.models import Action, AuditEvent, Project, SavedView
from registry.queries.saved_views import get_long_view, get_view, list_views
from registry.services import projects
from registry.services.saved_views import change_view, delete_view, keep_long_view, save_view

BASE = "artifact-7"


def save(viewer: Viewer, project: Project, name: str = "my view", **fields: object) -> SavedView:
    given = {"project_id": project.pk, "base": BASE, "name": name, "query": "up=2", **fields}
    return save_view(viewer=viewer, **given)  # type: ignore[arg-type]


def names(viewer: Viewer, project: Project) -> list[str]:
    return [row.name for row in list_views(viewer=viewer, project_id=project.pk, base=BASE)]


def actions() -> list[str]:
    return list(AuditEvent.objects.filter(object_type="savedview").order_by("pk").values_list("action", flat=True))


def test_cus_3_a_private_view_is_its_owners_alone(as_alice: Viewer, as_bob: Viewer, zoo: Project) -> None:
    view = save(as_alice, zoo, "  my   view ", positions={"run-1": [1, 2.26], "cluster-0123456789": (0, -3)})
    found = get_view(viewer=as_alice, view_id=view.pk)
    assert (found.name, found.query, found.is_mine, found.is_shared) == ("my view", "up=2", True, False)
    assert found.positions == {"run-1": [1.0, 2.3], "cluster-0123456789": [0.0, -3.0]}
    assert (names(as_alice, zoo), names(as_bob, zoo)) == (["my view"], [])
    with pytest.raises(NotFound):
        get_view(viewer=as_bob, view_id=view.pk)
    with pytest.raises(NotFound):
        delete_view(viewer=as_bob, view_id=view.pk)
    assert actions() == []


def test_cus_3_a_shared_view_is_for_all_who_see_the_project(
    as_alice: Viewer, as_bob: Viewer, as_charlie: Viewer, zoo: Project
) -> None:
    view = save(as_bob, zoo, is_shared=True)
    save(as_alice, zoo, "zzz")
    assert names(as_alice, zoo) == ["zzz", "my view"]
    assert names(as_charlie, zoo) == []
    with pytest.raises(NotFound):
        get_view(viewer=as_charlie, view_id=view.pk)
    with pytest.raises(Forbidden):
        change_view(viewer=as_alice, view_id=view.pk, name="taken over")
    assert actions() == [Action.VIEW_SAVED]
    delete_view(viewer=as_alice, view_id=view.pk)  # an admin of the project
    assert actions() == [Action.VIEW_SAVED, Action.VIEW_DELETED]
    assert names(as_bob, zoo) == []


def test_cus_3_saving_again_under_the_same_name_replaces(as_alice: Viewer, zoo: Project) -> None:
    first = save(as_alice, zoo)
    again = save(as_alice, zoo, query="?down=0&up=1", positions={"run-2": [1, 1]})
    assert (again.pk, again.query, again.positions) == (first.pk, "up=1&down=0", {"run-2": [1.0, 1.0]})


def test_cus_3_a_view_is_renamed_shared_and_made_private_again(as_alice: Viewer, zoo: Project) -> None:
    view = save(as_alice, zoo)
    save(as_alice, zoo, "other")
    with pytest.raises(InvalidInput, match="already"):
        change_view(viewer=as_alice, view_id=view.pk, name="other")
    change_view(viewer=as_alice, view_id=view.pk, name="team", is_shared=True)
    change_view(viewer=as_alice, view_id=view.pk, is_shared=False, query="up=3", positions={})
    found = get_view(viewer=as_alice, view_id=view.pk)
    assert (found.name, found.query, found.is_shared, found.positions) == ("team", "up=3", False, {})
    assert actions() == [Action.VIEW_SAVED, Action.VIEW_SAVED]


def test_cus_3_who_may_not_write_may_not_share(as_alice: Viewer, as_charlie: Viewer, zoo: Project) -> None:
    projects.change_project(
        viewer=as_alice, project_id=zoo.pk, description="", visibility="organisation", accepted_types=None
    )
    save(as_charlie, zoo)
    with pytest.raises(Forbidden):
        save(as_charlie, zoo, is_shared=True)
    assert names(as_charlie, zoo) == ["my view"]


def test_a_stranger_and_nobody_save_nothing(as_charlie: Viewer, zoo: Project) -> None:
    with pytest.raises(NotFound):
        save(as_charlie, zoo)
    with pytest.raises(Unauthenticated):
        save(Viewer.anonymous(), zoo)
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " "},
        {"name": "a\0b"},
        {"base": "cluster-0123456789"},
        {"query": "up=65"},
        {"query": "hidden=nothing"},
        {"query": "x=%ff"},
        {"positions": {"locked-run-1-aside": [1, 2]}},
        {"positions": {"run-1": [1]}},
        {"positions": {"run-1": [1, "2"]}},
        {"positions": {"run-1": [1, float("nan")]}},
        {"positions": {"run-1": [1, True]}},
        {"positions": {"run-1": [1, 1e9]}},
        {"positions": {f"run-{number}": [1, 2] for number in range(1, 502)}},
    ],
    ids=lambda fields: str(fields)[:40],
)
def test_bad_input_is_refused_and_nothing_is_kept(as_alice: Viewer, zoo: Project, fields: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        save(as_alice, zoo, **fields)
    assert not SavedView.objects.exists()


def test_int_5_a_view_too_long_for_an_address_gets_a_short_one(as_alice: Viewer, as_charlie: Viewer) -> None:
    query = "hidden=" + ",".join(f"run-{number}" for number in range(1, 500))
    token = keep_long_view(viewer=as_alice, query=query)
    assert keep_long_view(viewer=as_charlie, query=f"?{query}") == token
    assert len(token) == 24
    assert get_long_view(viewer=as_charlie, token=token) == query
    assert SavedView.objects.count() == 1
    with pytest.raises(NotFound):
        get_long_view(viewer=as_alice, token="0" * 24)
    with pytest.raises(NotFound):
        get_long_view(viewer=Viewer.anonymous(), token=token)
    with pytest.raises(InvalidInput):
        keep_long_view(viewer=as_alice, query="up=x")
