"""Loads a graph of runs and versions from a file."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.core.errors import LineageError
from registry.core.viewer import Viewer
from registry.management.arguments import as_output
from registry.queries.accounts import get_entity
from registry.services.graph_import import load_graph, parse_graph
from registry.services.projects import ensure_project


class Command(BaseCommand):
    help = "Load a graph of runs and versions from a JSON file into a project; loading it again adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", help='{"nodes": [{id, kind, name, type}], "edges": [{source, target}]}'
        )
        parser.add_argument("--project", required=True, metavar="ENTITY/PROJECT", help="made when it is missing")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        viewer = Viewer.system()
        entity_name, slash, project_name = options["project"].partition("/")
        if not slash:
            raise CommandError("--project: expected ENTITY/PROJECT")
        try:
            graph = parse_graph(_read(options["file"]))
            entity = get_entity(viewer=viewer, name=entity_name)
            project = ensure_project(viewer=viewer, entity=entity, name=project_name)
            answer = load_graph(viewer=viewer, project=project, graph=graph)
        except LineageError as error:
            raise CommandError(error.message) from error
        self.stdout.write(as_output(answer, as_json=options["as_json"]))


def _read(name: str) -> object:
    try:
        return json.loads(Path(name).read_bytes())
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{name} is not JSON: {error}") from error
