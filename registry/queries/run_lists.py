"""The table of a project's runs: filtered, sorted, paged."""

import json
from dataclasses import dataclass

from django.db.models import CharField, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce

from registry.core import clock
from registry.core.viewer import Viewer
from registry.models import Run, RunAlert, RunGroup
from registry.models.runs import SILENCE
from registry.queries.paging import Order, Page, paginate
from registry.queries.places import ProjectFrame, get_project
from registry.queries.refs import RunRow, run_row
from registry.queries.trees import Tree, open_tree

PAGE = 50
MOST_JOB_TYPES = 200
# column in the address: column in the database, never null
_SORTS = {
    "started": "created_at",
    "name": "name",
    "state": "state",
    "job_type": "group__job_type",
    "author": "author_name",
}
NEWEST = "-started"


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What to narrow the table to, and its order: a column, after `-` from the other end."""

    q: str = ""
    state: str = ""
    job_type: str = ""
    author: str = ""
    tag: str = ""
    sort: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.q or self.state or self.job_type or self.author or self.tag)


@dataclass(frozen=True, slots=True)
class RunList:
    """The table of a project's runs beside the sidebar."""

    project: ProjectFrame
    tree: Tree
    runs: Page[RunRow]
    job_types: tuple[str, ...]


def list_runs(*, viewer: Viewer, entity: str, project: str, wanted: RunFilter, after: str | None = None) -> RunList:
    """Return the runs of a project that the filter leaves, the newest first unless it says otherwise."""
    frame = get_project(viewer=viewer, entity=entity, project=project)
    job_types = (
        RunGroup.objects.filter(project_id=frame.place.project_id)
        .exclude(job_type="")
        .order_by("job_type")
        .values_list("job_type", flat=True)[:MOST_JOB_TYPES]
    )
    return RunList(frame, open_tree(frame.place), recent_runs(frame, wanted=wanted, after=after), tuple(job_types))


def recent_runs(
    project: ProjectFrame, *, wanted: RunFilter | None = None, after: str | None = None, first: int = PAGE
) -> Page[RunRow]:
    """Return runs of a project that the viewer may see, in the filter's order. One query."""
    wanted = wanted or RunFilter()
    rows = Run.objects.present().filter(project_id=project.place.project_id).select_related("group", "created_by")
    alerts = RunAlert.objects.filter(run=OuterRef("pk")).order_by().values("run").annotate(count=Count("pk"))
    named = _narrowed(rows, wanted).annotate(
        author_name=Coalesce("created_by__username", Value(""), output_field=CharField()),
        alert_count=Coalesce(Subquery(alerts.values("count")), Value(0), output_field=IntegerField()),
    )
    sort = wanted.sort or NEWEST
    order = Order(_SORTS[sort.removeprefix("-")], descending=sort.startswith("-"))
    page = paginate(named, kind="runs", order=order, first=first, after=after)
    items = [run_row(run, project.place, run.alert_count) for run in page.items]  # type: ignore[attr-defined]
    return Page(items=items, cursors=page.cursors, has_next=page.has_next)


def sort_choices() -> list[tuple[str, str]]:
    return [(f"{sign}{name}", name) for name in _SORTS for sign in ("", "-")]


def _narrowed(rows: QuerySet[Run], wanted: RunFilter) -> QuerySet[Run]:
    if wanted.q:
        rows = rows.filter(
            Q(name__icontains=wanted.q) | Q(uid__icontains=wanted.q) | Q(group__job_type__icontains=wanted.q)
        )
    if wanted.state:
        rows = rows.filter(_in_state(wanted.state))
    if wanted.job_type:
        rows = rows.filter(group__job_type=wanted.job_type)
    if wanted.author:
        rows = rows.filter(
            Q(created_by__username__icontains=wanted.author) | Q(created_by__name__icontains=wanted.author)
        )
    if wanted.tag:
        # the databases write other letters than ASCII in JSON differently
        spelled = {json.dumps(wanted.tag), json.dumps(wanted.tag, ensure_ascii=False)}
        rows = rows.annotate(tag_text=Cast("tags", TextField()))
        rows = rows.filter(Q(*(("tag_text__contains", one) for one in sorted(spelled)), _connector=Q.OR))
    return rows


def _in_state(state: str) -> Q:
    """Return the condition for the state as it is shown: a run that has gone silent counts as crashed."""
    lost = Q(state=Run.State.RUNNING, heartbeat_at__lt=clock.now() - SILENCE)
    if state == Run.State.CRASHED:
        return Q(state=state) | lost
    return Q(state=state) & ~lost if state == Run.State.RUNNING else Q(state=state)
