"""The one way into the audit log."""

from typing import Any

from django.db import models, transaction

from registry.core.viewer import Viewer
from registry.models import Action, Artifact, ArtifactCollection, AuditEvent, Project


def record(
    *,
    viewer: Viewer,
    action: Action,
    on: models.Model,
    label: str = "",
    project: Project | None = None,
    collection: ArtifactCollection | None = None,
    artifact: Artifact | None = None,
    version: int | None = None,
    organization_id: int | None = None,
    alias: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEvent:
    """Write one event, in the transaction of the change it tells of.

    Raises `TransactionManagementError` outside a transaction: an event must not outlive a change that failed.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("audit.record must run inside the service's transaction.")
    if project is None and collection is not None:
        project = collection.project
    if organization_id is None and project is not None:
        organization_id = project.entity.home_organization_id
    return AuditEvent.objects.create(
        action=action,
        organization_id=organization_id,
        project_id=project.pk if project else None,
        collection_id=collection.pk if collection else None,
        artifact_id=artifact.pk if artifact else None,
        version=version,
        object_type=on._meta.model_name or "",
        object_id=on.pk,
        object_label=(label or str(on))[:512],
        alias=alias,
        actor_id=viewer.user_id,
        actor_label=viewer.username,
        actor_kind=viewer.origin.kind,
        key_prefix=viewer.origin.key_prefix,
        before=before,
        after=after,
        request_id=viewer.origin.request_id,
        ip=viewer.origin.ip,
        user_agent=viewer.origin.user_agent[:255],
    )
