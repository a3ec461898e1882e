"""G9, G11, G16, G18 to G20: whatever stands in any argument, no bug shows, and what is refused leaves no trace."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.db import transaction
from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    is_enum_type,
    print_ast,
)

from registry.api.graphql.documents import checked_document
from registry.api.graphql.schema import SCHEMA
from registry.core.errors import InvalidInput
from registry.core.global_ids import encode_id
from registry.core.viewer import Role, Viewer
from registry.models import AuditEvent, ProjectMember
from registry.services.aliases import set_alias
from registry.services.members import set_project_role
from tests.architecture.conftest import WORDS, World, world
from tests.architecture.test_access_machines import _mutation, _post, _writes
from tests.protocol.sdk_operations import operations

__all__ = ["world"]
pytestmark = pytest.mark.django_db
FINAL = {400, 401, 403, 404, 409, 410, 413}
TEXTS = {
    "G20-a-megabyte": "x" * 1_000_000,
    "G16-nul": "a\0b",
    "G16-surrogate": "a\ud800b",
    "G16-controls": "a\x07\u202e\nb",
    "G11-empty": "",
    "G11-garbage": "%_\\'\";--{}[]../é🎉",
    "G11-forged-id": "QXJ0aWZhY3Q6OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk=",
    "G18-json": '{"$where": 1, "__class__": {"$regex": "(a+)+$"}}',
    "G12-deep": "[" * 5000,
}
NUMBERS = {"G9-negative": -1, "G9-zero": 0, "G9-32-bit": 2**31 - 1, "G9-64-bit": 2**63, "G9-text": "5", "G9-list": [1]}


def _leaves(kind: GraphQLInputType, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield where each scalar of an input stands, one item deep in lists, and the scalar's name."""
    if isinstance(kind, GraphQLNonNull):
        yield from _leaves(kind.of_type, path)
    elif isinstance(kind, GraphQLList):
        yield from _leaves(kind.of_type, (*path, 0))
    elif isinstance(kind, GraphQLInputObjectType):
        for name, field in kind.fields.items():
            yield from _leaves(field.type, (*path, name))
    elif not is_enum_type(kind):
        yield path, str(kind)


def _with(base: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """Return the input with this value at that place, and what leads to it made where it is missing."""
    if not path:
        return value
    first, *rest = path
    if isinstance(first, int):
        items = list(base) if isinstance(base, list) and base else [None]
        return [_with(items[0], tuple(rest), value), *items[1:]]
    known = dict(base) if isinstance(base, Mapping) else {}
    return known | {first: _with(known.get(first), tuple(rest), value)}


def _cases(name: str, words: dict[str, Any], texts: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    assert isinstance(SCHEMA.mutation_type, GraphQLObjectType)
    for path, scalar in _leaves(SCHEMA.mutation_type.fields[name].args["input"].type):
        for what, value in (NUMBERS if scalar in {"Int", "Int64"} else texts).items():
            yield f"{name} {'.'.join(map(str, path))} {what}", _with(words, path, value)


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param({what: TEXTS[what] for what in ("G20-a-megabyte", "G16-nul")}, id="few-texts"),
        pytest.param(TEXTS, id="all-texts", marks=pytest.mark.slow),
    ],
)
def test_r0_no_value_of_any_argument_of_a_mutation_is_a_bug(world: World, texts: Mapping[str, Any]) -> None:
    ProjectMember.objects.create(project=world.registry, user=world.people["admin"], role="admin")
    wrong: dict[str, Any] = {}
    for name, words in _writes(world).items():
        for what, given in _cases(name, words, texts):
            events, started = AuditEvent.objects.count(), time.process_time()
            with transaction.atomic():
                answer = _post(world, "admin", _mutation(name), input=given)
                told = AuditEvent.objects.count() - events
                transaction.set_rollback(True)
            seconds = time.process_time() - started
            is_refused = answer.status_code in FINAL
            if not (is_refused or answer.status_code == 200) or (is_refused and told) or seconds > 1:
                wrong[what] = (answer.status_code, told, seconds, answer.content[:200])
    assert wrong == {}


