"""The admin site: every model to look at, and the few that an administrator changes by hand.

What can be changed goes through the same services as everywhere, so that it is checked and audited. Everything else is
read-only: rows that the SDK records would only become wrong.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

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
    ManifestEntry,
    Project,
    ProjectMember,
    ProtectedAlias,
    Run,
    RunFile,
    RunGroup,
    RunStreamLine,
    SavedView,
    UsePath,
    User,
)
from registry.services import accounts, aliases, projects

admin.site.site_header = "Lineage Site administration"
admin.site.site_title = "Lineage Site"
admin.site.index_title = "Everything that is recorded"
admin.site.unregister(Group)


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
    """People. A new user gets the entity and the membership that every user has."""

    list_display = ("username", "name", "email", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("username", "name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("name", "email")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        # the name is part of every address that scripts and people hold
        return (*self.readonly_fields, "username") if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        if change:
            super().save_model(request, obj, form, change)
            return
        user, _ = accounts.create_user(viewer=viewer_of(request), username=obj.username)
        obj.pk, obj._state.adding = user.pk, False
        obj.save(update_fields=["password"])


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


admin.site.register(
    [
        ArtifactManifest,
        ArtifactReference,
        ArtifactTag,
        AuditChain,
        AuditSeal,
        ClientId,
        CollectionRedirect,
        CollectionTag,
        ProjectMember,
        SavedView,
        UsePath,
    ],
    PlainAdmin,
)
