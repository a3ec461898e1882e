"""Going back in a run's history, and starting a new run from a moment of another one."""

from collections.abc import Iterator

from django.db import transaction

from registry import policies
from registry.core.errors import InvalidInput, NotFound
from registry.core.text import json_object, storable_value
from registry.core.viewer import Viewer
from registry.models import Action, Run, RunStreamLine
from registry.services import audit

_BATCH = 1000
_HISTORY = RunStreamLine.Stream.HISTORY


@transaction.atomic
def rewind_run(*, viewer: Viewer, run: Run, step: float) -> Run:
    """Forget what the run logged after that step, so that it can go on from there; again changes nothing.

    Its console and system lines go whole: the SDK writes them anew from the first. Inputs, outputs, files and alerts
    stay, because they were used and made.
    """
    policies.require_write(viewer, run.project)
    if not 0 <= step < 2**62:
        raise InvalidInput("A run is rewound to a step from 0 on.")
    Run.objects.select_for_update(no_key=True).get(pk=run.pk)
    lines = RunStreamLine.objects.filter(run=run)
    last, summary = -1, "{}"
    for number, content in _rows_until(run, step):
        last, summary = number, content
    cut, _ = lines.filter(stream=_HISTORY, number__gt=last).delete()
    if not cut:
        return run
    lines.exclude(stream=_HISTORY).delete()
    run.summary = storable_value(json_object(summary))
    run.save(update_fields=["summary"])
    audit.record(
        viewer=viewer,
        action=Action.RUN_REWOUND,
        on=run,
        project=run.project,
        after={"uid": run.uid, "step": step, "rows_removed": cut},
    )
    return run


def inherit_history(*, run: Run) -> None:
    """Give a new run that was forked what its origin had logged up to that step.

    Raises `NotFound` when the project has no such run: a typing error would otherwise go unseen.
    """
    point = run.branch_point
    if point is None or point.run_uid == run.uid:
        return
    origin = Run.objects.present().filter(project_id=run.project_id, uid=point.run_uid).first()
    if origin is None:
        raise NotFound(f"The run {point.run_uid!r} to fork from does not exist in this project.")
    rows = (
        RunStreamLine(run=run, stream=_HISTORY, number=number, content=content)
        for number, content in _rows_until(origin, point.step)
    )
    RunStreamLine.objects.bulk_create(rows, batch_size=_BATCH)


def _rows_until(run: Run, step: float) -> Iterator[tuple[int, str]]:
    """Yield number and content of the metric rows before the first one of a later step."""
    rows = RunStreamLine.objects.filter(run=run, stream=_HISTORY).order_by("number")
    for number, content in rows.values_list("number", "content").iterator(chunk_size=2000):
        at = json_object(content).get("_step")
        if isinstance(at, int | float) and at > step:
            return
        yield number, content
