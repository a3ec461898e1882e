"""Variables of a request, made fit for the schema: unknown input fields left out, the default entity filled in."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    NonNullTypeNode,
    OperationDefinitionNode,
    is_input_type,
    type_from_ast,
)

from registry.core.errors import InvalidInput
from registry.core.text import clean_value

# some SDKs declare these as required and send null all the same
_ENTITY_VARIABLES = {"entity", "entityName"}


def fit_variables(
    schema: GraphQLSchema, operation: OperationDefinitionNode, values: Any, default_entity: str | None
) -> dict[str, Any]:
    """Return the variables to execute with; raises `InvalidInput` for what no database could store."""
    if values is None:
        values = {}
    if not isinstance(values, Mapping):
        raise InvalidInput("variables must be a JSON object")
    clean_value("variables", values)
    fitted: dict[str, Any] = {}
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        required = isinstance(definition.type, NonNullTypeNode)
        if required and name in _ENTITY_VARIABLES and values.get(name) is None and default_entity is not None:
            fitted[name] = default_entity
        elif name in values:
            expected = type_from_ast(schema, definition.type)
            fitted[name] = _known_part(values[name], expected) if is_input_type(expected) else values[name]
    return fitted


def _known_part(value: Any, expected: GraphQLInputType) -> Any:
    if isinstance(expected, GraphQLNonNull):
        return _known_part(value, expected.of_type)
    if isinstance(expected, GraphQLList):
        return [_known_part(one, expected.of_type) for one in value] if isinstance(value, list) else value
    if isinstance(expected, GraphQLInputObjectType) and isinstance(value, Mapping):
        fields = expected.fields
        return {name: _known_part(inner, fields[name].type) for name, inner in value.items() if name in fields}
    return value
