"""Every address. Those of `registry` come last: their first segment is an entity's name."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("registry.urls")),
]
