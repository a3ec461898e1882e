"""`POST /graphql`: one operation per request, statuses as the SDK needs them."""

import json
import re
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from graphql import ExecutionResult, GraphQLError, execute_sync

from registry.api.addresses import base_url
from registry.api.authentication import authenticate
from registry.api.errors import error_response, machine_endpoint, request_id, status_and_message
from registry.api.graphql.context import Context
from registry.api.graphql.documents import CheckedDocument, checked_document
from registry.api.graphql.refusals import refuse_missing
from registry.api.graphql.schema import SCHEMA
from registry.api.graphql.variables import fit_variables
from registry.core.errors import InvalidInput
from registry.queries.sdk_projects import default_entity_name

# of several errors the one to answer with: a passing fault first, so that the client repeats, then a bug
_WORST = {503: 0, 422: 1}
_NAME = re.compile(r"\b(?:query|mutation)\s+([A-Za-z_][A-Za-z0-9_]{0,80})")


@machine_endpoint("POST")
def graphql(request: HttpRequest) -> HttpResponseBase:
    """Execute the operation. A refusal is a 4xx with `errors`, something missing in a query is null with 200."""
    viewer = authenticate(request)
    body = _body(request)
    source = body["query"]
    found = _NAME.search(source)
    request.operation = found[1] if found else "unnamed"  # type: ignore[attr-defined]
    checked = checked_document(SCHEMA, source)
    _require_operation(checked, body.get("operationName"))
    variables = fit_variables(SCHEMA, checked.operation, body.get("variables"), default_entity_name(viewer=viewer))
    result = execute_sync(
        SCHEMA,
        checked.document,
        context_value=Context(viewer=viewer, base=base_url(request)),
        variable_values=variables,
        hide_suggestions=True,
    )
    if result.errors:
        return _refusal(request, result)
    refuse_missing(checked.name, result.data, variables)
    return JsonResponse({"data": result.data}, json_dumps_params={"allow_nan": False})


def _body(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise InvalidInput("GraphQL requests are JSON (Content-Type: application/json).")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise InvalidInput("The request is not valid JSON.") from None
    if isinstance(body, list):
        raise InvalidInput("batching is not supported: send one operation per request")
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        raise InvalidInput("The request needs a query, which is a text.")
    return body


def _require_operation(checked: CheckedDocument, name: Any) -> None:
    """The SDK's public API sends an empty operation name and means none."""
    if name and name != checked.name:
        raise InvalidInput(f"Unknown operation named {str(name)[:80]!r}.")


def _refusal(request: HttpRequest, result: ExecutionResult) -> HttpResponseBase:
    answers = [_answer(request, error) for error in result.errors or []]
    answers.sort(key=lambda answer: _WORST.get(answer[0], 2))
    return error_response(*answers[0])


def _answer(request: HttpRequest, error: GraphQLError) -> tuple[int, str]:
    if error.original_error is None or isinstance(error.original_error, GraphQLError):
        return 400, error.message
    return status_and_message(error.original_error, request_id(request))
