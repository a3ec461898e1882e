"""Logging a version whose files are at hand on the server, the way the SDK does it from afar."""

import json
from collections.abc import Mapping
from dataclasses import replace

from registry.core.digests import artifact_digest, md5_base64
from registry.core.viewer import Viewer
from registry.models import Artifact, Project, Run
from registry.services import artifacts, manifests, uploads
from registry.storage.blobs import StoredBytes, blob_store


def log_files(
    *, viewer: Viewer, project: Project, run: Run | None, new: artifacts.NewArtifact, files: Mapping[str, str | bytes]
) -> Artifact:
    """Return a draft that only needs its commit, or the version that has the same content.

    The digest of `new` is worked out from the files.
    """
    by_content = {content: _store(content) for content in set(files.values())}
    stored = {path: by_content[content] for path, content in files.items()}
    digests = {path: md5_base64(one.md5) for path, one in stored.items()}
    new = replace(new, digest=artifact_digest(digests.items()))
    artifact = artifacts.log_artifact(viewer=viewer, project=project, run=run, new=new)
    if artifact.state == Artifact.State.COMMITTED:
        return artifact
    for one in by_content.values():
        uploads.keep_artifact_file(viewer=viewer, artifact=artifact, stored=one)
    contents = {path: {"digest": digests[path], "size": one.size_bytes} for path, one in stored.items()}
    manifest_file = _store(json.dumps({"version": 1, "contents": contents}))
    manifest = manifests.announce_manifest(
        viewer=viewer,
        artifact=artifact,
        kind="FULL",
        name="wandb_manifest.json",
        digest=md5_base64(manifest_file.md5),
        base=None,
    )
    uploads.keep_manifest(viewer=viewer, manifest=manifest, stored=manifest_file)
    return artifact


def _store(content: str | bytes) -> StoredBytes:
    raw = content.encode() if isinstance(content, str) else content
    return blob_store().write([raw], length=len(raw))
