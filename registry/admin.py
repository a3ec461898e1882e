"""The admin site: every model to look at, and the few that an administrator changes by hand.

What can be changed goes through the same services as everywhere, so that it is checked and audited. Everything else is
read-only: rows that the SDK records would only become wrong.
"""

from typing import Any, ClassVar

from allauth.account import admin as _account_admin  # noqa: F401 - registers what is taken out below
from allauth.account.models import EmailAddress
from allauth.mfa import admin as _mfa_admin  # noqa: F401 - registers what is taken out below
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as _identity_admin  # noqa: F401 - registers what is taken out below
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import URLPattern, reverse
from django.utils.http import urlencode

from registry.core.errors import Forbidden
from registry.core.viewer import Role, Viewer
from registry.models import (
    Alias,
    ApiKey,
    Artifact,
    ArtifactCollection,
    ArtifactManifest,
    ArtifactReference,
    ArtifactTag,
    AuditChain,
    AuditEvent,
    AuditSeal,
    Blob,
    ClientId,
    CollectionMembership,
    CollectionRedirect,
    CollectionTag,
    Edge,
    Entity,
    EntityMember,
    Invitation,
    ManifestEntry,
    Project,
    ProjectMember,
    ProtectedAlias,
    Run,
    RunAlert,
    RunFile,
    RunGroup,
    RunStreamLine,
    SavedView,
    UsePath,
    User,
)
from registry.services import accounts, aliases, invitations, members, people, projects

admin.site.site_header = "Lineage Site administration"
admin.site.site_title = "Lineage Site"
admin.site.index_title = "Everything that is recorded"
# rights are roles; addresses are not used to sign in; secrets are for their owners
admin.site.unregister([Group, EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken])


def _to_sign_in(request: HttpRequest, **_: Any) -> HttpResponse:
    """Send people to the one sign-in page, which counts failures and asks for the second factor."""
    if request.user.is_authenticated:
        raise Forbidden("Only administrators of this installation may open this.")
    target = request.GET.get("next") or reverse("admin:index")
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': target})}")


def _to_profile(_request: HttpRequest, **_: Any) -> HttpResponse:
    return redirect("profile")


admin.site.login = _to_sign_in  # type: ignore[method-assign, assignment]
admin.site.password_change = _to_profile  # type: ignore[method-assign, assignment]


