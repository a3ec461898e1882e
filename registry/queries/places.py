"""Where a page stands: a project or a registry, with what its sidebar counts."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Subquery

from registry import policies
from registry.core import names
from registry.core.amounts import AtLeast
from registry.core.errors import NotFound
from registry.core.viewer import Role, Viewer
from registry.models import ArtifactCollection, Entity, Project, Run

# every page shows these counts, so they cost the same whatever the project holds
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """A project, by the words of its address. `registry` is the registry's name, empty for an ordinary project."""

    project_id: int
    entity: str
    project: str
    registry: str = ""

    @property
    def title(self) -> str:
        return self.registry or self.project


@dataclass(frozen=True, slots=True)
class ProjectFrame:
    """What every page of a project or a registry shows of it, and the viewer's role there; None for a guest."""

    place: Place
    description: str
    visibility: str
    accepted_types: tuple[str, ...]
    run_count: int
    collection_count: int
    role: Role | None = None

    @property
    def can_write(self) -> bool:
        return self.role is not None and self.role.includes(Role.MEMBER)

    @property
    def can_administer(self) -> bool:
        return self.role is Role.ADMIN


def place_of(project: Project) -> Place:
    """Return the place of a project whose entity is loaded."""
    is_registry = project.entity.kind == Entity.Kind.ORGANISATION and project.is_registry
    return Place(project.pk, project.entity.name, project.name, project.title if is_registry else "")


def get_project(*, viewer: Viewer, entity: str, project: str) -> ProjectFrame:
    """Return the project of that name, upper and lower case alike, in one query."""
    found = (
        counted(Project.objects.visible_to(viewer))
        .filter(entity__name_key=names.key(entity), name_key=names.key(project))
        .first()
    )
    if found is None:
        raise NotFound(f"There is no project {entity}/{project}, or you may not see it.")
    return _frame(viewer, found)


def get_registry(*, viewer: Viewer, name: str) -> ProjectFrame:
    """Return the registry of that name among the viewer's organisations, the home organisation first."""
    found = (
        counted(visible_registries(viewer))
        .filter(name_key=names.key(names.REGISTRY_PREFIX + name))
        .order_by("-is_home", "pk")
        .first()
    )
    if found is None:
        raise NotFound(f"There is no registry {name}, or you may not see it.")
    return _frame(viewer, found)


def visible_registries(viewer: Viewer) -> QuerySet[Any]:
    """Return the registries that the viewer may see, each with `is_home`."""
    home = Entity.objects.filter(user_id=viewer.user_id or 0, organization_id=OuterRef("entity_id"))
    return Project.objects.visible_to(viewer).registries().annotate(is_home=Exists(home))


def counted(projects: QuerySet[Any]) -> QuerySet[Any]:
    """Load the entity, and add `run_count` and `collection_count`, to be read through `counted_number`."""
    rows: QuerySet[Any] = projects.select_related("entity").annotate(
        run_count=_count(Run.objects.present().filter(project=OuterRef("pk"))),
        collection_count=_count(ArtifactCollection.objects.present().filter(project=OuterRef("pk"))),
    )
    return rows


class _Counted(Subquery):
    """How many rows a query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"


def _count(rows: QuerySet[Run] | QuerySet[ArtifactCollection]) -> _Counted:
    return _Counted(rows.order_by().values("pk")[: MOST_COUNTED + 1], output_field=IntegerField())


def counted_number(number: int) -> int:
    """Return a count of `counted`, which goes no further than 10,000."""
    return number if number <= MOST_COUNTED else AtLeast(MOST_COUNTED)


def _frame(viewer: Viewer, project: Any) -> ProjectFrame:
    return ProjectFrame(
        place=place_of(project),
        description=project.description,
        visibility=project.visibility,
        accepted_types=tuple(project.accepted_types or ()),
        run_count=counted_number(project.run_count),
        collection_count=counted_number(project.collection_count),
        role=policies.project_role(viewer, project),
    )
