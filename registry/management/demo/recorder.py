"""Records runs and versions as the SDK would, at times in the past."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from registry.core import clock
from registry.core.viewer import ActorKind, Origin, Viewer
from registry.queries.accounts import get_entity, get_user, get_viewer
from registry.services import artifacts, edges, manifests, runs, streams
from registry.services.contents import log_files
from registry.services.projects import ensure_project


@dataclass(frozen=True, slots=True)
class Output:
    """A version to log: its files by path, and what people say about it."""

    name: str
    type_name: str
    files: Mapping[str, str]
    description: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    aliases: Sequence[str] = ()
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """A run to record: who, when, from what, to what, and how it ended.

    `through` is the registry by which the inputs are named, as `organisation/project`; else it is their own project.
    """

    name: str
    job_type: str
    author: str
    start: datetime
    minutes: int
    inputs: Sequence[Any] = ()
    through: str = ""
    outputs: Sequence[Output] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    summary: Mapping[str, Any] = field(default_factory=dict)
    tags: Sequence[str] = ()
    group: str = ""
    notes: str = ""
    exit_code: int = 0
    is_going: bool = False


class Recorder:
    """Writes into one project. Every author must be a member of its entity."""

    def __init__(self, entity_name: str, project_name: str) -> None:
        self._entity = get_entity(viewer=Viewer.system(), name=entity_name)
        self._project_name = project_name

    def record(self, job: Job) -> list[Any]:
        """Record the run with its inputs and outputs and return the versions that it logged."""
        viewer = self.viewer(job.author)
        with clock.at(job.start):
            run = self._start(viewer, job)
            for version in job.inputs:
                self._use(viewer, run, version, job.through)
        if job.is_going:
            # no process will send a sign of life for it: the last one lies ahead, so that it is not taken for lost
            with clock.at(job.start + timedelta(days=3650)):
                streams.record_stream(viewer=viewer, run=run, update=streams.StreamUpdate())
        end = job.start + timedelta(minutes=job.minutes)
        with clock.at(end):
            logged = [self._log(viewer, run, output) for output in job.outputs]
            if not job.is_going:
                ending = streams.StreamUpdate(is_complete=True, exit_code=job.exit_code)
                streams.record_stream(viewer=viewer, run=run, update=ending)
        return logged

    def viewer(self, username: str, kind: ActorKind = ActorKind.API_KEY) -> Viewer:
        """Return the person as a script's key or, with another kind, as a visitor of the pages."""
        user = get_user(viewer=Viewer.system(), username=username)
        return get_viewer(user_id=user.pk, origin=Origin(kind=kind, user_agent="demo"))

    def _start(self, viewer: Viewer, job: Job) -> Any:
        config = {name: {"value": value} for name, value in job.config.items()}
        change = runs.RunChange(
            name=job.name,
            job_type=job.job_type,
            group_name=job.group or None,
            notes=job.notes or None,
            tags=list(job.tags),
            config=json.dumps(config),
            summary=json.dumps(dict(job.summary)),
            host="gpu-node-2",
            program=f"{job.job_type}.py",
        )
        uid = hashlib.sha256(f"{self._project_name}/{job.name}".encode()).hexdigest()[:8]
        run, _ = runs.upsert_run(
            viewer=viewer, entity=self._entity, project_name=self._project_name, uid=uid, change=change
        )
        return run

    @staticmethod
    def _use(viewer: Viewer, run: Any, version: Any, through: str) -> None:
        project = version.collection.project
        entity_name, _, project_name = (through or f"{project.entity.name}/{project.name}").partition("/")
        edges.record_input(viewer=viewer, run=run, artifact=version, entity_name=entity_name, project_name=project_name)

    def _log(self, viewer: Viewer, run: Any, output: Output) -> Any:
        project = ensure_project(viewer=viewer, entity=self._entity, name=self._project_name)
        new = artifacts.NewArtifact(
            type_name=output.type_name,
            collection_name=output.name,
            digest="",
            aliases=["latest", *output.aliases],
            tags=output.tags,
            description=output.description,
            metadata=json.dumps(dict(output.metadata)),
        )
        draft = log_files(viewer=viewer, project=project, run=run, new=new, files=output.files)
        return manifests.commit_artifact(viewer=viewer, artifact=draft)