def viewer_of(request: HttpRequest) -> Viewer:
    """Return the administrator as a viewer, for the services."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


class ReadOnlyAdmin(admin.ModelAdmin):
    """Lists and shows rows; nobody changes them here."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """People. A new user gets the entity and the membership that every user has; nobody is ever deleted.

    A password is never typed here for somebody else: a link lets its owner choose one.
    """

    list_display = ("username", "name", "email", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser", "memberships__entity")
    search_fields = ("username", "name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    actions = ("make_password_link", "remove_second_factor")
    fieldsets = (
        (None, {"fields": ("username",)}),
        ("Person", {"fields": ("name", "email")}),
        ("Access", {"fields": ("is_active", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    def get_urls(self) -> list[URLPattern]:
        return [url for url in super().get_urls() if url.name != "auth_user_password_change"]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        # the name is part of every address that scripts and people hold
        return (*self.readonly_fields, "username") if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        viewer = viewer_of(request)
        if not change:
            password = form.cleaned_data.get("password1") or None
            user, _ = accounts.create_user(viewer=viewer, username=obj.username, password=password)
            obj.pk, obj._state.adding = user.pk, False
            return
        held = User.objects.select_related("entity").get(pk=obj.pk)
        people.change_person(viewer=viewer, user=held, name=obj.name, email=obj.email)
        people.change_rights(viewer=viewer, user=held, is_active=obj.is_active, is_superuser=obj.is_superuser)

    @admin.action(description="Make a link to set a password, for one user, shown once")
    def make_password_link(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        chosen = list(queryset.select_related("entity")[:2])
        if len(chosen) != 1:
            self.message_user(request, "Choose one user.", messages.ERROR)
            return None
        words = people.create_password_link(viewer=viewer_of(request), user=chosen[0])
        link = settings.PUBLIC_URL + reverse("password_reset", args=words)
        return render(request, "registry/password_link.html", {"person": chosen[0], "link": link}, status=201)

    @admin.action(description="Remove the second factor, for who has lost it")
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset.select_related("entity"):
            people.remove_second_factor(viewer=viewer_of(request), user=user)


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    """Keys can be revoked here; made they are by their owners."""

    list_display = ("public_id", "user", "name", "created_at", "last_used_at", "expires_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("public_id", "user__username", "name")
    exclude = ("key_hash",)
    actions = ("revoke",)

    @admin.action(description="Revoke the chosen keys")
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset.select_related("user"):
            accounts.revoke_api_key(viewer=viewer_of(request), key=key)


@admin.register(Entity)
class EntityAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "organization", "created_at")
    list_filter = ("kind",)
    list_select_related = ("organization",)
    search_fields = ("name",)


@admin.register(EntityMember)
class EntityMemberAdmin(admin.ModelAdmin):
    list_display = ("user", "entity", "role", "created_at")
    list_filter = ("role", "entity__kind")
    list_select_related = ("user", "entity")
    search_fields = ("user__username", "entity__name")
    fields = ("entity", "user", "role")
    autocomplete_fields: ClassVar = ("entity", "user")

    def get_readonly_fields(self, request: HttpRequest, obj: EntityMember | None = None) -> tuple[str, ...]:
        return ("entity", "user") if obj else ()

    def save_model(self, request: HttpRequest, obj: EntityMember, form: Any, change: bool) -> None:  # noqa: FBT001
        member = accounts.add_member(viewer=viewer_of(request), entity=obj.entity, user=obj.user, role=Role(obj.role))
        obj.pk = member.pk

    def delete_model(self, request: HttpRequest, obj: EntityMember) -> None:
        accounts.remove_member(viewer=viewer_of(request), entity=obj.entity, user=obj.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[EntityMember]) -> None:
        for member in queryset.select_related("entity", "user"):
            self.delete_model(request, member)


@admin.register(ProjectMember)
class ProjectMemberAdmin(admin.ModelAdmin):
    list_display = ("project", "user", "team", "role", "created_at")
    list_filter = ("role",)
    list_select_related = ("project", "user", "team")
    search_fields = ("project__name", "user__username", "team__name")
    fields = ("project", "user", "team", "role")
    autocomplete_fields: ClassVar = ("project", "user", "team")

    def get_readonly_fields(self, request: HttpRequest, obj: ProjectMember | None = None) -> tuple[str, ...]:
        return ("project", "user", "team") if obj else ()

    def save_model(self, request: HttpRequest, obj: ProjectMember, form: Any, change: bool) -> None:  # noqa: FBT001
        whom: dict[str, Any] = {"user": obj.user, "team": obj.team}
        members.set_project_role(viewer=viewer_of(request), project=obj.project, role=Role(obj.role), **whom)
        obj.pk = ProjectMember.objects.get(project=obj.project, **whom).pk

    def delete_model(self, request: HttpRequest, obj: ProjectMember) -> None:
        members.remove_project_member(viewer=viewer_of(request), project=obj.project, user=obj.user, team=obj.team)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ProjectMember]) -> None:
        for member in queryset.select_related("project__entity", "user", "team"):
            self.delete_model(request, member)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Invitations can be taken back here; they are made on the page of the members, which shows the link once."""

    list_display = ("note", "entity", "role", "created_by", "created_at", "expires_at", "accepted_by", "revoked_at")
    list_filter = ("role", "entity__kind")
    list_select_related = ("entity", "created_by", "accepted_by")
    search_fields = ("note", "entity__name", "created_by__username")
    exclude = ("token_hash",)
    actions = ("revoke",)

    @admin.action(description="Take back the chosen invitations")
    def revoke(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        for row in queryset.select_related("entity"):
            invitations.revoke_invitation(viewer=viewer_of(request), entity=row.entity, invitation_id=row.pk)


@admin.register(Project)
class ProjectAdmin(admin.ModelAdmin):
    """Projects; visibility, description and a registry's accepted types can be changed."""

    list_display = ("name", "entity", "visibility", "created_at")
    list_filter = ("visibility", "entity__kind")
    list_select_related = ("entity",)
    search_fields = ("name", "entity__name")
    fields = ("entity", "name", "description", "visibility", "accepted_types", "created_at", "created_by")
    readonly_fields = ("entity", "name", "created_at", "created_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Project, form: Any, change: bool) -> None:  # noqa: FBT001
        projects.change_project(
            viewer=viewer_of(request),
            project_id=obj.pk,
            description=obj.description,
            visibility=obj.visibility,
            accepted_types=obj.accepted_types,
        )


@admin.register(ProtectedAlias)
class ProtectedAliasAdmin(admin.ModelAdmin):
    list_display = ("name", "project")
    list_select_related = ("project",)
    search_fields = ("name", "project__name")
    autocomplete_fields: ClassVar = ("project",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ProtectedAlias, form: Any, change: bool) -> None:  # noqa: FBT001
        aliases.protect_alias(viewer=viewer_of(request), project=obj.project, name=obj.name)
        obj.pk = ProtectedAlias.objects.get(project=obj.project, name=obj.name).pk

    def delete_model(self, request: HttpRequest, obj: ProtectedAlias) -> None:
        aliases.unprotect_alias(viewer=viewer_of(request), project=obj.project, name=obj.name)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ProtectedAlias]) -> None:
        for protected in queryset.select_related("project__entity"):
            self.delete_model(request, protected)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("id", "at", "actor_label", "action", "object_label", "alias", "actor_kind")
    list_filter = ("action", "actor_kind", "object_type")
    search_fields = ("actor_label", "object_label", "alias", "request_id")
    ordering = ("-id",)


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = ("name", "uid", "project", "group", "state", "created_by", "created_at")
    list_filter = ("state",)
    list_select_related = ("project", "group", "created_by")
    search_fields = ("name", "uid", "project__name")


