"""Why an operation that SDKs know is not served, in words that say what to do instead."""

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


def why_refused(name: str) -> str:
    """Return the reason for a field of the root that the schema does not have."""
    return REASONS.get(name, "It may be of a newer SDK: docs/protocol.md lists what is served.")
