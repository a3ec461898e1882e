"""Runs, what they stream and the files they keep."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from registry.core import clock, names
from registry.core.errors import InvalidInput
from registry.core.viewer import Viewer
from registry.models.files import Blob
from registry.models.projects import Project, visible_project

# the SDK gives a sign of life every 30 seconds
SILENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class BranchPoint:
    """The moment of a run, perhaps of the run itself, from which a run goes on."""

    run_uid: str
    step: float


class RunGroup(models.Model):
    """A project's job type, interned: edges carry its id, so that counts by group come from an index alone."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="run_groups")
    job_type = models.CharField(max_length=128, blank=True, help_text="Empty for runs with no job type.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "job_type"], name="run_group_unique")]

    def __str__(self) -> str:
        return self.job_type or "(no job type)"


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, viewer: Viewer) -> "RunQuerySet":
        return self.filter(visible_project(viewer, "project__"))

    def present(self) -> "RunQuerySet":
        """Leave out tombstones."""
        return self.filter(deleted_at=None)


class Run(models.Model):
    """One execution of a script. A deleted run stays as a tombstone so that lineage through it stays whole."""

    class State(models.TextChoices):
        RUNNING = "running"
        FINISHED = "finished"
        FAILED = "failed"
        CRASHED = "crashed"
        KILLED = "killed"

    uid = models.CharField("run id", max_length=128, help_text="The id that the SDK gave, unique in the project.")
    # its index is `run_project_newest`
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="runs", db_index=False)
    group = models.ForeignKey(RunGroup, on_delete=models.PROTECT, related_name="runs", verbose_name="job type")
    name = models.CharField(max_length=128)
    state = models.CharField(max_length=16, choices=State, default=State.RUNNING)
    created_at = models.DateTimeField(default=clock.now, help_text="When the run started, by the server's clock.")
    heartbeat_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    exit_code = models.IntegerField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    config = models.JSONField(default=dict, blank=True, help_text="As the SDK sends it: every key maps to {value}.")
    summary = models.JSONField(default=dict, blank=True)
    notes = models.TextField(blank=True)
    tags = models.JSONField(default=list, blank=True)
    group_name = models.CharField(
        "group", max_length=128, blank=True, help_text="The SDK's group, such as a sweep's name."
    )
    description = models.TextField(blank=True)
    program = models.CharField(max_length=512, blank=True)
    host = models.CharField(max_length=255, blank=True)
    commit = models.CharField(max_length=128, blank=True)
    repo = models.CharField(max_length=512, blank=True)
    sweep_name = models.CharField(max_length=128, blank=True)
    stop_requested = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "uid"], name="run_uid_unique")]
        indexes = [
            # the runs table of a project, newest first
            models.Index(fields=["project", "-created_at", "-id"], name="run_project_newest"),
            # how many there are, on every page of the project
            models.Index(fields=["project"], condition=models.Q(deleted_at=None), name="run_project_present"),
        ]

    def __str__(self) -> str:
        return self.name

    def shown_state(self, now: datetime) -> str:
        return shown_state(self.state, self.heartbeat_at, now)

    @property
    def branch_point(self) -> BranchPoint | None:
        """Where a forked or rewound run went on, as its SDK noted it in the config."""
        kept = self.config.get("_wandb")
        values = kept.get("value") if isinstance(kept, dict) else None
        point = values.get("branch_point") if isinstance(values, dict) else None
        if not isinstance(point, dict):
            return None
        uid, step = point.get("run_id"), point.get("step")
        if not isinstance(step, int | float):
            return None
        try:
            return BranchPoint(names.clean_run_uid(uid), step)
        except InvalidInput:
            return None

    @property
    def ended_at(self) -> datetime | None:
        """When the run ended, or its last sign of life when it was lost; None while it is going."""
        if self.state == self.State.RUNNING:
            return None
        return self.finished_at or self.heartbeat_at


def shown_state(state: str, heartbeat_at: datetime, now: datetime) -> str:
    """Return the state to show: a run that has gone silent counts as crashed, without anything being written."""
    if state == Run.State.RUNNING and now - heartbeat_at > SILENCE:
        return Run.State.CRASHED.value
    return str(state)


class RunStreamLine(models.Model):
    """One line of a stream that the SDK appends to; sending a line again replaces it."""

    class Stream(models.TextChoices):
        HISTORY = "history"
        EVENTS = "events"
        OUTPUT = "output"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="stream_lines")
    stream = models.CharField(max_length=8, choices=Stream)
    number = models.PositiveIntegerField()
    content = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "stream", "number"], name="run_stream_line_unique")]

    def __str__(self) -> str:
        return f"{self.stream} {self.number} of {self.run_id}"


class RunFile(models.Model):
    """A file that a run saved beside its artifacts; without a blob until its upload has arrived."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=1024)
    blob = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="run_file_unique")]

    def __str__(self) -> str:
        return self.name


class RunAlert(models.Model):
    """What a run wanted people to know at once, by `run.alert`."""

    class Level(models.TextChoices):
        INFO = "INFO", "info"
        WARN = "WARN", "warning"
        ERROR = "ERROR", "error"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="alerts", db_index=False)
    title = models.CharField(max_length=128)
    text = models.TextField(blank=True)
    level = models.CharField(max_length=5, choices=Level, default=Level.INFO)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            # a run's alerts, newest first
            models.Index(fields=["run", "-id"], name="run_alert_newest"),
        ]

    def __str__(self) -> str:
        return self.title
