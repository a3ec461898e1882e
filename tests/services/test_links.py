"""REG-1, REG-2, REG-4: versions stand in portfolios under the portfolio's own numbers."""

import pytest

from registry.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from registry.core.viewer import Viewer
from registry.models import Action, Alias, Artifact, AuditEvent, CollectionMembership, Entity, Project
from registry.services import links
from registry.services.projects import ensure_project
from tests.factories import make_version


@pytest.fixture
def models(acme: Entity) -> Project:
    """The registry Model."""
    return Project.objects.select_related("entity").get(entity=acme, name_key="wandb-registry-model")


def _link(viewer: Viewer, artifact: Artifact, project: Project, *aliases: str) -> CollectionMembership:
    return links.link_version(
        viewer=viewer, artifact=artifact, project=project, collection_name="Classifier", aliases=list(aliases)
    )


def _actions() -> list[str]:
    return list(AuditEvent.objects.exclude(collection_id=None).order_by("pk").values_list("action", flat=True))


def test_reg_1_links_are_numbered_from_v0_whatever_the_source_number(
    as_alice: Viewer, zoo: Project, models: Project
) -> None:
    versions = [make_version(zoo, "net", type_name="model") for _ in range(3)]
    assert _link(as_alice, versions[2], models).version == 0
    assert _link(as_alice, versions[0], models).version == 1


def test_reg_1_linking_again_returns_the_same_link_and_writes_no_event(
    as_alice: Viewer, zoo: Project, models: Project
) -> None:
    net = make_version(zoo, "net", type_name="model")
    first = _link(as_alice, net, models, "production")
    before = _actions()
    assert _link(as_alice, net, models, "production") == first
    assert _actions() == before


def test_reg_1_numbers_are_never_used_again(as_alice: Viewer, zoo: Project, models: Project) -> None:
    net = make_version(zoo, "net", type_name="model")
    link = _link(as_alice, net, models)
    assert links.unlink_version(viewer=as_alice, artifact=net, collection=link.collection)
    assert _link(as_alice, net, models).version == 1


def test_reg_2_a_collection_accepts_one_type(as_alice: Viewer, ml: Entity, zoo: Project) -> None:
    shelf = ensure_project(viewer=as_alice, entity=ml, name="shelf")
    _link(as_alice, make_version(zoo, "net", type_name="model"), shelf)
    with pytest.raises(Conflict, match="holds artifacts of type 'model'"):
        _link(as_alice, make_version(zoo, "pictures", type_name="dataset"), shelf)


def test_reg_2_a_registry_refuses_a_type_that_is_not_on_its_list(
    as_alice: Viewer, zoo: Project, models: Project
) -> None:
    before = _actions()
    with pytest.raises(Conflict, match="The registry 'Model' accepts model; the artifact's type is 'dataset'"):
        _link(as_alice, make_version(zoo, "pictures", type_name="dataset"), models)
    assert _actions() == before


def test_reg_4_a_link_gives_aliases_and_latest(as_alice: Viewer, zoo: Project, models: Project) -> None:
    link = _link(as_alice, make_version(zoo, "net", type_name="model"), models, "production")
    assert set(Alias.objects.filter(collection=link.collection).values_list("name", flat=True)) == {
        "production",
        "latest",
    }
    assert _actions() == [Action.COLLECTION_CREATED, Action.VERSION_ADDED, Action.ALIAS_ADDED, Action.ALIAS_ADDED]


def test_reg_5_unlinking_takes_the_aliases_away_and_says_so(as_alice: Viewer, zoo: Project, models: Project) -> None:
    older, newer = (make_version(zoo, "net", type_name="model") for _ in range(2))
    collection = _link(as_alice, older, models).collection
    _link(as_alice, newer, models, "production")
    links.unlink_version(viewer=as_alice, artifact=newer, collection=collection)
    assert list(Alias.objects.filter(collection=collection).values_list("name", "artifact")) == [("latest", older.pk)]
    assert _actions()[-4:] == [
        Action.ALIAS_REMOVED,
        Action.ALIAS_REMOVED,
        Action.VERSION_REMOVED,
        Action.ALIAS_ADDED,
    ]


def test_unlinking_twice_changes_nothing_the_second_time(as_alice: Viewer, zoo: Project, models: Project) -> None:
    net = make_version(zoo, "net", type_name="model")
    collection = _link(as_alice, net, models).collection
    assert links.unlink_version(viewer=as_alice, artifact=net, collection=collection)
    before = _actions()
    assert not links.unlink_version(viewer=as_alice, artifact=net, collection=collection)
    assert _actions() == before


def test_a_sequence_cannot_be_unlinked_from(as_alice: Viewer, zoo: Project) -> None:
    net = make_version(zoo, "net", type_name="model")
    with pytest.raises(InvalidInput, match="Only links can be removed"):
        links.unlink_version(viewer=as_alice, artifact=net, collection=net.collection)


def test_a_sequence_does_not_take_links(as_alice: Viewer, zoo: Project) -> None:
    net = make_version(zoo, "Classifier", type_name="model")
    with pytest.raises(Conflict, match="versions that runs log"):
        _link(as_alice, net, zoo)


@pytest.mark.parametrize("state", [Artifact.State.PENDING, Artifact.State.DELETED])
def test_only_a_saved_version_is_linked(as_alice: Viewer, zoo: Project, models: Project, state: str) -> None:
    net = make_version(zoo, "net", type_name="model")
    Artifact.objects.filter(pk=net.pk).update(state=state)
    net.refresh_from_db()
    with pytest.raises(NotFound, match="saved and not deleted"):
        _link(as_alice, net, models)


def test_a_stranger_to_the_project_cannot_link_into_it(as_charlie: Viewer, zoo: Project) -> None:
    net = make_version(zoo, "net", type_name="model")
    before = _actions()
    with pytest.raises(Forbidden, match="may not write to ml/zoo"):
        _link(as_charlie, net, zoo)
    assert _actions() == before
