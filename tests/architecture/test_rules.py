"""The rules of docs/architecture.md that a machine can check."""

import ast
import hashlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("lineage_site", "registry", "templates", "static", "tests", "benchmarks", "examples")
LIMITS = {".py": 300, ".html": 150, ".js": 200, ".css": 200}
LONGEST_FUNCTION = 50
# file: why it may be longer
LONG_FILES = {
    "registry/migrations/0001_initial.py": "generated",
    "registry/admin.py": "one registration per model; splitting it would hide which are missing",
}


def _files(*suffixes: str) -> list[Path]:
    found = [
        path
        for folder in SOURCES
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes and "vendor" not in path.parts and "__pycache__" not in path.parts
    ]
    return sorted(found)


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_longer_than_a_reader_likes() -> None:
    too_long = {
        _named(path): lines
        for path in _files(*LIMITS)
        if (lines := len(path.read_text().splitlines())) > LIMITS[path.suffix] and _named(path) not in LONG_FILES
    }
    assert too_long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    too_long = {
        f"{_named(path)}:{node.name}": length
        for path in _files(".py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert too_long == {}


def test_the_list_of_long_files_names_only_long_files() -> None:
    assert [
        name for name in LONG_FILES if len((ROOT / name).read_text().splitlines()) <= LIMITS[Path(name).suffix]
    ] == []


def test_the_layers_hold() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@pytest.mark.django_db
def test_the_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_module_says_what_lives_in_it() -> None:
    silent = [
        _named(path)
        for path in _files(".py")
        if path.parts[len(ROOT.parts)] in {"registry", "lineage_site"}
        and path.read_text().strip()
        and ast.get_docstring(ast.parse(path.read_text())) is None
        and "0001_initial" not in path.name
    ]
    assert silent == []


def test_every_command_is_documented() -> None:
    folder = ROOT / "registry" / "management" / "commands"
    text = (ROOT / "docs" / "commands.md").read_text()
    assert [path.stem for path in folder.glob("[a-z]*.py") if f"| `{path.stem}" not in text] == []


INLINE = re.compile(r"""<script(?![^>]*(\bsrc=|\btype="(importmap|application/json)"))|<style|\sstyle=|\son[a-z]+=""")


def test_no_template_has_an_inline_script_a_style_or_a_handler() -> None:
    found = {
        f"{_named(path)}:{number}": line.strip()[:80]
        for path in _files(".html")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if INLINE.search(line)
    }
    assert found == {}


def test_vendored_files_are_what_their_packages_hold() -> None:
    vendor = ROOT / "static" / "vendor"
    provenance = tomllib.loads((vendor / "PROVENANCE.toml").read_text())
    named = {entry["file"]: entry for entry in provenance["files"]}
    present = {
        str(path.relative_to(vendor))
        for path in vendor.rglob("*")
        if path.is_file() and path.name != "PROVENANCE.toml" and not path.name.startswith("LICENSE")
    }
    assert present == set(named)
    for name, entry in named.items():
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == entry["sha256"], name
        assert entry["package"]
        assert entry["version"]
        assert entry["licence"]


# query: why it takes no viewer
MAKES_THE_VIEWER = {"get_viewer", "find_usable_key"}


def test_every_query_takes_the_viewer_first() -> None:
    without = {
        node.name
        for path in (ROOT / "registry" / "queries").glob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith(("get_", "find_", "list_", "count_"))
        if node.args.args or [argument.arg for argument in node.args.kwonlyargs][:1] != ["viewer"]
    }
    assert without == MAKES_THE_VIEWER


# service: why it records no audit event
UNAUDITED = {
    "set_home_organization": "a default for names, not a right",
    "seal_chain": "keeps the log itself",
    "announce_manifest": "a draft, which nobody sees",
    "update_manifest": "a draft, which nobody sees",
    "keep_artifact_file": "a draft, which nobody sees",
    "keep_manifest": "a draft, which nobody sees",
    "change_run": "telemetry (ADR 3)",
    "record_stream": "telemetry (ADR 3)",
    "ensure_run_files": "telemetry (ADR 3)",
    "keep_run_file": "telemetry (ADR 3)",
    "delete_run_files": "telemetry (ADR 3)",
    "request_stop": "telemetry (ADR 3)",
    "mark_failed": "telemetry (ADR 3)",
    "record_alert": "telemetry (ADR 3)",
    "record_input": "the edge is the record (ADR 3)",
    "record_output": "the edge is the record (ADR 3)",
    "keep_long_view": "an address, which says nothing that its reader does not know",
}


def test_every_atomic_service_records_an_event_or_says_why_not() -> None:
    functions = {
        node.name: node
        for path in (ROOT / "registry" / "services").glob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
    }
    calls = {name: set(re.findall(r"(audit\.record|\w+)\(", ast.unparse(node))) for name, node in functions.items()}
    recording = {name for name, called in calls.items() if "audit.record" in called}
    while more := {name for name in calls if name not in recording and calls[name] & recording}:
        recording |= more
    silent = [
        name
        for name, node in functions.items()
        if any("atomic" in ast.unparse(decorator) for decorator in node.decorator_list) and name not in recording
    ]
    assert sorted(silent) == sorted(UNAUDITED)
