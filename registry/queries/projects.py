"""What home, the pages of entities and the pages of projects show."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from registry.core import names
from registry.core.errors import NotFound
from registry.core.viewer import Role, Viewer
from registry.models import Alias, ArtifactCollection, CollectionMembership, CollectionTag, Entity, Project, Run
from registry.queries.accounts import find_entity
from registry.queries.paging import Order, Page, paginate
from registry.queries.places import Place, ProjectFrame, counted, counted_number, get_project, place_of
from registry.queries.trees import Tree, open_tree, with_version_count
from registry.queries.versions import LATEST

PAGE = 50


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project in a list. `active_at` is when its newest run started, or when it was made."""

    place: Place
    description: str
    visibility: str
    run_count: int
    collection_count: int
    active_at: datetime


@dataclass(frozen=True, slots=True)
class EntityPage:
    """An owner and the projects of it that the viewer sees. `has_log`: the viewer may read what was changed in it."""

    name: str
    kind: str
    projects: Page[ProjectRow]
    has_members: bool
    has_log: bool


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """A collection in a table. `latest` is the version that holds this alias, as `v3`; empty when none does."""

    name: str
    type_name: str
    version_count: int
    latest: str
    description: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """A page of a project beside its sidebar, with the rows that the page is about."""

    project: ProjectFrame
    tree: Tree
    collections: Page[CollectionRow] | None = None


def list_projects(*, viewer: Viewer, q: str = "", after: str | None = None) -> Page[ProjectRow]:
    """Return the projects that the viewer sees, those with the newest run first. Registries are elsewhere."""
    return _project_rows(Project.objects.visible_to(viewer), q, after)


def get_entity_page(*, viewer: Viewer, name: str, q: str = "", after: str | None = None) -> EntityPage:
    """Return an owner's page. Known are the viewer's own owners, and those of a project that the viewer sees."""
    shown = Project.objects.visible_to(viewer).filter(entity__name_key=names.key(name))
    known = entity = find_entity(viewer=viewer, name=name)
    if entity is None:
        entity = Entity.objects.filter(name_key=names.key(name), projects__in=shown).first()
    if entity is None:
        raise NotFound(f"There is no user, team or organisation {name!r}, or you may not see it.")
    has_members = known is not None and known.kind != Entity.Kind.USER
    may_read_log = viewer.is_all_seeing or viewer.entity_roles.get(entity.pk) is Role.ADMIN
    return EntityPage(
        name=entity.name,
        kind=entity.kind,
        projects=_project_rows(shown, q, after),
        has_members=has_members,
        has_log=may_read_log and entity.kind == Entity.Kind.ORGANISATION,
    )


def _project_rows(projects: QuerySet[Project], q: str, after: str | None) -> Page[ProjectRow]:
    registries = Q(entity__kind=Entity.Kind.ORGANISATION, name_key__startswith=names.REGISTRY_PREFIX)
    newest = Run.objects.present().filter(project=OuterRef("pk")).order_by("-created_at").values("created_at")[:1]
    rows = counted(projects.exclude(registries)).annotate(active_at=Coalesce(Subquery(newest), F("created_at")))
    if q:
        rows = rows.filter(Q(name_key__contains=names.key(q)) | Q(entity__name_key__contains=names.key(q)))
    page = paginate(rows, kind="projects", order=Order("active_at", descending=True), first=PAGE, after=after)
    return Page(items=[_project_row(project) for project in page.items], cursors=page.cursors, has_next=page.has_next)


def _project_row(project: Project) -> ProjectRow:
    return ProjectRow(
        place=place_of(project),
        description=project.description,
        visibility=project.visibility,
        run_count=counted_number(project.run_count),  # type: ignore[attr-defined]
        collection_count=counted_number(project.collection_count),  # type: ignore[attr-defined]
        active_at=project.active_at,  # type: ignore[attr-defined]
    )


def get_project_page(*, viewer: Viewer, entity: str, project: str) -> ProjectPage:
    frame = get_project(viewer=viewer, entity=entity, project=project)
    return ProjectPage(project=frame, tree=open_tree(frame.place))


def get_artifact_list(
    *, viewer: Viewer, entity: str, project: str, type_name: str = "", q: str = "", after: str | None = None
) -> ProjectPage:
    """Return the project's collections in order of their names, those of one type when it is given.

    Raises `NotFound` for a type of which the project has nothing.
    """
    frame = get_project(viewer=viewer, entity=entity, project=project)
    rows = ArtifactCollection.objects.present().filter(project_id=frame.place.project_id)
    if type_name:
        rows = rows.filter(type_name=type_name)
    page = collection_rows(rows, q, after)
    if type_name and not page.items and not q and not after:
        raise NotFound(f"There is no artifact of type {type_name!r} in {entity}/{project}.")
    return ProjectPage(project=frame, tree=open_tree(frame.place, type_name=type_name, q=q), collections=page)


def collection_rows(rows: QuerySet[ArtifactCollection], q: str, after: str | None) -> Page[CollectionRow]:
    """Return a page of collections of a place that the viewer may see."""
    if q:
        alias = Alias.objects.filter(collection=OuterRef("pk"), name__icontains=q)
        tag = CollectionTag.objects.filter(collection=OuterRef("pk"), name__icontains=q)
        rows = rows.filter(Q(name__icontains=q) | Q(type_name__icontains=q) | Exists(alias) | Exists(tag))
    holders = Alias.objects.filter(collection=OuterRef("pk"), name=LATEST)
    link = CollectionMembership.objects.filter(collection=OuterRef("collection"), artifact=OuterRef("artifact"))
    number = Coalesce(Subquery(link.values("version")[:1]), F("artifact__version"))
    rows = with_version_count(rows).annotate(latest=Subquery(holders.annotate(number=number).values("number")[:1]))
    page = paginate(rows, kind="collections", order=Order("name"), first=PAGE, after=after)
    items = [
        CollectionRow(
            name=row.name,
            type_name=row.type_name,
            version_count=row.version_count,  # type: ignore[attr-defined]
            latest="" if row.latest is None else f"v{row.latest}",  # type: ignore[attr-defined]
            description=row.description[:300],
            updated_at=row.updated_at,
        )
        for row in page.items
    ]
    return Page(items=items, cursors=page.cursors, has_next=page.has_next)
