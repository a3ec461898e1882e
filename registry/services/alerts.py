"""What runs want people to know at once. Not audited: an alert is what the run streams, not what somebody decided."""

from datetime import timedelta

from django.db import transaction

from registry import policies
from registry.core import clock
from registry.core.errors import InvalidInput
from registry.core.text import clean_text, storable_text
from registry.core.viewer import Viewer
from registry.models import Run, RunAlert

MOST_ALERTS = 1000
_MAX_TITLE = 128
_MAX_TEXT = 20_000
_MAX_WAIT = timedelta(days=365)


@transaction.atomic
def record_alert(
    *, viewer: Viewer, run: Run, title: str, text: str, level: str = "INFO", wait: timedelta = timedelta()
) -> bool:
    """Keep an alert of the run; False when one of that title is younger than `wait`, or an equal one than a second.

    The second covers a request that is sent again because its answer was lost. Raises `InvalidInput` for an alert
    without a title, of an unknown level, or above the thousandth of a run.
    """
    policies.require_write(viewer, run.project)
    title = storable_text(title).strip()[:_MAX_TITLE]
    text = clean_text("The text of an alert", storable_text(text), _MAX_TEXT)
    if not title:
        raise InvalidInput("An alert needs a title.")
    if level not in RunAlert.Level.values:
        raise InvalidInput(f"{level[:40]!r} is not the level of an alert; use {', '.join(RunAlert.Level.values)}.")
    now = clock.now()
    Run.objects.select_for_update(no_key=True).get(pk=run.pk)
    alerts = RunAlert.objects.filter(run=run)
    alike = alerts.filter(title=title, created_at__gt=now - min(max(wait, timedelta()), _MAX_WAIT))
    again = alerts.filter(title=title, text=text, level=level, created_at__gt=now - timedelta(seconds=1))
    if alike.exists() or again.exists():
        return False
    if alerts.count() >= MOST_ALERTS:
        raise InvalidInput(f"The run {run.uid!r} already has {MOST_ALERTS} alerts, which is the limit.")
    RunAlert.objects.create(run=run, title=title, text=text, level=level, created_at=now)
    return True
