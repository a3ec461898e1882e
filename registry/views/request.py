"""The request as views see it, with what the middleware puts on it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from registry.core.viewer import Viewer


class Request(HttpRequest):
    """`viewer` is the signed-in person, or the anonymous viewer."""

    viewer: Viewer
    htmx: HtmxDetails
    request_id: str


def wants_fragment(request: Request) -> bool:
    """Tell whether htmx asks for a part of the page; going back in history asks for the whole one."""
    return bool(request.htmx) and not request.htmx.history_restore_request
