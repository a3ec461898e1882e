"""W10: descriptions that several people write at once."""

import pytest

from registry.core.errors import Conflict, Forbidden
from registry.core.viewer import Viewer
from registry.models import Artifact, AuditEvent, Project
from registry.services.descriptions import describe_collection, describe_version, mark_of
from tests.factories import make_version
from tests.views.conftest import fresh


@pytest.fixture
def net(zoo: Project) -> Artifact:
    return fresh(make_version(zoo, "net"))


def test_who_has_seen_the_text_may_replace_it(as_alice: Viewer, net: Artifact) -> None:
    assert describe_version(viewer=as_alice, artifact=net, description="one", seen=mark_of(""))
    assert describe_version(viewer=as_alice, artifact=net, description="two", seen=mark_of("one"))
    assert fresh(net).description == "two"


def test_who_has_not_may_not(as_alice: Viewer, as_bob: Viewer, net: Artifact) -> None:
    describe_version(viewer=as_alice, artifact=net, description="hers", seen=mark_of(""))
    events = AuditEvent.objects.count()
    with pytest.raises(Conflict, match="Somebody has changed"):
        describe_version(viewer=as_bob, artifact=net, description="his", seen=mark_of(""))
    assert fresh(net).description == "hers"
    assert AuditEvent.objects.count() == events


def test_saving_what_stands_there_is_no_change(as_alice: Viewer, as_bob: Viewer, net: Artifact) -> None:
    describe_version(viewer=as_alice, artifact=net, description="same", seen=mark_of(""))
    assert not describe_version(viewer=as_bob, artifact=net, description="same", seen=mark_of(""))


def test_collections_likewise(as_alice: Viewer, as_bob: Viewer, net: Artifact) -> None:
    change = {"collection": net.collection, "name": "net"}
    describe_collection(viewer=as_alice, **change, description="hers", seen=mark_of(""))
    with pytest.raises(Conflict):
        describe_collection(viewer=as_bob, **change, description="his", seen=mark_of(""))


def test_strangers_describe_nothing(as_charlie: Viewer, net: Artifact) -> None:
    with pytest.raises(Forbidden):
        describe_version(viewer=as_charlie, artifact=net, description="x", seen=mark_of(""))
