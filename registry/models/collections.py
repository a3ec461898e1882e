"""Artifact collections: sequences of versions, portfolios of links, and the aliases in both."""

from django.conf import settings
from django.db import models

from registry.core import clock
from registry.core.viewer import Viewer
from registry.models.projects import Project, visible_project


class ArtifactCollectionQuerySet(models.QuerySet["ArtifactCollection"]):
    def visible_to(self, viewer: Viewer) -> "ArtifactCollectionQuerySet":
        return self.filter(visible_project(viewer, "project__"))

    def present(self) -> "ArtifactCollectionQuerySet":
        """Leave out tombstones."""
        return self.filter(deleted_at=None)


class ArtifactCollection(models.Model):
    """A named series of versions of one artifact type.

    A sequence holds the versions that runs log. A portfolio holds links to versions of sequences, numbered on its
    own. Numbers are never used twice.
    """

    class Kind(models.TextChoices):
        SEQUENCE = "sequence"
        PORTFOLIO = "portfolio"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="collections")
    kind = models.CharField(max_length=16, choices=Kind)
    type_name = models.CharField("artifact type", max_length=128)
    name = models.CharField(max_length=128)
    next_version = models.PositiveIntegerField(default=0)
    description = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ArtifactCollectionQuerySet.as_manager()

    class Meta:
        constraints = [
            # a name is free again once its collection is deleted
            models.UniqueConstraint(
                fields=["project", "name"], condition=models.Q(deleted_at=None), name="collection_name_unique"
            ),
        ]
        indexes = [models.Index(fields=["project", "type_name", "name"], name="collection_by_type")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_portfolio(self) -> bool:
        return self.kind == self.Kind.PORTFOLIO


class CollectionMembership(models.Model):
    """A link: a version of a sequence stands in a portfolio under the portfolio's own number."""

    collection = models.ForeignKey(ArtifactCollection, on_delete=models.CASCADE, related_name="memberships")
    artifact = models.ForeignKey("Artifact", on_delete=models.CASCADE, related_name="memberships")
    version = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collection", "version"], name="membership_version_unique"),
            models.UniqueConstraint(fields=["collection", "artifact"], name="membership_artifact_unique"),
        ]

    def __str__(self) -> str:
        return f"v{self.version} of {self.collection_id}"


class Alias(models.Model):
    """A movable name for one version of a collection. `latest` is an alias that the system moves."""

    collection = models.ForeignKey(ArtifactCollection, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=128)
    artifact = models.ForeignKey("Artifact", on_delete=models.CASCADE, related_name="aliases")
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [models.UniqueConstraint(fields=["collection", "name"], name="alias_unique")]

    def __str__(self) -> str:
        return self.name


class ProtectedAlias(models.Model):
    """An alias name that only admins of the registry may give, move or remove."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="protected_aliases")
    name = models.CharField(max_length=128)

    class Meta:
        verbose_name_plural = "protected aliases"
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="protected_alias_unique")]

    def __str__(self) -> str:
        return self.name


class CollectionTag(models.Model):
    collection = models.ForeignKey(ArtifactCollection, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=128)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "name"], name="collection_tag_unique")]

    def __str__(self) -> str:
        return self.name


class CollectionRedirect(models.Model):
    """The old name of a renamed collection, so that old addresses keep leading to it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="redirects")
    name = models.CharField(max_length=128)
    collection = models.ForeignKey(ArtifactCollection, on_delete=models.CASCADE, related_name="redirects")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="collection_redirect_unique")]

    def __str__(self) -> str:
        return self.name
