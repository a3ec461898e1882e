"""What the pages of a version show: the frame of all its tabs, and each tab."""

import unicodedata
from dataclasses import dataclass, field
from typing import cast

from django.utils.functional import SimpleLazyObject

from registry import policies
from registry.core import names
from registry.core.errors import NotFound
from registry.core.viewer import Viewer
from registry.models import (
    Alias,
    Artifact,
    ArtifactCollection,
    CollectionMembership,
    CollectionRedirect,
)
from registry.queries.places import Place, ProjectFrame, get_project, get_registry
from registry.queries.trees import Tree, open_list, open_tree
from registry.queries.versions import LATEST, AliasMark, VersionWindow


@dataclass(frozen=True, slots=True)
class ArtifactFrame:
    """What stands around every tab of a version: where it is, its names, its neighbours in the sidebar.

    For a link `version` is the number in the portfolio; `source` is the version's own full name, empty when it comes
    from a project that the viewer may not see.
    """

    project: ProjectFrame
    tree: Tree
    versions: VersionWindow
    collection_id: int
    collection: str
    type_name: str
    is_portfolio: bool
    version: int
    artifact: Artifact = field(repr=False)
    source: str

    @property
    def place(self) -> Place:
        return self.project.place

    @property
    def label(self) -> str:
        return f"v{self.version}"

    @property
    def artifact_id(self) -> int:
        return self.artifact.pk

    @property
    def full_name(self) -> str:
        """The name by which the SDK finds this version."""
        return f"{self.place.entity}/{self.place.project}/{self.collection}:{self.label}"

    @property
    def aliases(self) -> tuple[AliasMark, ...]:
        row = self.versions.row(self.version)
        return row.aliases if row else ()

    @property
    def is_deleted(self) -> bool:
        return self.artifact.is_deleted

    @property
    def can_change(self) -> bool:
        """Whether the viewer may give aliases to the version here, and link it on."""
        return self.project.can_write and not self.is_deleted

    @property
    def metadata_count(self) -> int:
        return len(self.artifact.metadata) if isinstance(self.artifact.metadata, dict) else 0


@dataclass(frozen=True, slots=True)
class Moved:
    """An address that stands for another one: an alias for its version, an old name for the new one."""

    collection: str
    version: str
    via: str = ""


def get_artifact_frame(
    *, viewer: Viewer, entity: str, project: str, type_name: str, collection: str, version: str
) -> ArtifactFrame | Moved:
    """Return the frame of a version in a project, or where its address leads for an alias.

    Raises `NotFound` when the project, the collection or the version does not exist for the viewer.
    """
    frame = get_project(viewer=viewer, entity=entity, project=project)
    return _version_frame(viewer, frame, collection_named(frame, collection, type_name), version)


def get_registry_frame(*, viewer: Viewer, registry: str, collection: str, version: str) -> ArtifactFrame | Moved:
    """Return the frame of a linked version in a registry, or where its address leads for an alias."""
    frame = get_registry(viewer=viewer, name=registry)
    return _version_frame(viewer, frame, collection_named(frame, collection), version)


def latest_of(project: ProjectFrame, *, collection: str, type_name: str = "") -> Moved | None:
    """Return the version that a collection's address leads to; None while the collection has none.

    Raises `NotFound` for a collection that does not exist.
    """
    found = collection_named(project, collection, type_name)
    if isinstance(found, Moved):
        return found
    held = Alias.objects.filter(collection=found, name=LATEST).values_list("artifact_id", flat=True).first()
    number = _number_of(found, held)
    return None if number is None else Moved(found.name, f"v{number}")


def collection_named(project: ProjectFrame, name: str, type_name: str = "") -> ArtifactCollection | Moved:
    """Return a collection of a place that the viewer may see, or where its old name leads. Raises `NotFound`."""
    name = unicodedata.normalize("NFC", name)
    listed = ArtifactCollection.objects.present().filter(project_id=project.place.project_id)
    if type_name:
        listed = listed.filter(type_name=unicodedata.normalize("NFC", type_name))
    found = listed.filter(name=name).first()
    if found is not None:
        return found
    renamed = CollectionRedirect.objects.filter(
        project_id=project.place.project_id, name=name, collection__deleted_at=None
    ).values_list("collection__name", flat=True)
    new_name = renamed.first()
    if new_name is None:
        raise NotFound(f"There is no artifact {name!r} of this type here, or you may not see it.")
    return Moved(new_name, "")


def _number_of(collection: ArtifactCollection, artifact_id: int | None) -> int | None:
    """Return the version's number in the collection, the newest one when no version is given."""
    if collection.is_portfolio:
        links = CollectionMembership.objects.filter(collection=collection)
        if artifact_id is not None:
            links = links.filter(artifact_id=artifact_id)
        return links.order_by("-version").values_list("version", flat=True).first()
    logged = Artifact.objects.recorded().filter(collection=collection)
    if artifact_id is not None:
        logged = logged.filter(pk=artifact_id)
    return logged.order_by("-version").values_list("version", flat=True).first()


def _version_frame(
    viewer: Viewer, project: ProjectFrame, collection: ArtifactCollection | Moved, version: str
) -> ArtifactFrame | Moved:
    if isinstance(collection, Moved):
        return Moved(collection.collection, version)
    if not names.is_version(version) or len(version) > 10:
        return _follow_alias(collection, version)
    number = int(version[1:])
    artifact = artifact_numbered(collection, number)
    opener = open_list if project.place.registry else open_tree
    # fragments, such as a preview, do without what stands around them
    tree = cast("Tree", SimpleLazyObject(lambda: opener(project.place, collection=collection, number=number)))
    versions = SimpleLazyObject(
        lambda: next(branch.versions for shown in tree.types for branch in shown.collections if branch.is_open)
    )
    return ArtifactFrame(
        project=project,
        tree=tree,
        versions=cast("VersionWindow", versions),
        collection_id=collection.pk,
        collection=collection.name,
        type_name=collection.type_name,
        is_portfolio=collection.is_portfolio,
        version=number,
        artifact=artifact,
        source=_source(viewer, project.place, artifact, is_linked=collection.is_portfolio),
    )


def _source(viewer: Viewer, place: Place, artifact: Artifact, *, is_linked: bool) -> str:
    own = artifact.collection
    if not is_linked:
        return f"{place.entity}/{place.project}/{own.name}:v{artifact.version}"
    if not policies.can_view_project(viewer, own.project):
        return ""
    return f"{own.project.entity.name}/{own.project.name}/{own.name}:v{artifact.version}"


def _follow_alias(collection: ArtifactCollection, name: str) -> Moved:
    alias = Alias.objects.filter(collection=collection, name=name).first()
    number = _number_of(collection, alias.artifact_id) if alias else None
    if number is None:
        raise NotFound(f"{collection.name!r} has no version and no alias {name!r}.")
    return Moved(collection.name, f"v{number}", via=name)


def artifact_numbered(collection: ArtifactCollection, number: int) -> Artifact:
    """Return a version of a collection that the viewer may see, with its own collection. Raises `NotFound`."""
    listed = Artifact.objects.recorded().select_related("deleted_by")
    if collection.is_portfolio:
        listed = listed.select_related("collection__project__entity")
        listed = listed.filter(memberships__collection=collection, memberships__version=number)
    else:
        listed = listed.filter(collection=collection, version=number)
    try:
        artifact = listed.get()
    except Artifact.DoesNotExist:
        raise NotFound(f"{collection.name!r} has no version v{number}.") from None
    if not collection.is_portfolio:
        artifact.collection = collection
    return artifact
