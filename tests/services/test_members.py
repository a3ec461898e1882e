"""Roles in a single project or registry: who may give them, to whom, and what is told of it."""

import pytest

from registry.core.errors import Forbidden, InvalidInput, NotFound, Unauthenticated
from registry.core.viewer import Role, Viewer
from registry.models import Action, AuditEvent, Entity, Project, ProjectMember, User
from registry.policies import can_write_project, project_role
from registry.queries.accounts import get_viewer
from registry.services import accounts, members


@pytest.fixture
def readers(acme: Entity, charlie: User) -> Entity:
    """A second team of the organisation, of charlie alone."""
    team = accounts.create_team(viewer=Viewer.system(), name="readers", organization=acme)
    accounts.add_member(viewer=Viewer.system(), entity=team, user=charlie)
    return team


def _last() -> AuditEvent:
    return AuditEvent.objects.latest("pk")


def test_a_role_opens_the_project_and_is_audited(as_alice: Viewer, zoo: Project, charlie: User) -> None:
    assert not Project.objects.visible_to(get_viewer(user_id=charlie.pk)).filter(pk=zoo.pk).exists()
    assert members.set_project_role(viewer=as_alice, project=zoo, user=charlie, role=Role.VIEWER)
    as_charlie = get_viewer(user_id=charlie.pk)
    assert Project.objects.visible_to(as_charlie).filter(pk=zoo.pk).exists()
    assert not can_write_project(as_charlie, zoo)
    event = _last()
    assert (event.action, event.object_label) == (Action.MEMBER_ADDED, "charlie in ml/zoo")
    assert (event.project_id, event.after) == (zoo.pk, {"role": "viewer"})


def test_a_changed_role_names_the_one_before(as_alice: Viewer, zoo: Project, charlie: User) -> None:
    members.set_project_role(viewer=as_alice, project=zoo, user=charlie, role=Role.VIEWER)
    assert members.set_project_role(viewer=as_alice, project=zoo, user=charlie, role=Role.MEMBER)
    assert can_write_project(get_viewer(user_id=charlie.pk), zoo)
    event = _last()
    assert (event.action, event.before, event.after) == (Action.ROLE_CHANGED, {"role": "viewer"}, {"role": "member"})


def test_the_same_role_again_changes_and_tells_nothing(as_alice: Viewer, zoo: Project, charlie: User) -> None:
    members.set_project_role(viewer=as_alice, project=zoo, user=charlie, role=Role.VIEWER)
    before = AuditEvent.objects.count()
    assert not members.set_project_role(viewer=as_alice, project=zoo, user=charlie, role=Role.VIEWER)
    assert AuditEvent.objects.count() == before


def test_a_team_s_role_is_each_member_s(as_alice: Viewer, zoo: Project, charlie: User, readers: Entity) -> None:
    members.set_project_role(viewer=as_alice, project=zoo, team=readers, role=Role.MEMBER)
    assert project_role(get_viewer(user_id=charlie.pk), zoo) is Role.MEMBER
    accounts.remove_member(viewer=Viewer.system(), entity=readers, user=charlie)
    assert project_role(get_viewer(user_id=charlie.pk), zoo) is None


def test_removing_closes_at_once(as_alice: Viewer, zoo: Project, charlie: User) -> None:
    members.set_project_role(viewer=as_alice, project=zoo, user=charlie, role=Role.ADMIN)
    assert members.remove_project_member(viewer=as_alice, project=zoo, user=charlie)
    assert not Project.objects.visible_to(get_viewer(user_id=charlie.pk)).filter(pk=zoo.pk).exists()
    assert (_last().action, _last().before) == (Action.MEMBER_REMOVED, {"role": "admin"})
    assert not members.remove_project_member(viewer=as_alice, project=zoo, user=charlie)


def test_p4_members_and_strangers_give_and_take_nothing(
    as_bob: Viewer, as_charlie: Viewer, zoo: Project, bob: User, alice: User, charlie: User
) -> None:
    for viewer in (as_bob, as_charlie):
        for user in (alice, bob, charlie):
            with pytest.raises(Forbidden):
                members.set_project_role(viewer=viewer, project=zoo, user=user, role=Role.ADMIN)
            with pytest.raises(Forbidden):
                members.remove_project_member(viewer=viewer, project=zoo, user=user)
    with pytest.raises(Unauthenticated):
        members.set_project_role(viewer=Viewer.anonymous(), project=zoo, user=bob, role=Role.ADMIN)
    assert not ProjectMember.objects.exists()


def test_whoever_is_not_of_the_organisation_gets_nothing(
    as_alice: Viewer, zoo: Project, alice: User, ml: Entity
) -> None:
    system = Viewer.system()
    other = accounts.create_organization(viewer=system, name="umbrella")
    team = accounts.create_team(viewer=system, name="umbrella-ml", organization=other)
    outsider = User.objects.create_user("olga")
    with pytest.raises(InvalidInput):
        members.set_project_role(viewer=as_alice, project=zoo, user=outsider, role=Role.VIEWER)
    with pytest.raises(NotFound):
        members.set_project_role(viewer=as_alice, project=zoo, team=team, role=Role.VIEWER)
    for words in ({}, {"user": alice, "team": ml}, {"team": alice.entity}):
        with pytest.raises(InvalidInput):
            members.set_project_role(viewer=as_alice, project=zoo, role=Role.VIEWER, **words)
