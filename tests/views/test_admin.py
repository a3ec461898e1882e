"""PAG-7: the admin site shows every model; what it changes goes through services and into the audit log."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from registry.core.viewer import Viewer
from registry.models import Action, AuditEvent, Entity, EntityMember, Project, User
from registry.services import accounts, aliases
from tests.factories import logged, make_run, make_version, used

MODELS = [model for model in apps.get_app_config("registry").get_models() if admin.site.is_registered(model)]


@pytest.fixture
def root(client: Client, acme: Entity) -> Client:
    user, _ = accounts.create_user(viewer=Viewer.system(), username="root", is_admin=True)
    client.force_login(user)
    return client


@pytest.fixture
def recorded(as_alice: Viewer, zoo: Project) -> None:
    version = make_version(zoo)
    logged(make_run(zoo), version)
    used(make_run(zoo), version)
    aliases.set_alias(viewer=as_alice, collection=version.collection, artifact=version, name="best")


def _last() -> AuditEvent:
    return AuditEvent.objects.order_by("-pk")[0]


def test_pag_7_every_model_is_registered() -> None:
    assert {model.__name__ for model in apps.get_app_config("registry").get_models()} == {m.__name__ for m in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_pag_7_every_list_and_every_row_can_be_opened(root: Client, recorded: None, model: type) -> None:
    name = model._meta.model_name
    assert root.get(reverse(f"admin:registry_{name}_changelist"), {"q": "zoo"}).status_code in {200, 302}
    assert root.get(reverse(f"admin:registry_{name}_changelist")).status_code == 200
    row = model.objects.order_by("pk").first()
    if row is not None:
        assert root.get(reverse(f"admin:registry_{name}_change", args=[row.pk])).status_code == 200


@pytest.mark.parametrize(
    "model", [m for m in MODELS if m.__name__ in {"Run", "Artifact", "Edge", "Alias", "AuditEvent"}]
)
def test_pag_7_a_list_costs_the_same_for_1_and_for_20_rows(
    root: Client, zoo: Project, model: type, django_assert_max_num_queries: object
) -> None:
    for _ in range(20):
        logged(make_run(zoo), make_version(zoo))
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        root.get(reverse(f"admin:registry_{model._meta.model_name}_changelist"))


def test_pag_7_audit_rows_are_read_only(root: Client, acme: Entity) -> None:
    event = AuditEvent.objects.order_by("pk")[0]
    page = reverse("admin:registry_auditevent_change", args=[event.pk])
    assert root.post(page, {"actor_label": "mallory"}).status_code == 403
    assert root.post(reverse("admin:registry_auditevent_delete", args=[event.pk]), {"post": "yes"}).status_code == 403
    assert root.get(reverse("admin:registry_auditevent_add")).status_code == 403


def test_pag_7_a_user_made_here_is_a_whole_user(root: Client) -> None:
    answer = root.post(
        reverse("admin:registry_user_add"),
        {"username": "newbie", "password1": "long-enough-9x", "password2": "long-enough-9x", "usable_password": "true"},
    )
    assert answer.status_code == 302
    user = User.objects.get(username="newbie")
    assert user.check_password("long-enough-9x")
    assert user.entity.organization == Entity.objects.get(name="acme")
    assert AuditEvent.objects.filter(action=Action.USER_CREATED, actor_label="root", object_label="newbie").exists()


def test_pag_7_a_members_role_changed_here_is_audited(root: Client, ml: Entity, bob: User) -> None:
    member = EntityMember.objects.get(entity=ml, user=bob)
    root.post(reverse("admin:registry_entitymember_change", args=[member.pk]), {"role": "admin"})
    event = _last()
    assert (event.action, event.actor_label, event.after) == (Action.ROLE_CHANGED, "root", {"role": "admin"})
    root.post(reverse("admin:registry_entitymember_delete", args=[member.pk]), {"post": "yes"})
    assert _last().action == Action.MEMBER_REMOVED
    assert not EntityMember.objects.filter(pk=member.pk).exists()


def test_pag_7_a_projects_visibility_changed_here_is_audited(root: Client, zoo: Project) -> None:
    page = reverse("admin:registry_project_change", args=[zoo.pk])
    root.post(page, {"description": "", "visibility": "organisation", "accepted_types": "null"})
    zoo.refresh_from_db()
    assert zoo.visibility == "organisation"
    assert _last().before == {"visibility": "private"}
    before = AuditEvent.objects.count()
    root.post(page, {"description": "", "visibility": "organisation", "accepted_types": "null"})
    assert AuditEvent.objects.count() == before


def test_pag_7_an_alias_is_protected_and_freed_here(root: Client, zoo: Project) -> None:
    root.post(reverse("admin:registry_protectedalias_add"), {"project": zoo.pk, "name": "production"})
    assert _last().action == Action.ALIAS_PROTECTED
    protected = zoo.protected_aliases.get()
    root.post(reverse("admin:registry_protectedalias_delete", args=[protected.pk]), {"post": "yes"})
    assert _last().action == Action.ALIAS_UNPROTECTED


def test_pag_7_a_key_is_revoked_here(root: Client, alice: User) -> None:
    key, _ = accounts.create_api_key(viewer=Viewer.system(), user=alice)
    root.post(reverse("admin:registry_apikey_changelist"), {"action": "revoke", "_selected_action": [key.pk]})
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert _last().action == Action.KEY_REVOKED


def test_pag_7_a_key_is_never_shown(root: Client, alice: User) -> None:
    key, _ = accounts.create_api_key(viewer=Viewer.system(), user=alice)
    page = root.get(reverse("admin:registry_apikey_change", args=[key.pk]))
    assert key.key_hash not in page.content.decode()


def test_pag_7_only_administrators_enter(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get(reverse("admin:index")).status_code == 302
