"""P1, ACC-2: every field of every GraphQL type, from everything that a stranger may start at, tells nothing private.

The schema itself says what is walked, so that a new field is walked too. From each start the shortest way to each field
is asked once, with all plain values at its end.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

from registry.api.graphql.schema import SCHEMA
from registry.core.global_ids import encode_id
from tests.architecture.conftest import MARK, WORDS, World
from tests.architecture.test_access_machines import _post

# these no query leads to
ANSWERS_OF_MUTATIONS = ("Payload", "Invite", "Mutation", "Query")
COMPOSITE = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType
# by field, then by argument: what makes a field with arguments answer something, in the registry or in the project
ARGUMENTS = {
    "Entity.project": [f'(name: "{WORDS["project"]}")', '(name: "wandb-registry-Holt")'],
    "Project.artifact": ['(name: "lynx:production")', '(name: "net:latest")'],
    "Project.artifactCollection": ['(name: "lynx")', '(name: "net")'],
    "Project.artifactCollectionMembership": ['(name: "lynx:production")', '(name: "net:latest")'],
    "Project.artifactType": ['(name: "model")'],
    "Project.bucket": [f'(name: "{WORDS["uid"]}")'],
    "Project.run": [f'(name: "{WORDS["uid"]}")'],
    "ArtifactType.artifactCollection": ['(name: "lynx")', '(name: "net")'],
    "Run.parquetHistory": ["(liveKeys: [])"],
    "Run.sampledHistory": ['(specs: ["{}"])'],
}
BY_ARGUMENT = {"aliasName": '"latest"', "filters": '"{}"', "storageLayout": '"V2"', "manifestVersion": '"1"'}


def _starts(world: World) -> dict[str, str]:
    version = encode_id("Artifact", world.artifact.pk)
    portfolio = encode_id("ArtifactCollection", world.portfolio.pk)
    return {
        "viewer": "",
        "serverInfo": "",
        "entity": '(name: "acme")',
        "organization": '(name: "acme")',
        "project": '(name: "wandb-registry-Holt", entityName: "acme")',
        "models": '(entityName: "acme")',
        "artifact": f'(id: "{version}")',
        "artifactCollection": f'(id: "{portfolio}")',
        "users": '(query: "mia")',
    }


def _arguments(owner: str, name: str, field: GraphQLField) -> list[str]:
    """Ways to write the field's arguments; fails for a field whose required ones nobody has thought of."""
    if f"{owner}.{name}" in ARGUMENTS:
        return ARGUMENTS[f"{owner}.{name}"]
    required = [key for key, argument in field.args.items() if isinstance(argument.type, GraphQLNonNull)]
    unknown = [key for key in required if key not in BY_ARGUMENT]
    assert unknown == [], f"{owner}.{name} takes {unknown}: add it to ARGUMENTS"
    return [f"({', '.join(f'{key}: {BY_ARGUMENT[key]}' for key in required)})" if required else ""]


def _members(kind: COMPOSITE) -> list[GraphQLObjectType]:
    return [kind] if isinstance(kind, GraphQLObjectType) else list(SCHEMA.get_possible_types(kind))


def _plain(kind: COMPOSITE) -> str:
    """All plain values of the type; of each possible one where it stands for several."""
    return " ".join(f"... on {member.name} {{ __typename {_leaves(member)} }}" for member in _members(kind))


def _leaves(member: GraphQLObjectType) -> str:
    # under names of their own: the same field may have another type in another member
    return " ".join(
        f"{member.name}_{name}: {name}{_arguments(member.name, name, field)[0]}"
        for name, field in member.fields.items()
        if is_leaf_type(get_named_type(field.type))
    )


def _paths(start: str) -> Iterator[tuple[str, str]]:
    """Yield (type.field, query) for every field that leads on, each by its shortest way from the start."""
    root = SCHEMA.query_type
    assert root is not None
    name = start.partition("(")[0]
    kind = get_named_type(root.fields[name].type)
    yield f"Query.{name}", f"{start} {{ {_plain(kind)} }}"  # type: ignore[arg-type]
    queue: list[tuple[Any, str, str]] = [(kind, f"{start} {{ ", " }")]
    walked: set[str] = set()
    while queue:
        kind, opening, closing = queue.pop(0)
        for member in _members(kind):
            for field_name, field in member.fields.items():
                key, target = f"{member.name}.{field_name}", get_named_type(field.type)
                if is_leaf_type(target) or key in walked:
                    continue
                walked.add(key)
                for arguments in _arguments(member.name, field_name, field):
                    way = f"{opening}... on {member.name} {{ {field_name}{arguments} {{ "
                    yield key, f"{way}{_plain(target)} }} }}{closing}"  # type: ignore[arg-type]
                    queue.append((target, way, f" }} }}{closing}"))


def _walk(world: World, actor: str, start: str) -> dict[str, str]:
    """Return the fields whose answer holds the mark of what is private."""
    telling = {}
    for key, query in _paths(start):
        response = _post(world, actor, f"query Q {{ {query} }}")
        assert response.status_code == 200, f"{key}: {response.content.decode()[:300]} to {query}"
        told = response.content.decode()
        if MARK in told.replace(f"{MARK}-client", ""):
            telling[key] = told[:300]
    return telling


@pytest.mark.parametrize("actor", ["stranger", "outsider"])
def test_p1_no_field_of_any_type_tells_what_is_private(world: World, actor: str) -> None:
    found = {name: _walk(world, actor, f"{name}{rest}") for name, rest in _starts(world).items()}
    assert {name: telling for name, telling in found.items() if telling} == {}


def test_the_walk_would_find_what_is_private(world: World) -> None:
    """A member walks the same ways and meets the mark on many of them."""
    telling = _walk(world, "viewer", f"artifact{_starts(world)['artifact']}")
    assert {"Artifact.createdBy", "Artifact.artifactSequence", "ArtifactSequence.project"} & set(telling)


def test_every_type_that_a_query_can_answer_is_walked(world: World) -> None:
    walked = {key for name, rest in _starts(world).items() for key, _ in _paths(f"{name}{rest}")}
    everything = {
        f"{kind.name}.{name}"
        for kind in SCHEMA.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
        if not is_leaf_type(get_named_type(field.type))
        and not kind.name.endswith(("Payload", "Invite", "Mutation", "Query"))
    }
    assert sorted(everything - walked) == []
