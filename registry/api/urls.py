"""The addresses of the SDK's endpoints. A trailing slash never redirects: that would turn a POST into a GET."""

from django.urls import URLPattern, path, re_path

from registry.api.downloads import artifacts_v2
from registry.api.errors import not_served
from registry.api.file_stream import file_stream
from registry.api.graphql.view import graphql
from registry.api.storage import storage

urlpatterns: list[URLPattern] = [
    path("graphql", graphql, name="graphql"),
    path("graphql/", graphql),
    path("files/<str:entity>/<str:project>/<str:run>/file_stream", file_stream, name="file_stream"),
    path("storage/<str:purpose>/<path:tail>", storage, name="storage"),
    path("artifactsV2/<path:tail>", artifacts_v2, name="artifacts_v2"),
    re_path(r"^(?:graphql|files|storage|artifactsV2|sdk|oidc)(?:/.*)?$", not_served),
]
