"""Why an operation that SDKs know is not served, in words that say what to do instead."""

from collections.abc import Mapping
from typing import Any

from registry.core.errors import InvalidInput, NotFound

_SWEEPS = "Sweeps are not part of it: it records runs and does not start them."
_LAUNCH = "Launch and its queues are not part of it: it records runs and does not start them."
_AUTOMATIONS = "Automations are not part of it: nothing here acts on events."
REASONS = {
    **dict.fromkeys(("agentHeartbeat", "createAgent", "enqueueSweepRun", "upsertSweep"), _SWEEPS),
    **dict.fromkeys(
        (
            "ackRunQueueItem",
            "createDefaultResourceConfig",
            "createRunQueue",
            "deleteFromRunQueue",
            "deleteRunQueues",
            "failRunQueueItem",
            "launchAgent",
            "popFromRunQueue",
            "pushToRunQueue",
            "pushToRunQueueByName",
            "updateLaunchAgent",
            "updateRunQueueItemWarning",
            "upsertRunQueue",
        ),
        _LAUNCH,
    ),
    **dict.fromkeys(
        ("createFilterTrigger", "createGenericWebhookIntegration", "deleteTrigger", "updateFilterTrigger"),
        _AUTOMATIONS,
    ),
    **dict.fromkeys(("deleteView", "upsertView"), "Reports are not part of it."),
    "completeMultipartUploadArtifact": "It takes every file in one piece and hands out no addresses for parts.",
    "createCustomChart": "It draws lineage, not charts of metrics.",
    "createServiceAccount": (
        "Keys are shown once and only to who makes them: an administrator makes a user for the machine with "
        "`manage.py create_user NAME --new-key` and adds it to the team."
    ),
}
# queries that ask for what the schema has, and for more; null would end in an error of the SDK's own that says nothing
_OPERATIONS = {
    "GetAutomationsLegacy": _AUTOMATIONS,
    "GetRunQueueItem": _LAUNCH,
    "GetRunQueueItems": _LAUNCH,
    "GetRunQueueMetadata": _LAUNCH,
    "GetSweeps": _SWEEPS,
    "IntegrationsByEntity": _AUTOMATIONS,
}
# likewise when the thing is missing: the way to it in the answer, and what to say
_NO_PROJECT = "There is no project {entity}/{project}, or you may not see it."
_MISSING = {
    "ProjectArtifactTypes": (("project",), _NO_PROJECT),
    "ProjectArtifactCollections": (("project",), _NO_PROJECT),
    "ArtifactTypeArtifactCollections": (
        ("project", "artifactType"),
        "There are no artifacts of type {type!r} in {entity}/{project}, or you may not see them.",
    ),
    "GetTeamEntity": (
        ("entity",),
        "There is no team {name!r}, or you may not see it. Admins of an organisation make its teams.",
    ),
    "ProjectArtifacts": (
        ("project", "artifactType", "artifactCollection"),
        "There is no artifact {collection!r} of type {type!r} in {entity}/{project}, or you may not see it.",
    ),
}


def refuse_out_of_scope(operation: str) -> None:
    """Raise for a query of that name that nothing here could answer."""
    if operation in _OPERATIONS:
        raise InvalidInput(f"{operation}: this server does not serve it. {_OPERATIONS[operation]}")


def refuse_missing(operation: str, answer: Mapping[str, Any] | None, variables: Mapping[str, Any]) -> None:
    """Raise `NotFound` for an answer whose null the SDK would not understand; others are null with 200."""
    path, text = _MISSING.get(operation, ((), ""))
    found: Any = answer
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    if path and found is None:
        raise NotFound(text.format_map(_Words(variables)))


class _Words(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def why_refused(name: str) -> str:
    """Return the reason for a field of the root that the schema does not have."""
    return REASONS.get(name, "It may be of a newer SDK: docs/protocol.md lists what is served.")
