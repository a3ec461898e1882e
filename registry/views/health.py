"""For whoever watches the server: is it alive, can it serve."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from registry.core.errors import Unavailable
from registry.queries.health import check_database, check_storage
from registry.views.access import public


@public
@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """Answer that the process runs; asks nothing else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@public
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer whether the database and the stored bytes can be used; 503 with the reason when not."""
    try:
        check_database()
        check_storage()
    except Unavailable as error:
        return HttpResponse(f"{error.message}\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
