"""Saves versions through the services, without HTTP."""

import json

from registry.core.digests import artifact_digest, md5_base64
from registry.core.viewer import Viewer
from registry.models import Artifact, Project, Run
from registry.services.artifacts import NewArtifact, log_artifact
from registry.services.manifests import announce_manifest, commit_artifact
from registry.services.uploads import keep_artifact_file, keep_manifest
from registry.storage.blobs import StoredBytes, blob_store


def store(content: bytes) -> StoredBytes:
    return blob_store().write([content], length=len(content))


def prepare_version(
    viewer: Viewer, project: Project, files: dict[str, bytes], *, name: str = "data", run: Run | None = None
) -> Artifact:
    """Return a draft that only needs its commit, or the version that has the same content."""
    by_content = {content: store(content) for content in set(files.values())}
    stored = {path: by_content[content] for path, content in files.items()}
    contents = {path: {"digest": md5_base64(one.md5), "size": one.size_bytes} for path, one in stored.items()}
    digest = artifact_digest((path, entry["digest"]) for path, entry in contents.items())
    new = NewArtifact(type_name="dataset", collection_name=name, digest=digest, aliases=["latest"])
    artifact = log_artifact(viewer=viewer, project=project, run=run, new=new)
    if artifact.state == Artifact.State.COMMITTED:
        return artifact
    for one in by_content.values():
        keep_artifact_file(viewer=viewer, artifact=artifact, stored=one)
    manifest = announce_manifest(viewer=viewer, artifact=artifact, kind="FULL", name="m", digest="", base=None)
    body = json.dumps({"version": 1, "contents": contents}).encode()
    keep_manifest(viewer=viewer, manifest=manifest, stored=store(body))
    return artifact


def save_version(
    viewer: Viewer, project: Project, files: dict[str, bytes], *, name: str = "data", run: Run | None = None
) -> Artifact:
    artifact = prepare_version(viewer, project, files, name=name, run=run)
    return commit_artifact(viewer=viewer, artifact=artifact)
