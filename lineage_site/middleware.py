"""What holds for every request, whatever it asks for."""

import logging
import re
import secrets
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import SimpleTemplateResponse

from registry.core.errors import RETRY_AFTER_SECONDS

logger = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]

_MACHINE_PATHS = re.compile(r"^/(graphql|files|artifactsV2|storage|sdk|api)(/|$)")


def is_machine_path(path: str) -> bool:
    """Tell whether the address belongs to the SDK or another program, which read JSON and statuses, not pages."""
    return _MACHINE_PATHS.match(path) is not None


class RequestIdMiddleware:
    """Gives every request an id that the answer, the log and the audit log carry."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = secrets.token_hex(8)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


class DatabaseAwayMiddleware:
    """Answers 503 with Retry-After when the database is away or locked: a passing fault, not a bug."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        logger.error("database away: %s (request %s)", exception, getattr(request, "request_id", "-"))
        return unavailable(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Return the 503 that programs retry and people can read."""
    message = "The database cannot be reached right now. Please try again in a moment."
    response: HttpResponse
    if is_machine_path(request.path):
        response = JsonResponse({"errors": [{"message": message}]}, status=503)
    else:
        response = SimpleTemplateResponse(
            "registry/error_plain.html", {"title": "Back in a moment", "message": message}, status=503
        ).render()
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


class PrivateCacheMiddleware:
    """Keeps pages of signed-in people out of every cache, so that Back after signing out shows nothing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response
