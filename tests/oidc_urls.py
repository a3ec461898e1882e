"""The addresses of an installation whose settings name an identity provider."""

from lineage_site.urls import handler400, handler403, handler404, handler429, handler500
from lineage_site.urls import urlpatterns as plain
from registry.urls import _OIDC

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

urlpatterns = [*_OIDC, *plain]
