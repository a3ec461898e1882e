"""What a run streams while it goes: metric rows, console lines, summary, signs of life, its end."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from registry import policies
from registry.core import clock
from registry.core.errors import InvalidInput
from registry.core.text import storable_text, storable_value
from registry.core.viewer import Viewer
from registry.models import Run, RunStreamLine

STREAMS = {
    "wandb-history.jsonl": RunStreamLine.Stream.HISTORY,
    "wandb-events.jsonl": RunStreamLine.Stream.EVENTS,
    "output.log": RunStreamLine.Stream.OUTPUT,
}
SUMMARY = "wandb-summary.json"
_MAX_LINE_NUMBER = 2**31 - 1
_BATCH = 1000
# what the SDK sends when the user interrupts a script
_INTERRUPTED = 255


@dataclass(frozen=True, slots=True)
class StreamPart:
    """Some lines of one file, to be written from line `offset` on, whatever stands there."""

    name: str
    offset: int
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class StreamUpdate:
    """One message of the stream; an empty one is a sign of life."""

    parts: Sequence[StreamPart] = field(default_factory=tuple)
    is_complete: bool = False
    exit_code: int | None = None


def read_update(body: Any) -> StreamUpdate:
    """Return what the SDK's JSON message says; raises `InvalidInput` for any other form."""
    if not isinstance(body, Mapping):
        raise InvalidInput("file_stream takes a JSON object")
    files = {} if body.get("files") is None else body["files"]
    if not isinstance(files, Mapping):
        raise InvalidInput("files must be a JSON object")
    exit_code = body.get("exitcode")
    if exit_code is not None and (isinstance(exit_code, bool) or not isinstance(exit_code, int)):
        raise InvalidInput("exitcode must be a whole number")
    return StreamUpdate(
        parts=[_read_part(str(name), part) for name, part in files.items()],
        is_complete=body.get("complete") is True,
        exit_code=exit_code,
    )


def _read_part(name: str, part: Any) -> StreamPart:
    offset = part.get("offset", 0) if isinstance(part, Mapping) else None
    lines = part.get("content", []) if isinstance(part, Mapping) else None
    if isinstance(offset, bool) or not isinstance(offset, int) or not isinstance(lines, list):
        raise InvalidInput("a file of the stream needs a whole-number offset and a list of lines")
    if offset < 0 or offset + len(lines) > _MAX_LINE_NUMBER or not all(isinstance(line, str) for line in lines):
        raise InvalidInput("a file of the stream has lines of text, numbered from 0")
    return StreamPart(name=name, offset=offset, lines=lines)


@transaction.atomic
def record_stream(*, viewer: Viewer, run: Run, update: StreamUpdate) -> Run:
    """Write the lines and note the sign of life. Sending the same again changes nothing.

    Data that arrives after the end is kept and does not bring the run back.
    """
    policies.require_write(viewer, run.project)
    rows = [
        RunStreamLine(run_id=run.pk, stream=STREAMS[part.name], number=part.offset + index, content=storable_text(line))
        for part in update.parts
        if part.name in STREAMS
        for index, line in enumerate(part.lines)
    ]
    RunStreamLine.objects.bulk_create(
        _last_of_each(rows),
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["run", "stream", "number"],
        update_fields=["content"],
    )
    changed: dict[str, Any] = {"heartbeat_at": clock.now()}
    for part in update.parts:
        if part.name == SUMMARY and part.lines:
            changed["summary"] = _summary(part.lines[-1])
    if update.is_complete and run.state == Run.State.RUNNING:
        changed |= {
            "state": _end_state(update.exit_code),
            "exit_code": _bounded(update.exit_code),
            "finished_at": clock.now(),
        }
    for name, value in changed.items():
        setattr(run, name, value)
    run.save(update_fields=list(changed))
    return run


def _last_of_each(rows: list[RunStreamLine]) -> list[RunStreamLine]:
    # PostgreSQL refuses to touch one row twice in a statement
    return list({(row.stream, row.number): row for row in rows}.values())


def _end_state(exit_code: int | None) -> Run.State:
    if not exit_code:
        return Run.State.FINISHED
    return Run.State.KILLED if exit_code == _INTERRUPTED else Run.State.FAILED


def _bounded(exit_code: int | None) -> int | None:
    return None if exit_code is None else max(-(2**31), min(exit_code, 2**31 - 1))


def _summary(line: str) -> dict[str, Any]:
    try:
        parsed = json.loads(line, parse_constant=str)
    except (ValueError, RecursionError):
        raise InvalidInput("the summary is not valid JSON") from None
    if not isinstance(parsed, dict):
        raise InvalidInput("the summary must be a JSON object")
    cleaned = storable_value(parsed)
    return cleaned if isinstance(cleaned, dict) else {}
