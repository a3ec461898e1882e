"""The addresses of pages and of the SDK's endpoints. Fixed words come first: an entity's name may be anything else."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from registry.views import (
    accounts,
    artifacts,
    collection_changes,
    collections,
    compare,
    files,
    health,
    history,
    invitations,
    lineage,
    lineage_export,
    lineage_panel,
    linking,
    oidc,
    people,
    project_settings,
    projects,
    registries,
    runs,
    sdk_links,
    search,
    second_factor,
    version_changes,
)

_VERSION = "<str:entity>/<str:project>/artifacts/<str:type_name>/<str:collection>/<str:version>"
_COLLECTION = "<str:entity>/<str:project>/collections/<str:type_name>/<str:collection>"
_LINKED = "registry/<str:registry>/<str:collection>/<str:version>"
_RUN = "<str:entity>/<str:project>/runs/<str:uid>"


def _tabs(prefix: str, name: str) -> list[URLPattern]:
    """The tabs of a version, the same under a project and under a registry."""
    return [
        path(prefix, artifacts.artifact_version, name=f"{name}_version"),
        path(f"{prefix}/version", artifacts.artifact_version, name=f"{name}_version_tab"),
        path(f"{prefix}/metadata", artifacts.artifact_metadata, name=f"{name}_metadata"),
        path(f"{prefix}/usage", artifacts.artifact_usage, name=f"{name}_usage"),
        path(f"{prefix}/files", files.artifact_files, name=f"{name}_files"),
        path(f"{prefix}/files/download", files.artifact_file, name=f"{name}_file"),
        path(f"{prefix}/files/image", files.artifact_image, name=f"{name}_image"),
        path(f"{prefix}/compare", compare.artifact_compare, name=f"{name}_compare"),
        path(f"{prefix}/lineage", lineage.artifact_lineage, name=f"{name}_lineage"),
        path(f"{prefix}/lineage/preview", lineage.artifact_lineage_preview, name=f"{name}_lineage_preview"),
        path(f"{prefix}/lineage/cluster", lineage.artifact_lineage_cluster, name=f"{name}_lineage_cluster"),
        path(f"{prefix}/lineage/custom", lineage_panel.artifact_lineage_custom, name=f"{name}_lineage_custom"),
        path(f"{prefix}/lineage/find", lineage_panel.artifact_lineage_find, name=f"{name}_lineage_find"),
        path(f"{prefix}/lineage/live", lineage_panel.artifact_lineage_live, name=f"{name}_lineage_live"),
        path(f"{prefix}/lineage/views", lineage_panel.artifact_lineage_save, name=f"{name}_lineage_save"),
        path(
            f"{prefix}/lineage/views/<int:pk>/delete",
            lineage_panel.artifact_lineage_delete,
            name=f"{name}_lineage_delete",
        ),
        path(
            f"{prefix}/lineage/export/<str:form>",
            lineage_export.artifact_lineage_export,
            name=f"{name}_lineage_export",
        ),
    ]


# the names are allauth's, which looks for them
_SECOND_FACTOR: list[URLPattern] = [
    path("account/second-factor", second_factor.second_factor, name="mfa_index"),
    path("account/second-factor/activate", second_factor.activate, name="mfa_activate_totp"),
    path("account/second-factor/deactivate", second_factor.deactivate, name="mfa_deactivate_totp"),
    path("account/second-factor/codes", second_factor.codes, name="mfa_view_recovery_codes"),
    path("account/second-factor/codes/new", second_factor.codes_create, name="mfa_generate_recovery_codes"),
    path("account/second-factor/prove", second_factor.prove, name="mfa_reauthenticate"),
    path("account/prove", second_factor.prove_by_password, name="account_reauthenticate"),
    path("sign-in/code", second_factor.ask, name="mfa_authenticate"),
]
# only where the settings name an identity provider
_OIDC: list[URLPattern] = [
    path("sign-in/with/<str:provider_id>", oidc.oidc_start, name="openid_connect_login"),
    path("sign-in/with/<str:provider_id>/return", oidc.oidc_return, name="openid_connect_callback"),
]
_PEOPLE: list[URLPattern] = [
    path("account", accounts.profile, name="profile"),
    path("account/name", accounts.profile_name, name="profile_name"),
    path("account/password", accounts.profile_password, name="profile_password"),
    path("account/sessions/end", accounts.sessions_end, name="sessions_end"),
    path("account/keys/<int:pk>/revoke", accounts.key_revoke, name="key_revoke"),
    path("invitations/<str:token>", invitations.invitation, name="invitation"),
    path("reset-password/<str:word>/<str:token>", invitations.password_reset, name="password_reset"),
    path("people/<str:entity>", people.member_list, name="member_list"),
    path("people/<str:entity>/set", people.member_set, name="member_set"),
    path("people/<str:entity>/remove", people.member_remove, name="member_remove"),
    path("people/<str:entity>/invite", people.invitation_create, name="invitation_create"),
    path("people/<str:entity>/invitations/<int:pk>/revoke", people.invitation_revoke, name="invitation_revoke"),
    path("people/<str:entity>/teams", people.team_create, name="team_create"),
    path("people/<str:username>/password-link", people.password_link_create, name="password_link_create"),
]

_CHANGES: list[URLPattern] = [
    path("orgs/<str:organization>/registries/new", collection_changes.registry_create, name="registry_create"),
    path("<str:entity>/<str:project>/new-collection", collection_changes.collection_create, name="collection_create"),
    path(
        "<str:entity>/<str:project>/protected-aliases",
        collection_changes.protected_aliases,
        name="protected_aliases",
    ),
    path(f"{_COLLECTION}/edit", collection_changes.collection_update, name="collection_update"),
    path(f"{_COLLECTION}/tags", collection_changes.collection_tags, name="collection_tags"),
    path(f"{_COLLECTION}/link", linking.collection_link, name="collection_link"),
    path(f"{_COLLECTION}/delete", collection_changes.collection_delete, name="collection_delete"),
    path(f"{_VERSION}/aliases/add", version_changes.alias_create, name="alias_create"),
    path(f"{_VERSION}/aliases/remove", version_changes.alias_delete, name="alias_delete"),
    path(f"{_VERSION}/tags", version_changes.version_tags, name="version_tags"),
    path(f"{_VERSION}/description", version_changes.version_description, name="version_description"),
    path(f"{_VERSION}/link", linking.version_link, name="version_link"),
    path(f"{_VERSION}/unlink", version_changes.version_unlink, name="version_unlink"),
    path(f"{_VERSION}/delete", version_changes.version_delete, name="version_delete"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("registry.api.urls")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("", projects.home, name="home"),
    path("sign-in", accounts.sign_in, name="sign_in"),
    path("sign-out", accounts.sign_out, name="sign_out"),
    # the names under which allauth looks for them
    path("sign-in", accounts.sign_in, name="account_login"),
    path("sign-out", accounts.sign_out, name="account_logout"),
    path("authorize", accounts.authorize, name="authorize"),
    *_SECOND_FACTOR,
    *(_OIDC if settings.OIDC_ISSUER else ()),
    *_PEOPLE,
    path("search", search.search, name="search"),
    path("orgs/<str:organization>/history", history.organization_history, name="organization_history"),
    path(
        "orgs/<str:organization>/history/export",
        history.organization_history_export,
        name="organization_history_export",
    ),
    path("orgs/<str:organization>/registry/<str:registry>", sdk_links.linked_version),
    path("registry", registries.registry_list, name="registry_list"),
    path("registry/<str:registry>", registries.registry_detail, name="registry_detail"),
    path("registry/<str:registry>/<str:collection>", registries.registry_collection, name="registry_collection"),
    path(
        "registry/<str:registry>/<str:collection>/history",
        history.collection_history,
        name="registry_history",
    ),
    path(
        "registry/<str:registry>/<str:collection>/history/export",
        history.collection_history_export,
        name="registry_history_export",
    ),
    path(
        "registry/<str:registry>/<str:collection>/versions",
        registries.registry_collection_versions,
        name="registry_collection_versions",
    ),
    *_tabs(_LINKED, "registry"),
    path("<str:entity>", projects.entity_detail, name="entity_detail"),
    path("<str:entity>/registry/<str:registry>", sdk_links.linked_version),
    path("<str:entity>/<str:project>", projects.project_detail, name="project_detail"),
    path("<str:entity>/<str:project>/settings", project_settings.project_settings, name="project_settings"),
    path("<str:entity>/<str:project>/members", project_settings.project_members, name="project_members"),
    path("<str:entity>/<str:project>/members/set", project_settings.project_member_set, name="project_member_set"),
    path(
        "<str:entity>/<str:project>/members/remove",
        project_settings.project_member_remove,
        name="project_member_remove",
    ),
    path("<str:entity>/<str:project>/history", history.project_history, name="project_history"),
    path("<str:entity>/<str:project>/history/export", history.project_history_export, name="project_history_export"),
    path("<str:entity>/<str:project>/runs", runs.run_list, name="run_list"),
    path(_RUN, runs.run_detail, name="run_detail"),
    path(f"{_RUN}/lineage", lineage.run_lineage, name="run_lineage"),
    path(f"{_RUN}/lineage/preview", lineage.run_lineage_preview, name="run_lineage_preview"),
    path(f"{_RUN}/lineage/cluster", lineage.run_lineage_cluster, name="run_lineage_cluster"),
    path(f"{_RUN}/lineage/custom", lineage_panel.run_lineage_custom, name="run_lineage_custom"),
    path(f"{_RUN}/lineage/find", lineage_panel.run_lineage_find, name="run_lineage_find"),
    path(f"{_RUN}/lineage/live", lineage_panel.run_lineage_live, name="run_lineage_live"),
    path(f"{_RUN}/lineage/views", lineage_panel.run_lineage_save, name="run_lineage_save"),
    path(f"{_RUN}/lineage/views/<int:pk>/delete", lineage_panel.run_lineage_delete, name="run_lineage_delete"),
    path(f"{_RUN}/lineage/export/<str:form>", lineage_export.run_lineage_export, name="run_lineage_export"),
    path("<str:entity>/<str:project>/artifacts", collections.artifact_list, name="artifact_list"),
    path("<str:entity>/<str:project>/artifacts/<str:type_name>", collections.artifact_list, name="artifact_type"),
    path(
        "<str:entity>/<str:project>/artifacts/<str:type_name>/<str:collection>",
        collections.artifact_latest,
        name="artifact_latest",
    ),
    path(
        _COLLECTION,
        collections.collection_detail,
        name="collection_detail",
    ),
    path(f"{_COLLECTION}/history", history.collection_history, name="collection_history"),
    path(f"{_COLLECTION}/history/export", history.collection_history_export, name="collection_history_export"),
    *_CHANGES,
    *_tabs(_VERSION, "artifact"),
]
