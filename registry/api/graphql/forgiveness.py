"""Rewrites a document so that what this schema does not know is null or left out instead of an error."""

from typing import Any

from graphql import (
    REMOVE,
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    InlineFragmentNode,
    ListValueNode,
    NamedTypeNode,
    NameNode,
    ObjectFieldNode,
    ObjectValueNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    TypeNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    is_composite_type,
    type_from_ast,
    visit,
)

# every object type has it, always null: an unknown field becomes this one under its own name
UNKNOWN_FIELD = "_unknown"


def add_unknown_field(schema: GraphQLSchema) -> None:
    """Give every type but the roots the field to which unknown ones are turned."""
    roots = {schema.query_type, schema.mutation_type}
    for one in schema.type_map.values():
        if isinstance(one, GraphQLObjectType | GraphQLInterfaceType) and one not in roots and one.name[:2] != "__":
            one.fields[UNKNOWN_FIELD] = GraphQLField(GraphQLString, description="Always null.")


def forgive(schema: GraphQLSchema, document: DocumentNode) -> DocumentNode:
    """Return the document without unknown nested fields, arguments, input fields, fragments and variables.

    A fragment on a type of another name is taken for one on the type where it stands. Unknown fields of the roots
    stay: an operation that is not served must be refused. Call it after cycles of fragments were refused.
    """
    unknown = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode) and not _is_composite(schema, one.type_condition)
    }
    type_info = TypeInfo(schema)
    document = visit(document, TypeInfoVisitor(type_info, _Forgiving(schema, type_info, unknown)))
    used = _UsedVariables()
    visit(document, used)
    result: DocumentNode = visit(document, _VariableDefinitions(schema, used.names))
    return result


def _is_composite(schema: GraphQLSchema, condition: NamedTypeNode) -> bool:
    found = schema.get_type(condition.name.value)
    return found is not None and is_composite_type(found)


class _Forgiving(Visitor):
    def __init__(
        self, schema: GraphQLSchema, type_info: TypeInfo, unknown_fragments: dict[str, FragmentDefinitionNode]
    ) -> None:
        super().__init__()
        self._schema = schema
        self._types = type_info
        self._unknown_fragments = unknown_fragments

    def enter_field(self, node: FieldNode, *_: Any) -> Any:
        owner = self._types.get_parent_type()
        if owner is None or node.name.value.startswith("__"):
            return None
        if not isinstance(owner, GraphQLObjectType | GraphQLInterfaceType):
            return None
        field = owner.fields.get(node.name.value)
        if field is None:
            if UNKNOWN_FIELD not in owner.fields:
                return None
            return FieldNode(
                alias=node.alias or node.name, name=NameNode(value=UNKNOWN_FIELD), arguments=(), directives=()
            )
        kept = tuple(
            _argument(one, field.args[one.name.value].type)
            for one in node.arguments or ()
            if one.name.value in field.args
        )
        if kept == tuple(node.arguments or ()):
            return None
        return FieldNode(
            alias=node.alias,
            name=node.name,
            arguments=kept,
            directives=node.directives,
            selection_set=node.selection_set,
            loc=node.loc,
        )

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> Any:
        if node.type_condition is None or _is_composite(self._schema, node.type_condition):
            return None
        return self._as_own(node.selection_set, node.directives)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> Any:
        fragment = self._unknown_fragments.get(node.name.value)
        return None if fragment is None else self._as_own(fragment.selection_set, node.directives)

    def _as_own(self, selected: SelectionSetNode, directives: Any) -> Any:
        """Inside an object type a fragment must be on that very type, whatever it is called there."""
        if not isinstance(self._types.get_parent_type(), GraphQLObjectType):
            return REMOVE
        return InlineFragmentNode(selection_set=selected, directives=directives)

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: Any) -> Any:
        return REMOVE if node.name.value in self._unknown_fragments else None


def _argument(node: ArgumentNode, expected: GraphQLInputType) -> ArgumentNode:
    value = _known_part(node.value, expected)
    return node if value is node.value else ArgumentNode(name=node.name, value=value)


def _known_part(value: ValueNode, expected: GraphQLInputType) -> ValueNode:
    """Return a literal without the input fields that its type does not have."""
    if isinstance(expected, GraphQLNonNull):
        return _known_part(value, expected.of_type)
    if isinstance(value, ListValueNode) and isinstance(expected, GraphQLList):
        return ListValueNode(values=tuple(_known_part(one, expected.of_type) for one in value.values or ()))
    named = get_named_type(expected)
    if not isinstance(value, ObjectValueNode) or not isinstance(named, GraphQLInputObjectType):
        return value
    fields = named.fields
    known = []
    for one in value.fields or ():
        if one.name.value in fields:
            inner = _known_part(one.value, fields[one.name.value].type)
            known.append(ObjectFieldNode(name=one.name, value=inner))
    return ObjectValueNode(fields=tuple(known))


class _UsedVariables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable_definition(self, *_: Any) -> Any:
        return False  # its own name is no use of it

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.names.add(node.name.value)


class _VariableDefinitions(Visitor):
    """Removes declared variables of unknown types that nothing uses any more."""

    def __init__(self, schema: GraphQLSchema, used: set[str]) -> None:
        super().__init__()
        self._schema = schema
        self._used = used

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> Any:
        if node.variable.name.value in self._used or _known_type(self._schema, node.type):
            return False
        return REMOVE


def _known_type(schema: GraphQLSchema, node: TypeNode) -> bool:
    return type_from_ast(schema, node) is not None
