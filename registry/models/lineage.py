"""The edges between runs and artifact versions. Traversal is in `queries`, the rules of the graph in `lineage`."""

from django.db import models

from registry.core import clock
from registry.models.artifacts import Artifact
from registry.models.collections import ArtifactCollection
from registry.models.projects import Project
from registry.models.runs import Run, RunGroup


class Edge(models.Model):
    """A run used a version (artifact → run) or logged it (run → artifact).

    `run_group` and `collection` repeat what the two ends know, so that a level of the graph is counted from one
    index. Whoever changes a run's job type rewrites its edges in the same transaction.
    """

    class Direction(models.IntegerChoices):
        USED = 0
        LOGGED = 1

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="edges", db_index=False)
    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="edges", db_index=False)
    direction = models.PositiveSmallIntegerField(choices=Direction)
    run_group = models.ForeignKey(RunGroup, on_delete=models.PROTECT, related_name="+", db_index=False)
    collection = models.ForeignKey(ArtifactCollection, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=clock.now)
    aliases = models.JSONField(default=list, blank=True, help_text="The version's aliases when the run used it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "direction", "artifact"], name="edge_unique"),
        ]
        indexes = [
            # an artifact's consumers or producers, counted and paged by group from the index alone
            models.Index(fields=["artifact", "direction", "run_group", "run"], name="edge_artifact_runs"),
            # a run's inputs or outputs by collection, likewise
            models.Index(fields=["run", "direction", "collection", "artifact"], name="edge_run_artifacts"),
        ]

    def __str__(self) -> str:
        return f"run {self.run_id} {self.get_direction_display()} {self.artifact_id}"


class UsePath(models.Model):
    """The path by which a run named its input: through a registry or by the source project."""

    edge = models.ForeignKey(Edge, on_delete=models.CASCADE, related_name="paths")
    entity_name = models.CharField(max_length=128)
    project_name = models.CharField(max_length=128)
    project = models.ForeignKey(
        Project,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The project that had this name then; it may have another one now.",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edge", "entity_name", "project_name"], name="use_path_unique")]

    def __str__(self) -> str:
        return f"{self.entity_name}/{self.project_name}"
