"""The one address of stored bytes; a token says what for. PUT writes, GET reads, whatever the path ends in."""

from django.http import HttpRequest, HttpResponseBase

from registry.api import downloads, uploads
from registry.api.errors import machine_endpoint
from registry.core.errors import Forbidden, NotFound
from registry.storage.signatures import Purpose

_UPLOADS = {Purpose.UPLOAD_FILE, Purpose.UPLOAD_MANIFEST, Purpose.UPLOAD_RUN_FILE}


@machine_endpoint("GET", "HEAD", "PUT")
def storage(request: HttpRequest, purpose: str, tail: str) -> HttpResponseBase:  # noqa: ARG001 - for people to read
    """Receive or send bytes under a signed address."""
    if purpose not in set(Purpose):
        raise NotFound("There is nothing at this address.")
    wanted = Purpose(purpose)
    if (request.method == "PUT") != (wanted in _UPLOADS):
        raise Forbidden("This address was made for something else.")
    if wanted in _UPLOADS:
        return uploads.receive(request, wanted)
    return downloads.send(request, wanted)
