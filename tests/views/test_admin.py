"""PAG-7: the admin site shows every model; what it changes goes through services and into the audit log."""

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from registry.core.viewer import Role, Viewer
from registry.models import Action, AuditEvent, Entity, EntityMember, Project, ProjectMember, User
from registry.services import accounts, aliases, invitations
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


def _run(root: Client, action: str, *rows: int) -> str:
    words = {"action": action, "_selected_action": list(rows)}
    return str(root.post(reverse("admin:registry_user_changelist"), words, follow=True).content.decode())


def test_pag_7_the_only_sign_in_is_the_one_that_counts_failures(client: Client, alice: User) -> None:
    address = reverse("admin:registry_user_changelist")
    assert client.get(address).url == f"/admin/login/?next={address}"
    assert client.get("/admin/login/", {"next": address}).url == "/sign-in?next=%2Fadmin%2Fregistry%2Fuser%2F"
    words = {"username": "alice", "password": "alice-password"}
    assert client.post("/admin/login/", words).status_code == 302
    assert client.get("/").status_code == 302
    client.force_login(alice)
    assert client.get("/admin/login/").status_code == 403


def test_pag_7_a_change_of_a_user_is_audited(root: Client, alice: User) -> None:
    page = reverse("admin:registry_user_change", args=[alice.pk])
    root.post(page, {"name": "Alice B.", "email": "a@example.org"})
    alice.refresh_from_db()
    assert (alice.name, alice.email, alice.is_active) == ("Alice B.", "a@example.org", False)
    told = [(event.action, event.after) for event in AuditEvent.objects.order_by("-pk")[:2]]
    assert told == [
        ("user.changed", {"is_active": False}),
        ("user.changed", {"name": "Alice B.", "email": "a@example.org"}),
    ]
    root.post(page, {"name": "Alice B.", "email": "a@example.org", "is_active": "on", "is_superuser": "on"})
    alice.refresh_from_db()
    assert (alice.is_active, alice.is_staff, alice.is_superuser) == (True, True, True)
    assert _last().before == {"is_active": False, "is_superuser": False, "is_staff": False}


def test_pag_7_a_disabled_user_is_out_at_once(root: Client, alice: User, alice_browser: Client) -> None:
    _, key = accounts.create_api_key(viewer=Viewer.system(), user=alice)
    root.post(reverse("admin:registry_user_change", args=[alice.pk]), {"name": ""})
    assert alice_browser.get("/").status_code == 302
    headers = {"Authorization": f"Bearer {key}"}
    query = {"query": "query V { viewer { id } }"}
    assert Client().post("/graphql", query, content_type="application/json", headers=headers).status_code == 401


def test_pag_7_the_last_administrator_stays(root: Client) -> None:
    user = User.objects.get(username="root")
    for words in ({"is_active": "on"}, {"is_superuser": "on"}):
        assert root.post(reverse("admin:registry_user_change", args=[user.pk]), words).status_code == 409
    user.refresh_from_db()
    assert user.is_active
    assert user.is_superuser


def test_pag_7_nobody_is_deleted_and_no_password_is_typed_for_another(root: Client, alice: User) -> None:
    assert root.post(reverse("admin:registry_user_delete", args=[alice.pk]), {"post": "yes"}).status_code == 403
    assert root.get(f"/admin/registry/user/{alice.pk}/password/").status_code in (302, 404)
    assert root.get("/admin/password_change/").url == "/account"
    page = root.get(reverse("admin:registry_user_change", args=[alice.pk])).content.decode()
    assert alice.password not in page


def test_pag_7_a_password_link_is_made_here(root: Client, alice: User) -> None:
    page = _run(root, "make_password_link", alice.pk)
    assert ">http://127.0.0.1:8000/reset-password/" in page
    assert _last().action == "password.link_created"
    before = AuditEvent.objects.count()
    assert "Choose one user" in _run(root, "make_password_link", alice.pk, User.objects.get(username="root").pk)
    assert AuditEvent.objects.count() == before


def test_pag_7_a_lost_second_factor_is_removed_here(root: Client, alice: User) -> None:
    Authenticator.objects.create(user=alice, type="totp", data={"secret": "x"})
    _run(root, "remove_second_factor", alice.pk)
    assert not Authenticator.objects.exists()
    assert (_last().action, _last().object_label) == ("second_factor.removed", "alice")


def test_pag_7_a_project_s_member_and_an_invitation_are_tended_here(root: Client, zoo: Project, charlie: User) -> None:
    root.post(reverse("admin:registry_projectmember_add"), {"project": zoo.pk, "user": charlie.pk, "role": "viewer"})
    member = ProjectMember.objects.get()
    assert (_last().action, _last().actor_label) == ("member.added", "root")
    root.post(reverse("admin:registry_projectmember_change", args=[member.pk]), {"role": "member"})
    assert _last().after == {"role": "member"}
    root.post(reverse("admin:registry_projectmember_delete", args=[member.pk]), {"post": "yes"})
    assert _last().action == "member.removed"
    invitation, _ = invitations.invite_member(viewer=Viewer.system(), entity=zoo.entity, role=Role.MEMBER)
    page = reverse("admin:registry_invitation_changelist")
    root.post(page, {"action": "revoke", "_selected_action": [invitation.pk]})
    assert _last().action == "invitation.revoked"
    shown = root.get(reverse("admin:registry_invitation_change", args=[invitation.pk])).content.decode()
    assert invitation.token_hash not in shown


def test_pag_7_secrets_of_others_are_in_no_list(root: Client) -> None:
    page = root.get("/admin/").content.decode()
    for word in ("Authenticator", "Email address", "Groups"):
        assert word not in page


def test_pag_7_the_admin_site_has_its_icon(root: Client) -> None:
    assert b'<link rel="icon" href="/static/img/favicon' in root.get(reverse("admin:index")).content
