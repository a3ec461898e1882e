"""The application's configuration."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = "Lineage Site"
    default_auto_field = "django.db.models.BigAutoField"
