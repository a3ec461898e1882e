"""Every GraphQL operation in the installed wandb package, read from its own files: three places hold them."""

import ast
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

import wandb
from graphql import FieldNode, Visitor, visit

from registry.api.graphql.documents import checked_document
from registry.api.graphql.forgiveness import UNKNOWN_FIELD
from registry.api.graphql.schema import SCHEMA
from registry.core.errors import InvalidInput

PACKAGE = Path(wandb.__file__).parent
VERSION = version("wandb")
_START = re.compile(r"\b(query|mutation)\s+([A-Za-z]\w*)\s*(\([^{]*?\))?\s*\{")
_ROOT = re.compile(r"\{\s*(?:\w+\s*:\s*)?(\w+)")


def whole_operation(text: str, start: int) -> str:
    """Return the operation that starts there, up to its closing brace, and the fragments that follow it."""
    depth, end = 0, text.index("{", start)
    while end < len(text):
        character = text[end]
        depth += {"{": 1, "}": -1}.get(character, 0)
        end += 1
        if character == "}" and depth == 0 and not re.match(r"\s*fragment\s+\w+\s+on\s", text[end : end + 200]):
            return text[start:end]
    return text[start:]


@cache
def operations() -> dict[str, list[str]]:
    """Return the documents by operation name: generated Python, other Python, the Go core."""
    found: dict[str, list[str]] = {}
    texts = [node for path in sorted(PACKAGE.rglob("*.py")) for node in _texts(path)]
    texts.append((PACKAGE / "bin" / "wandb-core").read_bytes().decode("latin-1"))
    for template in texts:
        text = template.replace("{}", "")  # filled in by str.format at run time
        for start in _START.finditer(text):
            document = whole_operation(text, start.start())
            if document not in found.setdefault(start[2], []):
                found[start[2]].append(document)
    return found


def _texts(path: Path) -> list[str]:
    source = path.read_text(encoding="utf-8")
    if "query " not in source and "mutation " not in source:
        return []
    nodes = ast.walk(ast.parse(source))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


class _UnknownFields(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_field(self, node: FieldNode, *_: object) -> None:
        if node.name.value == UNKNOWN_FIELD and node.alias is not None:
            self.names.append(node.alias.value)


def treatment(name: str) -> str:
    """Tell how the server treats an operation, in the words of docs/protocol.md; its worst variant decides."""
    found = {_treatment_of(document) for document in operations()[name]}
    return next(word for word in ("refused", "in part", "served") if word in found)


def _treatment_of(document: str) -> str:
    try:
        checked = checked_document(SCHEMA, document)
    except InvalidInput as error:
        if "does not serve it" in error.message:
            return "refused"
        if "Syntax Error" not in error.message and "Unknown fragment" not in error.message:
            raise
        # a text that is put together at run time: what it asks for at the root decides
        root = _ROOT.search(document[document.index("{") :])
        assert root is not None
        types = [SCHEMA.query_type, SCHEMA.mutation_type]
        return "served" if any(one is not None and root[1] in one.fields for one in types) else "refused"
    unknown = _UnknownFields()
    visit(checked.document, unknown)
    return "in part" if unknown.names else "served"
