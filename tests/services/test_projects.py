"""Projects appear when they are first named; registries are open to their organisation."""

import pytest

from registry.core.errors import Forbidden, InvalidInput, NotFound, Unauthenticated
from registry.core.viewer import Viewer
from registry.models import AuditEvent, Entity, Project
from registry.services.projects import ensure_project


def test_naming_a_project_makes_it_once_and_privately(as_alice: Viewer, ml: Entity) -> None:
    project = ensure_project(viewer=as_alice, entity=ml, name="Zoo")
    before = AuditEvent.objects.count()
    assert ensure_project(viewer=as_alice, entity=ml, name="zOO") == project
    assert project.name == "Zoo"
    assert project.visibility == Project.Visibility.PRIVATE
    assert AuditEvent.objects.count() == before


def test_a_registry_is_made_by_a_member_and_is_open_to_the_organisation(
    as_alice: Viewer, as_charlie: Viewer, acme: Entity
) -> None:
    registry = ensure_project(viewer=as_alice, entity=acme, name="wandb-registry-Speech")
    assert registry.visibility == Project.Visibility.ORGANISATION
    assert ensure_project(viewer=as_charlie, entity=acme, name="wandb-registry-speech") == registry


def test_a_strangers_private_project_is_as_good_as_missing(as_charlie: Viewer, ml: Entity, zoo: Project) -> None:
    with pytest.raises(NotFound, match="project 'zoo' not found under entity 'ml'"):
        ensure_project(viewer=as_charlie, entity=ml, name="zoo")


def test_a_stranger_cannot_make_a_project(as_charlie: Viewer, ml: Entity) -> None:
    with pytest.raises(Forbidden, match="may not create a project under entity 'ml'"):
        ensure_project(viewer=as_charlie, entity=ml, name="new")


def test_an_anonymous_visitor_cannot_make_a_project(ml: Entity) -> None:
    with pytest.raises(Unauthenticated):
        ensure_project(viewer=Viewer.anonymous(), entity=ml, name="new")


@pytest.mark.parametrize("name", ["", "a/b", "a#b", "a?b", "a%b", "a:b", "a\\b", "x" * 129, ".."])
def test_a_name_that_the_sdk_refuses_is_refused(as_alice: Viewer, ml: Entity, name: str) -> None:
    with pytest.raises(InvalidInput, match="A project name"):
        ensure_project(viewer=as_alice, entity=ml, name=name)
