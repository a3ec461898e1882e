"""What the forms that change versions and collections need: the rows themselves, and what a change would do."""

from dataclasses import dataclass

from registry import policies
from registry.core import names
from registry.core.errors import Forbidden, InvalidInput, NotFound
from registry.core.viewer import Viewer
from registry.models import (
    Alias,
    Artifact,
    ArtifactCollection,
    ArtifactTag,
    CollectionMembership,
    CollectionTag,
    Edge,
    Entity,
    Project,
    ProtectedAlias,
)
from registry.queries.accounts import get_organization
from registry.queries.artifact_pages import Moved, artifact_numbered, collection_named
from registry.queries.places import ProjectFrame, get_project
from registry.queries.versions import AliasMark, aliases_of


@dataclass(frozen=True, slots=True)
class CollectionChange:
    """A collection that the viewer may change."""

    project: ProjectFrame
    collection: ArtifactCollection
    tags: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.collection.name

    @property
    def type_name(self) -> str:
        return self.collection.type_name


@dataclass(frozen=True, slots=True)
class VersionChange:
    """A version of a collection that the viewer may change; `number` and `aliases` are the collection's."""

    project: ProjectFrame
    collection: ArtifactCollection
    artifact: Artifact
    number: int
    aliases: tuple[AliasMark, ...]

    @property
    def label(self) -> str:
        return f"v{self.number}"

    @property
    def name(self) -> str:
        return self.collection.name

    @property
    def type_name(self) -> str:
        return self.collection.type_name


@dataclass(frozen=True, slots=True)
class AliasHolder:
    """Who holds an alias name in a collection now; no label when nobody does."""

    name: str
    label: str
    is_protected: bool


@dataclass(frozen=True, slots=True)
class DeletionReach:
    """What goes or loses something when a version is deleted."""

    links: tuple[str, ...]
    aliases: tuple[str, ...]
    consumer_count: int


def get_collection_change(
    *, viewer: Viewer, entity: str, project: str, type_name: str, collection: str
) -> CollectionChange:
    """Return a collection by its address. Raises `NotFound`, and `Forbidden` for who may not write."""
    frame, found = _writable(viewer, entity, project, type_name, collection)
    tags = CollectionTag.objects.filter(collection=found).order_by("name").values_list("name", flat=True)
    return CollectionChange(frame, found, tuple(tags))


def get_version_change(
    *, viewer: Viewer, entity: str, project: str, type_name: str, collection: str, version: str
) -> VersionChange:
    """Return a version by its address. Raises `NotFound`, and `Forbidden` for who may not write there."""
    frame, found = _writable(viewer, entity, project, type_name, collection)
    if not names.is_version(version) or len(version) > 10:
        raise NotFound(f"{collection!r} has no version {version!r}.")
    number = int(version[1:])
    artifact = artifact_numbered(found, number)
    if artifact.is_deleted:
        raise InvalidInput(f"{found.name}:v{number} was deleted and cannot be changed.")
    marks = aliases_of(found, [artifact.pk])
    return VersionChange(frame, found, artifact, number, marks.get(artifact.pk, ()))


def get_own_version_change(*, viewer: Viewer, **words: str) -> VersionChange:
    """Return the same to change what belongs to the version itself; a link only shows it.

    Raises `Forbidden` for who may not write where the version comes from.
    """
    change = get_version_change(viewer=viewer, **words)
    if not policies.can_write_project(viewer, change.artifact.collection.project):
        raise Forbidden("The version comes from a project that you may not change.")
    return change


def _writable(
    viewer: Viewer, entity: str, project: str, type_name: str, name: str
) -> tuple[ProjectFrame, ArtifactCollection]:
    frame = get_project(viewer=viewer, entity=entity, project=project)
    found = collection_named(frame, name, type_name)
    if not frame.can_write:
        raise Forbidden(f"You may not write to {frame.place.entity}/{frame.place.project}.")
    if isinstance(found, Moved):
        raise NotFound(f"The collection is called {found.collection!r} now.")
    return frame, ArtifactCollection.objects.select_related("project__entity").get(pk=found.pk)


def get_writable_project(*, viewer: Viewer, entity: str, project: str) -> tuple[ProjectFrame, Project]:
    """Return a project for a service. Raises `NotFound`, and `Forbidden` for who may not write."""
    frame = get_project(viewer=viewer, entity=entity, project=project)
    if not frame.can_write:
        raise Forbidden(f"You may not write to {frame.place.entity}/{frame.place.project}.")
    return frame, Project.objects.select_related("entity").get(pk=frame.place.project_id)


def get_organization_to_extend(*, viewer: Viewer, organization: str) -> Entity:
    """Return an organisation in which the viewer may make registries. Raises `NotFound` and `Forbidden`."""
    found = get_organization(viewer=viewer, name=organization)
    if not policies.can_create_project(viewer, found):
        raise Forbidden(f"You may not create a registry of {found.name}.")
    return found


def find_alias_holder(*, viewer: Viewer, change: VersionChange, name: str) -> AliasHolder:
    """Return who holds the name in the collection of a change that the viewer has."""
    alias = Alias.objects.filter(collection=change.collection, name=name).select_related("artifact").first()
    label = ""
    if alias is not None and change.collection.is_portfolio:
        links = CollectionMembership.objects.filter(collection=change.collection, artifact=alias.artifact)
        label = f"v{links.values_list('version', flat=True).first()}"
    elif alias is not None:
        label = f"v{alias.artifact.version}"
    is_protected = ProtectedAlias.objects.filter(project_id=change.collection.project_id, name=name).exists()
    return AliasHolder(name, label, is_protected)


def list_version_tags(*, viewer: Viewer, change: VersionChange) -> list[str]:
    return list(ArtifactTag.objects.filter(artifact=change.artifact).order_by("name").values_list("name", flat=True))


def list_protected_aliases(*, viewer: Viewer, entity: str, project: str) -> tuple[ProjectFrame, Project, list[str]]:
    """Return the protected names of a project, for its admins. Raises `NotFound` and `Forbidden`."""
    frame = get_project(viewer=viewer, entity=entity, project=project)
    if not frame.can_administer:
        raise Forbidden("Only the admins of this project may protect aliases.")
    row = Project.objects.select_related("entity").get(pk=frame.place.project_id)
    held = ProtectedAlias.objects.filter(project=row).order_by("name").values_list("name", flat=True)
    return frame, row, list(held)


def get_deletion_reach(*, viewer: Viewer, change: VersionChange) -> DeletionReach:
    """Return what deleting a version would take along. Places that the viewer may not see are counted as others."""
    links = CollectionMembership.objects.filter(artifact=change.artifact, collection__deleted_at=None).select_related(
        "collection__project__entity"
    )
    shown, others = [], 0
    for link in links[:100]:
        if policies.can_view_project(viewer, link.collection.project):
            shown.append(f"{link.collection.project.title}/{link.collection.name}:v{link.version}")
        else:
            others += 1
    if others:
        shown.append(f"{others} more that you may not see")
    held = Alias.objects.filter(artifact=change.artifact).order_by("name").values_list("name", flat=True)
    consumers = Edge.objects.filter(artifact=change.artifact, direction=Edge.Direction.USED).count()
    return DeletionReach(tuple(shown), tuple(sorted(set(held))), consumers)
