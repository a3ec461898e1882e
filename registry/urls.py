"""The addresses of pages and of the SDK's endpoints. Fixed words come first: an entity's name may be anything else."""

from django.urls import URLPattern, URLResolver, include, path

from registry.views import (
    accounts,
    artifacts,
    collections,
    compare,
    files,
    health,
    lineage,
    projects,
    registries,
    runs,
    sdk_links,
    search,
)

_VERSION = "<str:entity>/<str:project>/artifacts/<str:type_name>/<str:collection>/<str:version>"
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
        path(f"{prefix}/compare", compare.artifact_compare, name=f"{name}_compare"),
        path(f"{prefix}/lineage", lineage.artifact_lineage, name=f"{name}_lineage"),
        path(f"{prefix}/lineage/preview", lineage.artifact_lineage_preview, name=f"{name}_lineage_preview"),
        path(f"{prefix}/lineage/cluster", lineage.artifact_lineage_cluster, name=f"{name}_lineage_cluster"),
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
    path("search", search.search, name="search"),
    path("orgs/<str:organization>/registry/<str:registry>", sdk_links.linked_version),
    path("registry", registries.registry_list, name="registry_list"),
    path("registry/<str:registry>", registries.registry_detail, name="registry_detail"),
    path("registry/<str:registry>/<str:collection>", registries.registry_collection, name="registry_collection"),
    path(
        "registry/<str:registry>/<str:collection>/history",
        registries.registry_history,
        name="registry_history",
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
    path("<str:entity>/<str:project>/runs", runs.run_list, name="run_list"),
    path(_RUN, runs.run_detail, name="run_detail"),
    path(f"{_RUN}/lineage", lineage.run_lineage, name="run_lineage"),
    path(f"{_RUN}/lineage/preview", lineage.run_lineage_preview, name="run_lineage_preview"),
    path(f"{_RUN}/lineage/cluster", lineage.run_lineage_cluster, name="run_lineage_cluster"),
    path("<str:entity>/<str:project>/artifacts", collections.artifact_list, name="artifact_list"),
    path("<str:entity>/<str:project>/artifacts/<str:type_name>", collections.artifact_list, name="artifact_type"),
    path(
        "<str:entity>/<str:project>/artifacts/<str:type_name>/<str:collection>",
        collections.artifact_latest,
        name="artifact_latest",
    ),
    path(
        "<str:entity>/<str:project>/collections/<str:type_name>/<str:collection>",
        collections.collection_detail,
        name="collection_detail",
    ),
    *_tabs(_VERSION, "artifact"),
]
