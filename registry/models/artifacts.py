"""Artifact versions."""

from django.conf import settings
from django.db import models

from registry.core import clock
from registry.core.viewer import Viewer
from registry.models.collections import ArtifactCollection, CollectionMembership
from registry.models.projects import visible_project


class ArtifactQuerySet(models.QuerySet["Artifact"]):
    def visible_to(self, viewer: Viewer) -> "ArtifactQuerySet":
        """Narrow to versions whose own project may be seen, or that are linked into a project that may be seen.

        The link is the grant: who may read a registry may read what was put there.
        """
        if viewer.is_all_seeing:
            return self
        return self.filter(
            visible_project(viewer, "collection__project__")
            | models.Exists(
                CollectionMembership.objects.filter(
                    visible_project(viewer, "collection__project__"),
                    artifact=models.OuterRef("pk"),
                    collection__deleted_at=None,
                )
            )
        )

    def committed(self) -> "ArtifactQuerySet":
        return self.filter(state=Artifact.State.COMMITTED)

    def recorded(self) -> "ArtifactQuerySet":
        """Narrow to what lineage shows: committed versions and the tombstones of deleted ones."""
        return self.filter(state__in=[Artifact.State.COMMITTED, Artifact.State.DELETED])


class Artifact(models.Model):
    """One version of a sequence; without a number until it is committed.

    A deleted version stays as a tombstone; its number is never used again.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        COMMITTED = "committed"
        DELETED = "deleted"

    collection = models.ForeignKey(ArtifactCollection, on_delete=models.PROTECT, related_name="artifacts")
    version = models.PositiveIntegerField(null=True, blank=True)
    digest = models.CharField(max_length=64, help_text="Hex digest over the manifest's paths and entry digests.")
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    size_bytes = models.BigIntegerField(default=0)
    file_count = models.PositiveIntegerField(default=0)
    description = models.TextField(blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    ttl_seconds = models.BigIntegerField(default=0, help_text="0: kept for ever.")
    history_step = models.BigIntegerField(null=True, blank=True)
    distributed_id = models.CharField(max_length=255, blank=True)
    superseded_by = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The version with the same content that was committed first.",
    )
    pending_aliases = models.JSONField(default=list, blank=True, help_text="Given to the version when it is committed.")
    pending_run_ids = models.JSONField(
        default=list, blank=True, help_text="The runs that are saving it; their edges appear when it is committed."
    )
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    committed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by_run = models.ForeignKey(
        "Run",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The run that logged it first; every producer is an edge.",
    )
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ArtifactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collection", "version"], name="artifact_version_unique"),
            # the same content is one version
            models.UniqueConstraint(
                fields=["collection", "digest"], condition=models.Q(state="committed"), name="artifact_digest_unique"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="committed") | models.Q(version__isnull=False),
                name="artifact_committed_has_version",
            ),
        ]
        indexes = [
            # participants of a distributed save find the same draft
            models.Index(
                fields=["collection", "distributed_id"],
                condition=~models.Q(distributed_id=""),
                name="artifact_distributed",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}" if self.version is not None else "draft"

    @property
    def is_deleted(self) -> bool:
        return self.state == self.State.DELETED


class ClientId(models.Model):
    """A random id that the SDK gave an artifact, or a sequence, before the server knew it."""

    client_id = models.CharField(max_length=255)
    artifact = models.ForeignKey(Artifact, null=True, on_delete=models.CASCADE, related_name="client_ids")
    collection = models.ForeignKey(ArtifactCollection, null=True, on_delete=models.CASCADE, related_name="client_ids")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client_id"], name="client_id_unique"),
            models.CheckConstraint(
                condition=models.Q(artifact__isnull=False, collection__isnull=True)
                | models.Q(artifact__isnull=True, collection__isnull=False),
                name="client_id_names_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.client_id[:12]


class ArtifactTag(models.Model):
    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=128)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["artifact", "name"], name="artifact_tag_unique")]

    def __str__(self) -> str:
        return self.name


class ArtifactReference(models.Model):
    """A version whose manifest refers to files of another one: "derived from"."""

    source = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="references_out")
    target = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="references_in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target"], name="artifact_reference_unique")]

    def __str__(self) -> str:
        return f"{self.source_id} refers to {self.target_id}"
