"""No form of this site takes a file: what is sent as one is refused before a byte of it is kept."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class NoFiles(FileUploadHandler):
    """Refuses the first file of a form, so that nobody fills the disk with files that nothing reads."""

    def new_file(self, *_args: Any, **_kwargs: Any) -> None:
        raise RequestDataTooBig("No form of this site takes a file.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django's
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002 - Django's
        return None
