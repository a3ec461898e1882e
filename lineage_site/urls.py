"""Every address. Those of `registry` come last: their first segment is an entity's name."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

# what the admin site does not know may be the page of a user named admin
admin.site.final_catch_all_view = False

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("registry.urls")),
]

handler400 = "registry.views.errors.bad_request"
handler403 = "registry.views.errors.permission_denied"
handler404 = "registry.views.errors.not_found"
handler429 = "registry.views.errors.too_many_requests"
handler500 = "registry.views.errors.server_error"
