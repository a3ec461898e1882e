"""What machines are answered when something goes wrong. The SDK retries whatever is not in its list of final statuses.

Final for the SDK are 400, 401, 403, 404, 409, 410, 413 and 422; everything else it repeats for up to 20 minutes. So a
refusal uses one of those, a passing fault 503, and a bug 422 with an id that the log knows.
"""

import functools
import logging
import time
from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import BadRequest, DisallowedHost, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from registry.core.errors import (
    RETRY_AFTER_SECONDS,
    Conflict,
    Forbidden,
    InvalidInput,
    LineageError,
    NotFound,
    TooLarge,
    Unauthenticated,
    Unavailable,
)

logger = logging.getLogger("registry.api")
BUG_STATUS = 422
_STATUSES: dict[type[LineageError], int] = {
    InvalidInput: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooLarge: 413,
    Unavailable: 503,
}
# in this order: the later ones are more general
_MALFORMED: dict[type[Exception], tuple[int, str]] = {
    RequestDataTooBig: (413, "The request is too large."),
    UnreadablePostError: (400, "The request ended early."),
    DisallowedHost: (400, "This server does not answer under that host name: see LINEAGE_ALLOWED_HOSTS."),
    SuspiciousOperation: (400, "The request is malformed."),
    BadRequest: (400, "The request is malformed."),
}
# an unread body is read away up to here, so that the client sees the answer instead of a reset connection
_DRAIN_BYTES = 64 << 20
_CHUNK_BYTES = 1 << 18
# a client that neither sends nor takes a byte for so long gives its thread back
_SILENCE_SECONDS = 60
_DRAIN_SILENCE_SECONDS = 5
Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]


def status_and_message(error: BaseException, request_id: str) -> tuple[int, str]:
    """Return how to answer the error; logs it when it is a bug or a fault of the server's surroundings."""
    if isinstance(error, LineageError):
        return _STATUSES.get(type(error), 400), error.message
    if isinstance(error, OperationalError | InterfaceError):
        logger.error("database away: %s (request %s)", error, request_id)
        return 503, "The database cannot be reached right now. Please try again in a moment."
    for kind, answer in _MALFORMED.items():
        if isinstance(error, kind):
            return answer
    logger.error("internal error (request %s)", request_id, exc_info=error)
    return BUG_STATUS, f"internal error, id={request_id}"


def error_response(status: int, message: str) -> JsonResponse:
    response = JsonResponse({"errors": [{"message": message}]}, status=status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def machine_endpoint(*methods: str) -> Callable[[View[Arguments]], View[Arguments]]:
    """Make a view of the SDK's: no CSRF token, no page for an error, one log line, only these methods (else 400)."""

    def decorate(view: View[Arguments]) -> View[Arguments]:
        @csrf_exempt
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
            started = time.monotonic()
            _limit_silence(request, _SILENCE_SECONDS)
            response = _answer(view, methods, request, *args, **kwargs)
            if response.status_code >= 400:
                _drain(request, response)
            _log(request, response.status_code, time.monotonic() - started)
            response._has_been_logged = True  # type: ignore[attr-defined] # Django would add a warning of its own
            return response

        # mypy holds a decorated function for a class of its own
        return cast("View[Arguments]", wrapped)

    return decorate


def _answer(
    view: View[Arguments],
    methods: tuple[str, ...],
    request: HttpRequest,
    *args: Arguments.args,
    **kwargs: Arguments.kwargs,
) -> HttpResponseBase:
    if request.method not in methods:
        return error_response(400, f"This address takes {' or '.join(methods)}, not {request.method}.")
    try:
        return view(request, *args, **kwargs)
    except Exception as error:  # noqa: BLE001 - whatever it is, the SDK must get a status that it does not repeat for ever
        return error_response(*status_and_message(error, request_id(request)))


def request_id(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", "-"))


def _limit_silence(request: HttpRequest, seconds: int) -> None:
    """Bound every wait for the client; gunicorn's threads would wait for ever. It lifts this after the request."""
    connection = request.META.get("gunicorn.socket")
    if connection is not None:
        connection.settimeout(seconds)


def _drain(request: HttpRequest, response: HttpResponseBase) -> None:
    left = _DRAIN_BYTES
    _limit_silence(request, _DRAIN_SILENCE_SECONDS)
    try:
        while left > 0:
            chunk = request.read(_CHUNK_BYTES)
            if not chunk:
                return
            left -= len(chunk)
    except OSError:
        pass  # the client is gone, or silent
    response.headers["Connection"] = "close"


def _log(request: HttpRequest, status: int, seconds: float) -> None:
    logger.info(
        "%s %s %s %d %.0fms %s",
        request.method,
        request.path,
        getattr(request, "operation", "-"),
        status,
        seconds * 1000,
        request_id(request),
    )


@machine_endpoint("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
def not_served(_request: HttpRequest) -> HttpResponseBase:
    """Answer 404 to what programs ask for and this server does not have, telemetry for instance."""
    raise NotFound("There is nothing at this address.")
