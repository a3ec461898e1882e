"""Seals, verifies and exports the audit log."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.core.viewer import Viewer
from registry.queries.audit_export import list_events
from registry.services import audit_chain


class Command(BaseCommand):
    help = "Seal the audit log's hash chains, verify them, print their heads, or export the log as JSON lines."

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
        steps.add_parser("seal", help="extend every chain by the newest events")
        steps.add_parser("head", help="print the heads; keep them elsewhere to detect a rewritten log")
        steps.add_parser("verify", help="compare every event with its chain; exit code 1 when one was changed")
        steps.add_parser("export", help="print every event as a line of JSON, oldest first")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['step']}")()

    def _seal(self) -> None:
        for head in audit_chain.seal_all():
            self.stdout.write(f"chain {head.chain}: {head.position} events, head {head.hash or '-'}")

    _head = _seal

    def _verify(self) -> None:
        verdicts = [audit_chain.verify_chain(chain=head.chain) for head in audit_chain.seal_all()]
        for verdict in verdicts:
            state = "ok" if verdict.broken_at is None else f"BROKEN at {verdict.broken_at}: {verdict.reason}"
            self.stdout.write(f"chain {verdict.chain}: {verdict.checked} events, {state}")
        if any(verdict.broken_at is not None for verdict in verdicts):
            raise CommandError("The audit log was changed.")

    def _export(self) -> None:
        for event in list_events(viewer=Viewer.system()):
            self.stdout.write(json.dumps(event, ensure_ascii=False, sort_keys=True))
