"""What a run sends while it goes: `POST /files/<entity>/<project>/<run>/file_stream`."""

import json

from django.http import HttpRequest, HttpResponseBase, JsonResponse

from registry.api.authentication import authenticate
from registry.api.errors import machine_endpoint
from registry.core.errors import InvalidInput
from registry.queries.sdk_runs import get_run
from registry.services.streams import read_update, record_stream


@machine_endpoint("POST")
def file_stream(request: HttpRequest, entity: str, project: str, run: str) -> HttpResponseBase:
    """Record one message and tell the run whether it was asked to stop."""
    viewer = authenticate(request)
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise InvalidInput("file_stream takes plain JSON (Content-Encoding).")
    row = get_run(viewer=viewer, entity_name=entity, project_name=project, name=run)
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise InvalidInput("file_stream takes a JSON object") from None
    row = record_stream(viewer=viewer, run=row, update=read_update(body))
    return JsonResponse({"exitcode": None, "limits": {}} | ({"stopped": True} if row.stop_requested else {}))
