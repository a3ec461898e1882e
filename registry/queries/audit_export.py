"""The whole audit log, for exports."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from registry.core.viewer import Role, Viewer
from registry.models import AuditEvent

_FIELDS = [field.attname for field in AuditEvent._meta.concrete_fields]


def list_events(*, viewer: Viewer) -> Iterator[dict[str, Any]]:
    """Yield events as JSON-ready mappings, oldest first: all, or those of organisations that the viewer administers."""
    administered = [
        organization for organization in viewer.organization_ids if viewer.entity_roles.get(organization) is Role.ADMIN
    ]
    allowed = Q() if viewer.is_all_seeing else Q(organization_id__in=administered)
    for event in AuditEvent.objects.filter(allowed).order_by("id").values(*_FIELDS).iterator(chunk_size=1000):
        yield {**event, "at": event["at"].isoformat()}
