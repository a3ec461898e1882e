"""The one table from the errors of `core` to pages. A fragment gets the same status as a page."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django_htmx.http import HttpResponseClientRedirect

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

TABLE: dict[type[LineageError], tuple[int, str]] = {
    NotFound: (404, "Not found"),
    Forbidden: (403, "Not allowed"),
    Conflict: (409, "That contradicts what is there"),
    InvalidInput: (400, "This address cannot be read"),
    TooLarge: (413, "Too large"),
    Unavailable: (503, "Back in a moment"),
}


def error_page(request: HttpRequest, error: LineageError) -> HttpResponse:
    """Return the page, or the fragment, that tells a person what went wrong."""
    if isinstance(error, Unauthenticated):
        return _to_sign_in(request)
    status, title = TABLE[type(error)]
    response = _page(request, status, title, error.message)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(resolve_url(settings.LOGIN_URL))
    return redirect_to_login(request.get_full_path())


def _page(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    context = {"title": title, "message": message, "request_id": getattr(request, "request_id", "")}
    if "text/html" not in request.headers.get("Accept", "text/html") and not request.accepts("text/html"):
        return HttpResponse(f"{title}. {message}\n", status=status, content_type="text/plain; charset=utf-8")
    is_fragment = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    template = "registry/error_plain.html#error" if is_fragment else "registry/error_plain.html"
    return render(request, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's
    return _page(request, 400, "This request cannot be read", "The address or the form is malformed.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's
    return _page(request, 404, "Not found", "There is nothing here, or you may not see it.")


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Answer somebody who tries again too often; allauth looks for it."""
    return _page(request, 429, "Too many attempts", "Wait a minute and try again.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's
    return _page(request, 403, "Not allowed", "You may not do this.")


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(
        request, 500, "Something broke", "The fault is ours and has been logged. The request id below finds it."
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's
    """Answer a form that was open for too long, or that another site sent."""
    return _page(request, 403, "This form has expired", "Go back, load the page again and repeat what you did.")
