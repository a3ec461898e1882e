"""The tables. Rules that span rows live in services; reads that span tables live in queries."""

from registry.models.accounts import ApiKey, Entity, EntityMember, Invitation, User
from registry.models.artifacts import (
    Artifact,
    ArtifactReference,
    ArtifactTag,
    ClientId,
)
from registry.models.audit import Action, AuditChain, AuditEvent, AuditSeal
from registry.models.collections import (
    Alias,
    ArtifactCollection,
    CollectionMembership,
    CollectionRedirect,
    CollectionTag,
    ProtectedAlias,
)
from registry.models.files import ArtifactManifest, Blob, ManifestEntry
from registry.models.lineage import Edge, UsePath
from registry.models.projects import Project, ProjectMember
from registry.models.runs import Run, RunAlert, RunFile, RunGroup, RunStreamLine
from registry.models.views import SavedView

__all__ = [
    "Action",
    "Alias",
    "ApiKey",
    "Artifact",
    "ArtifactCollection",
    "ArtifactManifest",
    "ArtifactReference",
    "ArtifactTag",
    "AuditChain",
    "AuditEvent",
    "AuditSeal",
    "Blob",
    "ClientId",
    "CollectionMembership",
    "CollectionRedirect",
    "CollectionTag",
    "Edge",
    "Entity",
    "EntityMember",
    "Invitation",
    "ManifestEntry",
    "Project",
    "ProjectMember",
    "ProtectedAlias",
    "Run",
    "RunAlert",
    "RunFile",
    "RunGroup",
    "RunStreamLine",
    "SavedView",
    "UsePath",
    "User",
]
