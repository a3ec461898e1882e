"""REG-3: an alias points to at most one version of a collection."""

import pytest

from registry.core.errors import Forbidden, InvalidInput, NotFound
from registry.core.viewer import Viewer
from registry.models import Action, Alias, Artifact, AuditEvent, Project
from registry.services import aliases
from tests.factories import make_version


def _set(viewer: Viewer, artifact: Artifact, name: str) -> bool:
    return aliases.set_alias(viewer=viewer, collection=artifact.collection, artifact=artifact, name=name)


def _last_event() -> AuditEvent:
    return AuditEvent.objects.order_by("-pk")[0]


def _count() -> int:
    return AuditEvent.objects.count()


def test_reg_3_giving_an_alias_to_another_version_moves_it_in_one_entry(as_alice: Viewer, zoo: Project) -> None:
    v0, v1 = (make_version(zoo) for _ in range(2))
    assert _set(as_alice, v0, "best")
    before = _count()
    assert _set(as_alice, v1, "best")
    assert Alias.objects.get(collection=v0.collection, name="best").artifact == v1
    event = _last_event()
    assert _count() == before + 1
    assert event.action == Action.ALIAS_MOVED
    assert event.before == {"version": 0, "artifact": v0.pk}
    assert event.after == {"version": 1, "artifact": v1.pk}
    assert event.actor_label == "alice"


def test_reg_3_giving_an_alias_twice_writes_one_event(as_alice: Viewer, zoo: Project) -> None:
    v0 = make_version(zoo)
    assert _set(as_alice, v0, "best")
    before = _count()
    assert not _set(as_alice, v0, "best")
    assert _count() == before


def test_reg_3_version_names_belong_to_the_system(as_alice: Viewer, zoo: Project) -> None:
    v0 = make_version(zoo)
    assert not _set(as_alice, v0, "v7")
    assert not Alias.objects.filter(name="v7").exists()


def test_reg_3_latest_cannot_be_removed_by_hand(as_alice: Viewer, zoo: Project) -> None:
    v0 = make_version(zoo)
    with pytest.raises(InvalidInput, match="belongs to the system"):
        aliases.remove_alias(viewer=as_alice, collection=v0.collection, artifact=v0, name="latest")


def test_reg_3_removing_an_alias_writes_one_event_and_then_none(as_alice: Viewer, zoo: Project) -> None:
    v0 = make_version(zoo)
    _set(as_alice, v0, "best")
    assert aliases.remove_alias(viewer=as_alice, collection=v0.collection, artifact=v0, name="best")
    assert _last_event().action == Action.ALIAS_REMOVED
    before = _count()
    assert not aliases.remove_alias(viewer=as_alice, collection=v0.collection, artifact=v0, name="best")
    assert _count() == before


def test_reg_3_only_admins_move_a_protected_alias(as_alice: Viewer, as_bob: Viewer, zoo: Project) -> None:
    v0, v1 = (make_version(zoo) for _ in range(2))
    _set(as_bob, v0, "production")
    assert aliases.protect_alias(viewer=as_alice, project=zoo, name="production")
    assert not aliases.protect_alias(viewer=as_alice, project=zoo, name="production")
    for refused in (
        lambda: _set(as_bob, v1, "production"),
        lambda: aliases.remove_alias(viewer=as_bob, collection=v0.collection, artifact=v0, name="production"),
        lambda: aliases.protect_alias(viewer=as_bob, project=zoo, name="gold"),
    ):
        before = _count()
        with pytest.raises(Forbidden, match="Only admins of ml/zoo"):
            refused()
        assert _count() == before
    assert _set(as_alice, v1, "production")


@pytest.mark.parametrize("name", ["", "a/b", "a:b", "x" * 129, "tab\there", "rtl\u202eoverride", " "])
def test_an_alias_that_the_sdk_refuses_is_refused(as_alice: Viewer, zoo: Project, name: str) -> None:
    v0 = make_version(zoo)
    before = _count()
    with pytest.raises(InvalidInput, match="An alias"):
        _set(as_alice, v0, name)
    assert _count() == before


@pytest.mark.parametrize("name", ["best 🦒", "x" * 128, "1.0", "naïve"])
def test_an_alias_that_the_sdk_accepts_is_accepted(as_alice: Viewer, zoo: Project, name: str) -> None:
    assert _set(as_alice, make_version(zoo), name)


def test_a_version_of_another_collection_is_not_found(as_alice: Viewer, zoo: Project) -> None:
    stray = make_version(zoo, "other")
    with pytest.raises(NotFound, match="not in the collection 'zoo'"):
        aliases.set_alias(viewer=as_alice, collection=make_version(zoo).collection, artifact=stray, name="best")