@admin.register(ArtifactCollection)
class ArtifactCollectionAdmin(ReadOnlyAdmin):
    list_display = ("name", "project", "kind", "type_name", "next_version", "created_at", "deleted_at")
    list_filter = ("kind", "type_name")
    list_select_related = ("project",)
    search_fields = ("name", "project__name")


@admin.register(Artifact)
class ArtifactAdmin(ReadOnlyAdmin):
    list_display = ("collection", "version", "state", "size_bytes", "file_count", "created_by", "created_at")
    list_filter = ("state",)
    list_select_related = ("collection", "created_by")
    search_fields = ("collection__name", "digest")


@admin.register(Edge)
class EdgeAdmin(ReadOnlyAdmin):
    list_display = ("run", "direction", "artifact", "collection", "created_at")
    list_filter = ("direction",)
    list_select_related = ("run", "artifact", "collection")
    search_fields = ("run__uid", "run__name", "collection__name")


@admin.register(Alias)
class AliasAdmin(ReadOnlyAdmin):
    list_display = ("name", "collection", "artifact", "created_by", "created_at")
    list_select_related = ("collection", "artifact", "created_by")
    search_fields = ("name", "collection__name")


@admin.register(CollectionMembership)
class CollectionMembershipAdmin(ReadOnlyAdmin):
    list_display = ("collection", "version", "artifact", "created_by", "created_at")
    list_select_related = ("collection", "artifact", "created_by")
    search_fields = ("collection__name",)


@admin.register(RunGroup)
class RunGroupAdmin(ReadOnlyAdmin):
    list_display = ("job_type", "project")
    list_select_related = ("project",)
    search_fields = ("job_type", "project__name")


@admin.register(RunAlert)
class RunAlertAdmin(ReadOnlyAdmin):
    list_display = ("title", "level", "run", "created_at")
    list_filter = ("level",)
    list_select_related = ("run",)
    search_fields = ("title", "run__uid")


@admin.register(RunFile)
class RunFileAdmin(ReadOnlyAdmin):
    list_display = ("name", "run", "updated_at")
    list_select_related = ("run",)
    search_fields = ("name", "run__uid")


@admin.register(RunStreamLine)
class RunStreamLineAdmin(ReadOnlyAdmin):
    list_display = ("run", "stream", "number")
    list_filter = ("stream",)
    list_select_related = ("run",)
    search_fields = ("run__uid",)


@admin.register(Blob)
class BlobAdmin(ReadOnlyAdmin):
    list_display = ("md5", "entity", "size_bytes", "created_at")
    list_select_related = ("entity",)
    search_fields = ("md5", "sha256")


@admin.register(ManifestEntry)
class ManifestEntryAdmin(ReadOnlyAdmin):
    list_display = ("path", "artifact", "size_bytes", "digest")
    list_select_related = ("artifact",)
    search_fields = ("path",)


class PlainAdmin(ReadOnlyAdmin):
    """For tables whose rows explain themselves: shows every column, loads every relation at once."""

    def get_list_display(self, request: HttpRequest) -> Any:
        return [field.name for field in self.model._meta.concrete_fields]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        relations = [field.name for field in self.model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
        return super().get_queryset(request).select_related(*relations)


PLAIN: dict[type[models.Model], tuple[str, ...]] = {
    ArtifactManifest: ("name", "digest", "artifact__collection__name"),
    ArtifactReference: ("source__collection__name", "target__collection__name"),
    ArtifactTag: ("name", "artifact__collection__name"),
    AuditChain: ("=chain",),
    AuditSeal: ("hash", "=chain", "=position"),
    ClientId: ("client_id",),
    CollectionRedirect: ("name", "collection__name"),
    CollectionTag: ("name", "collection__name"),
    SavedView: ("name", "project__name", "owner__username"),
    UsePath: ("entity_name", "project_name"),
}
for _model, _search_fields in PLAIN.items():
    admin.site.register(_model, PlainAdmin, search_fields=_search_fields)
