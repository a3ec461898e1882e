"""From the text of a request to a checked document: limits, forgiveness towards newer SDKs, validation.

SDKs differ by version. A nested field, an argument or an input field that this schema does not know must not fail the
document: the field becomes null, the argument is dropped. An unknown operation is refused in words that the SDK knows.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    Visitor,
    parse,
    specified_rules,
    validate,
    visit,
)
from graphql.validation import (
    NoUnusedFragmentsRule,
    NoUnusedVariablesRule,
    VariablesInAllowedPositionRule,
)

from registry.api.graphql.forgiveness import forgive
from registry.api.graphql.refusals import refuse_out_of_scope, why_refused
from registry.core.errors import InvalidInput
from registry.core.text import clean_text

MAX_SOURCE = 65_536
MAX_TOKENS = 1000
MAX_ROOT_FIELDS = 20
MAX_DEPTH = 20
MAX_FIELDS = 2000
_MAX_ERRORS = 20
# what forgiveness leaves behind, and strictness about nullability that older SDKs do not meet
_DROPPED = {NoUnusedFragmentsRule, NoUnusedVariablesRule, VariablesInAllowedPositionRule}
RULES = [rule for rule in specified_rules if rule not in _DROPPED]


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A document that may be executed, and the one operation in it."""

    document: DocumentNode
    operation: OperationDefinitionNode

    @property
    def name(self) -> str:
        return self.operation.name.value if self.operation.name else ""


def checked_document(schema: GraphQLSchema, source: str) -> CheckedDocument:
    """Return the executable document; raises `InvalidInput` with the reasons."""
    if len(source) > MAX_SOURCE:
        raise InvalidInput(f"The query is longer than {MAX_SOURCE} characters.")
    return _checked(schema, source)


@lru_cache(maxsize=128)
def _checked(schema: GraphQLSchema, source: str) -> CheckedDocument:
    try:
        document = parse(source, max_tokens=MAX_TOKENS, no_location=False)
    except GraphQLError as error:
        raise InvalidInput(error.message) from None
    except RecursionError:
        raise InvalidInput("The query is nested too deeply.") from None
    operation = _only_operation(document)
    refuse_out_of_scope(operation.name.value if operation.name else "")
    _refuse_costly(document, operation)
    visit(document, _TextCheck())
    _refuse_unknown(schema, operation)
    document = forgive(schema, document)
    errors = validate(schema, document, RULES, max_errors=_MAX_ERRORS)
    if errors:
        raise InvalidInput("; ".join(error.message for error in errors[:_MAX_ERRORS]))
    return CheckedDocument(document, _only_operation(document))


def _only_operation(document: DocumentNode) -> OperationDefinitionNode:
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if len(operations) != 1:
        raise InvalidInput("A request has exactly one operation.")
    if operations[0].operation is OperationType.SUBSCRIPTION:
        raise InvalidInput("Subscriptions are not served.")
    return operations[0]


def _refuse_unknown(schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
    """Refuse what is not served in words that a user of the SDK reads, before anything else is found wrong with it."""
    is_query = operation.operation is OperationType.QUERY
    root = schema.query_type if is_query else schema.mutation_type
    if root is None:
        return
    for node in operation.selection_set.selections:
        if isinstance(node, FieldNode) and node.name.value not in root.fields and node.name.value[:2] != "__":
            # the first sentence is GraphQL's: some SDKs look for it
            raise InvalidInput(
                f"Cannot query field {node.name.value!r} on type {root.name!r}. "
                f"This server does not serve it. {why_refused(node.name.value)}"
            )


class _TextCheck(Visitor):
    """Refuses text in the query itself that no database takes."""

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        clean_text("a text in the query", node.value)


def _refuse_costly(document: DocumentNode, operation: OperationDefinitionNode) -> None:
    """Refuse what is deep or wide once its fragments are spread; each fragment is measured once."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    measured: dict[str, tuple[int, int]] = {}
    fields, depth = _measure(operation.selection_set, fragments, measured, frozenset())
    if depth > MAX_DEPTH:
        raise InvalidInput("The query is nested too deeply.")
    if fields > MAX_FIELDS or len(operation.selection_set.selections) > MAX_ROOT_FIELDS:
        raise InvalidInput("The query asks for too many fields.")


def _measure(
    selected: SelectionSetNode | None,
    fragments: dict[str, FragmentDefinitionNode],
    measured: dict[str, tuple[int, int]],
    inside: frozenset[str],
    level: int = 0,
) -> tuple[int, int]:
    """Return the number of fields and the depth below a selection."""
    if level > 4 * MAX_DEPTH:
        raise InvalidInput("The query is nested too deeply.")
    fields, depth = 0, 0
    for node in selected.selections if selected else ():
        more, deeper = 0, 0
        if isinstance(node, FieldNode):
            more, deeper = _measure(node.selection_set, fragments, measured, inside, level + 1)
            more, deeper = more + 1, deeper + 1
        elif isinstance(node, InlineFragmentNode):
            more, deeper = _measure(node.selection_set, fragments, measured, inside, level + 1)
        elif isinstance(node, FragmentSpreadNode):
            more, deeper = _measure_fragment(node.name.value, fragments, measured, inside, level)
        fields, depth = fields + more, max(depth, deeper)
    return fields, depth


def _measure_fragment(
    name: str,
    fragments: dict[str, FragmentDefinitionNode],
    measured: dict[str, tuple[int, int]],
    inside: frozenset[str],
    level: int,
) -> tuple[int, int]:
    if name in inside:
        raise InvalidInput(f"The fragment {name!r} contains itself.")
    if name not in measured and name in fragments:
        below = fragments[name].selection_set
        measured[name] = _measure(below, fragments, measured, inside | {name}, level + 1)
    return measured.get(name, (0, 0))