def _valid(name: str, kind: str, world: World) -> Any:
    """Return what the SDK would send for a variable of a query, by its name and type."""
    by_name = {"entity": "ml", "type": "model", "collection": "net", "run": WORDS["uid"], "project": WORDS["project"]}
    if kind in {"Int", "Int64"}:
        return 5
    if kind == "Boolean":
        return True
    if kind == "ID":
        return encode_id("Artifact", world.artifact.pk)
    if kind == "JSONString":
        return "{}"
    found = next((value for word, value in by_name.items() if word in name.lower()), None)
    return found or ("net:latest" if name == "name" else None)


def _queries() -> Iterator[tuple[str, str, OperationDefinitionNode]]:
    for name, documents in sorted(operations().items()):
        for document in documents:
            with contextlib.suppress(InvalidInput):
                operation = checked_document(SCHEMA, document).operation
                if operation.operation is OperationType.QUERY:
                    yield name, document, operation


def _changes(kinds: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each bad value, in all variables that could hold it."""
    numbers = [variable for variable, kind in kinds.items() if kind in {"Int", "Int64"}]
    texts = [variable for variable in kinds if variable not in numbers]
    for variables, values in ((numbers, NUMBERS), (texts, TEXTS)):
        for what, value in values.items() if variables else ():
            # a megabyte in all, not in each: the JSON alone would take seconds
            shared = value[: len(value) // len(variables)] if what == "G20-a-megabyte" else value
            yield what, dict.fromkeys(variables, shared)


def _changes_one_by_one(kinds: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for variable, kind in kinds.items():
        for what, change in _changes({variable: kind}):
            yield f"{variable} {what}", change


@pytest.mark.parametrize(
    "changes",
    [pytest.param(_changes, id="in-all"), pytest.param(_changes_one_by_one, id="one-by-one", marks=pytest.mark.slow)],
)
def test_r0_no_value_of_any_variable_of_a_query_is_a_bug(
    world: World, changes: Callable[[dict[str, str]], Iterator[tuple[str, dict[str, Any]]]]
) -> None:
    wrong: dict[str, Any] = {}
    asked = 0
    for name, document, operation in _queries():
        kinds = {
            one.variable.name.value: print_ast(one.type).strip("[]!") for one in operation.variable_definitions or ()
        }
        base = {variable: _valid(variable, kind, world) for variable, kind in kinds.items()}
        for what, change in changes(kinds):
            started = time.process_time()
            answer = _post(world, "admin", document, **base | change)
            seconds, asked = time.process_time() - started, asked + 1
            if answer.status_code not in {200, *FINAL} or seconds > 1:
                wrong[f"{name} {what}"] = (answer.status_code, seconds, answer.content[:200])
    assert wrong == {}
    assert asked > 200


def _refused_in_the_end(world: World) -> dict[str, dict[str, Any]]:
    """What begins well: a refusal of the rest must take it back."""
    writes = _writes(world)
    link, artifact, aliases = writes["linkArtifact"], writes["createArtifact"], writes["addAliases"]
    good, stranger = aliases["aliases"][0], encode_id("User", world.people["stranger"].pk)
    return {
        "linkArtifact": link | {"projectName": "wandb-registry-Fresh", "artifactPortfolioName": "a/b"},
        "createArtifact": artifact | {"projectName": "fresh", "digest": "none"},
        "addAliases": aliases | {"aliases": [good, good | {"alias": "a/b"}]},
        "deleteAliases": aliases | {"aliases": [good | {"alias": "kept"}, good | {"alias": "latest"}]},
        "upsertModel": {"entityName": "ml", "name": "fresh", "description": "x" * ((1 << 20) + 1)},
        "createProjectMembers": writes["createProjectMembers"] | {"userIds": [stranger], "teamIds": ["none"]},
        "deleteProjectMembers": writes["deleteProjectMembers"] | {"teamIds": ["none"]},
    }


def test_r0_what_is_refused_in_the_end_leaves_nothing_of_its_beginning(world: World) -> None:
    registry, artifact = world.registry, world.artifact
    set_project_role(viewer=Viewer.system(), project=registry, role=Role.ADMIN, user=world.people["admin"])
    set_project_role(viewer=Viewer.system(), project=registry, role=Role.VIEWER, user=world.people["member"])
    set_alias(viewer=Viewer.system(), collection=artifact.collection, artifact=artifact, name="kept")
    for name, given in _refused_in_the_end(world).items():
        events = AuditEvent.objects.count()
        answer = _post(world, "admin", _mutation(name), input=given)
        assert answer.status_code in FINAL, (name, answer.content)
        assert AuditEvent.objects.count() == events, name
