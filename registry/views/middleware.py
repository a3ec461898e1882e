"""Puts the viewer on every request and turns anticipated errors into pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from registry.core.errors import LineageError
from registry.core.viewer import Viewer
from registry.queries.accounts import viewer_of_user
from registry.views.errors import error_page
from registry.views.request import origin_of


class ViewerMiddleware:
    """Sets `request.viewer` for session users; lazily, because machine endpoints bring their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: session_viewer(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what the queries and services anticipate; the API translates its own before it gets here."""
        if not isinstance(exception, LineageError):
            return None
        return error_page(request, exception)


def session_viewer(request: HttpRequest) -> Viewer:
    """Return the viewer of the signed-in user, or the anonymous one."""
    user = request.user
    return viewer_of_user(user, origin_of(request)) if user.is_authenticated else Viewer.anonymous()
