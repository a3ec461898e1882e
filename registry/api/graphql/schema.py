"""The executable schema: the SDL beside this file and the resolvers."""

from pathlib import Path

from ariadne import load_schema_from_path, make_executable_schema
from graphql import GraphQLSchema

from registry.api.graphql.forgiveness import add_unknown_field
from registry.api.graphql.resolvers import (
    artifacts,
    collections,
    curating,
    joining,
    people,
    projects,
    registries,
    running,
    runs,
    saving,
    streams,
)
from registry.api.graphql.scalars import SCALARS


def build_schema() -> GraphQLSchema:
    """Build the schema; wrong names of fields or types in resolvers raise here, at start."""
    schema = make_executable_schema(
        load_schema_from_path(str(Path(__file__).with_name("schema.graphql"))),
        *SCALARS,
        *people.BINDABLES,
        *joining.BINDABLES,
        *projects.BINDABLES,
        *registries.BINDABLES,
        *runs.BINDABLES,
        *running.BINDABLES,
        *streams.BINDABLES,
        *artifacts.BINDABLES,
        *collections.BINDABLES,
        *saving.BINDABLES,
        *curating.BINDABLES,
    )
    add_unknown_field(schema)
    return schema


SCHEMA = build_schema()
