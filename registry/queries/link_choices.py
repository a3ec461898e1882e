"""What can be linked where: the steps of choosing a registry for a version, and a version for a collection."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from registry import policies
from registry.core import names
from registry.core.errors import NotFound
from registry.core.viewer import Viewer
from registry.models import Alias, Artifact, ArtifactCollection, CollectionMembership, Project
from registry.queries.places import Place, place_of, visible_registries
from registry.queries.versions import AliasMark, aliases_of

MOST = 200
VERSIONS = 50


@dataclass(frozen=True, slots=True)
class RegistryChoice:
    """A registry into which the viewer may link. `refusal` says why a type is not accepted there."""

    place: Place
    accepted_types: tuple[str, ...]
    refusal: str


@dataclass(frozen=True, slots=True)
class VersionChoice:
    label: str
    aliases: tuple[AliasMark, ...]


@dataclass(frozen=True, slots=True)
class SourceChoices:
    """The step that is next: `projects`, then `artifacts` of the chosen one, then `versions`. The others are empty."""

    projects: tuple[str, ...] = ()
    artifacts: tuple[str, ...] = ()
    versions: tuple[VersionChoice, ...] = ()
    older: int | None = None
    is_cut: bool = False


def list_registry_choices(*, viewer: Viewer, type_name: str) -> list[RegistryChoice]:
    """Return the registries that the viewer may write to, in order of their names."""
    rows = visible_registries(viewer).select_related("entity").order_by("-is_home", "name_key", "pk")[:MOST]
    choices = []
    for row in rows:
        if not policies.can_write_project(viewer, row):
            continue
        types = tuple(row.accepted_types or ())
        refusal = f"accepts {', '.join(types)} only" if types and type_name not in types else ""
        choices.append(RegistryChoice(place_of(row), types, refusal))
    return choices


def get_registry_to_link(*, viewer: Viewer, name: str) -> Project:
    """Return a registry that the viewer may write to, by `organisation/registry` or by its name in the address.

    Raises `NotFound` and `Forbidden`.
    """
    organization, _, title = name.rpartition("/")
    rows = visible_registries(viewer).select_related("entity").order_by("-is_home", "pk")
    if organization:
        rows = rows.filter(entity__name_key=names.key(organization))
    found = rows.filter(name_key=names.key(names.REGISTRY_PREFIX + title)).first()
    if found is None:
        raise NotFound(f"There is no registry {name}, or you may not see it.")
    policies.require_write(viewer, found)
    project: Project = found
    return project


def list_alias_moves(
    *, viewer: Viewer, registry: Project, collection: str, aliases: list[str], artifact: Artifact
) -> list[str]:
    """Return "production moves from v3" for the aliases that linking would take from other versions."""
    if not policies.can_view_project(viewer, registry):
        return []
    held = (
        Alias.objects.filter(
            collection__project=registry, collection__name=collection, collection__deleted_at=None, name__in=aliases
        )
        .exclude(artifact=artifact)
        .order_by("name")
    )
    numbers = dict(
        CollectionMembership.objects.filter(
            collection__project=registry,
            collection__name=collection,
            collection__deleted_at=None,
            artifact__in=[alias.artifact_id for alias in held],
        ).values_list("artifact_id", "version")
    )
    return [f"{alias.name} moves from v{numbers.get(alias.artifact_id)}" for alias in held]


def list_collections_to_link(*, viewer: Viewer, registry: Project, type_name: str) -> list[str]:
    """Return the collections of a registry that take this type, by name."""
    if not policies.can_view_project(viewer, registry):
        return []
    rows = ArtifactCollection.objects.present().filter(
        project=registry, kind=ArtifactCollection.Kind.PORTFOLIO, type_name=type_name
    )
    return list(rows.order_by("name").values_list("name", flat=True)[:MOST])


def get_source_choices(
    *, viewer: Viewer, type_name: str, source: str = "", artifact: str = "", q: str = "", before: int | None = None
) -> SourceChoices:
    """Return the next step of choosing a version of a type that the viewer may see, narrowed by `q`.

    Raises `NotFound` for a project or an artifact that is not there.
    """
    sequences = (
        ArtifactCollection.objects.visible_to(viewer)
        .present()
        .filter(kind=ArtifactCollection.Kind.SEQUENCE, type_name=type_name)
    )
    if not source:
        return _projects(viewer, sequences, q)
    entity, _, project = source.partition("/")
    sequences = sequences.filter(project__entity__name=entity, project__name=project)
    if not artifact:
        matching = sequences.filter(name__icontains=q).order_by("name").values_list("name", flat=True)
        artifacts = list(matching[: MOST + 1])
        if not artifacts and not q:
            raise NotFound(f"There is no artifact of type {type_name!r} in {source}, or you may not see it.")
        return SourceChoices(artifacts=tuple(artifacts[:MOST]), is_cut=len(artifacts) > MOST)
    found = sequences.filter(name=artifact).first()
    if found is None:
        raise NotFound(f"There is no artifact {artifact!r} of type {type_name!r} in {source}.")
    rows = Artifact.objects.committed().filter(collection=found)
    if before is not None:
        rows = rows.filter(version__lt=before)
    listed = list(rows.order_by("-version")[: VERSIONS + 1])
    marks = aliases_of(found, [row.pk for row in listed])
    return SourceChoices(
        versions=tuple(VersionChoice(f"v{row.version}", marks.get(row.pk, ())) for row in listed[:VERSIONS]),
        older=listed[VERSIONS - 1].version if len(listed) > VERSIONS else None,
    )


def _projects(viewer: Viewer, sequences: "object", q: str) -> SourceChoices:
    rows = (
        Project.objects.visible_to(viewer)
        .filter(Exists(sequences.filter(project=OuterRef("pk"))), name__icontains=q)  # type: ignore[attr-defined]
        .select_related("entity")
        .order_by("entity__name_key", "name_key", "pk")[: MOST + 1]
    )
    found = [f"{row.entity.name}/{row.name}" for row in rows]
    return SourceChoices(projects=tuple(found[:MOST]), is_cut=len(found) > MOST)


def get_version_to_link(*, viewer: Viewer, source: str, artifact: str, version: str) -> Artifact:
    """Return a committed version by `entity/project`, the artifact's name and `vN`. Raises `NotFound`."""
    entity, _, project = source.partition("/")
    found = (
        Artifact.objects.visible_to(viewer)
        .committed()
        .filter(
            collection__project__entity__name=entity,
            collection__project__name=project,
            collection__name=artifact,
            collection__deleted_at=None,
            version=int(version[1:]),
        )
        .select_related("collection__project__entity")
        .first()
    )
    if found is None:
        raise NotFound(f"There is no version {source}/{artifact}:{version}, or you may not see it.")
    return found
