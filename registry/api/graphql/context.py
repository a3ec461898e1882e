"""What every resolver may know of the request."""

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLResolveInfo

from registry.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, and under which address the client reaches this server."""

    viewer: Viewer
    base: str


def context_of(info: GraphQLResolveInfo) -> Context:
    context: Context = info.context
    return context


def viewer_of(info: GraphQLResolveInfo) -> Viewer:
    return context_of(info).viewer


Row = dict[str, Any]
