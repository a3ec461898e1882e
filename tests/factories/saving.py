"""Saving a version as the SDK does, through the services and the blob store."""

from collections.abc import Mapping

from registry.core.viewer import Viewer
from registry.models import Artifact, Project, Run
from registry.services import artifacts, manifests
from registry.services.contents import log_files


def save_version(
    viewer: Viewer,
    project: Project,
    files: Mapping[str, str | bytes],
    *,
    name: str = "zoo",
    type_name: str = "dataset",
    run: Run | None = None,
    aliases: tuple[str, ...] = ("latest",),
) -> Artifact:
    """Return the committed version; one that exists already when the content is known."""
    draft = prepare_version(viewer, project, files, name=name, type_name=type_name, run=run, aliases=aliases)
    return manifests.commit_artifact(viewer=viewer, artifact=draft)


def prepare_version(
    viewer: Viewer,
    project: Project,
    files: Mapping[str, str | bytes],
    *,
    name: str = "zoo",
    type_name: str = "dataset",
    run: Run | None = None,
    aliases: tuple[str, ...] = ("latest",),
) -> Artifact:
    """Return a draft that only needs its commit, or the version that has the same content."""
    new = artifacts.NewArtifact(type_name=type_name, collection_name=name, digest="", aliases=aliases)
    return log_files(viewer=viewer, project=project, run=run, new=new, files=files)
