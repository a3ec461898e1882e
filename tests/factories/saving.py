"""Saving a version as the SDK does, through the services and the blob store."""

import json
from collections.abc import Mapping

from registry.core.digests import artifact_digest, md5_base64
from registry.core.viewer import Viewer
from registry.models import Artifact, Project, Run
from registry.services import artifacts, manifests, uploads
from registry.storage.blobs import blob_store


def save_version(
    viewer: Viewer,
    project: Project,
    files: Mapping[str, str],
    *,
    name: str = "zoo",
    type_name: str = "dataset",
    run: Run | None = None,
    aliases: tuple[str, ...] = ("latest",),
) -> Artifact:
    """Return the committed version; one that exists already when the content is known."""
    stored = {
        path: blob_store().write([text.encode()], length=len(text.encode())) for path, text in sorted(files.items())
    }
    digests = {path: md5_base64(one.md5) for path, one in stored.items()}
    new = artifacts.NewArtifact(
        type_name=type_name, collection_name=name, digest=artifact_digest(digests.items()), aliases=aliases
    )
    draft = artifacts.log_artifact(viewer=viewer, project=project, run=run, new=new)
    for one in stored.values():
        uploads.keep_artifact_file(viewer=viewer, artifact=draft, stored=one)
    contents = {path: {"digest": digests[path], "size": one.size_bytes} for path, one in stored.items()}
    text = json.dumps({"version": 1, "contents": contents}).encode()
    manifest_file = blob_store().write([text], length=len(text))
    manifest = manifests.announce_manifest(
        viewer=viewer,
        artifact=draft,
        kind="FULL",
        name="wandb_manifest.json",
        digest=md5_base64(manifest_file.md5),
        base=None,
    )
    uploads.keep_manifest(viewer=viewer, manifest=manifest, stored=manifest_file)
    return manifests.commit_artifact(viewer=viewer, artifact=draft)
