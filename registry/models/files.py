"""Stored bytes and the manifests that name them."""

from django.db import models

from registry.core import clock
from registry.models.accounts import Entity


class Blob(models.Model):
    """Bytes that an entity has uploaded. The file is found by its SHA-256; entities never learn of each other's."""

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="+")
    md5 = models.CharField(max_length=32, help_text="Hex MD5, by which the SDK names content.")
    sha256 = models.CharField(max_length=64, help_text="Hex SHA-256, the key in the blob store.")
    size_bytes = models.BigIntegerField()
    birth_artifact = models.ForeignKey(
        "Artifact",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The artifact with which the entity first uploaded these bytes.",
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entity", "md5"], name="blob_unique_in_entity")]
        indexes = [models.Index(fields=["sha256"], name="blob_sha256")]

    def __str__(self) -> str:
        return self.md5


class ArtifactManifest(models.Model):
    """A manifest file as the SDK uploads it, kept until the artifact is committed."""

    class Kind(models.TextChoices):
        FULL = "FULL"
        INCREMENTAL = "INCREMENTAL"
        PATCH = "PATCH"

    artifact = models.ForeignKey("Artifact", on_delete=models.CASCADE, related_name="manifests")
    kind = models.CharField(max_length=16, choices=Kind)
    name = models.CharField(max_length=128)
    digest = models.CharField(max_length=32, blank=True, help_text="Base64 MD5 of the file; empty until announced.")
    base = models.ForeignKey("Artifact", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Key in the blob store; empty until uploaded.")
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.kind} manifest of {self.artifact_id}"


class ManifestEntry(models.Model):
    """A file or a reference of a committed artifact."""

    artifact = models.ForeignKey("Artifact", on_delete=models.CASCADE, related_name="entries")
    path = models.CharField(max_length=1024)
    digest = models.CharField(
        max_length=2048, help_text="Base64 MD5 of a file; whatever the SDK chose for a reference."
    )
    size_bytes = models.BigIntegerField(default=0)
    ref = models.TextField(blank=True, help_text="The URI of a reference; empty for a file.")
    blob = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    birth_artifact = models.ForeignKey("Artifact", null=True, on_delete=models.SET_NULL, related_name="+")
    extra = models.JSONField(null=True)

    class Meta:
        verbose_name_plural = "manifest entries"
        constraints = [
            models.UniqueConstraint(fields=["artifact", "path"], name="manifest_entry_path_unique"),
            models.CheckConstraint(
                condition=models.Q(blob__isnull=False, ref="") | (models.Q(blob__isnull=True) & ~models.Q(ref="")),
                name="manifest_entry_is_file_or_reference",
            ),
        ]

    def __str__(self) -> str:
        return self.path
