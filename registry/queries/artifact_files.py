"""The files of a version, folder by folder, however many there are: the database groups and pages them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, Sum, TextField, Value, When
from django.db.models.functions import Left, StrIndex, Substr

from registry.core.cursors import decode_cursor, encode_cursor
from registry.core.errors import InvalidInput, NotFound
from registry.core.file_looks import FileLook, image_type, look_of, most_bytes
from registry.models import ManifestEntry
from registry.queries.artifact_pages import ArtifactFrame
from registry.storage.blobs import blob_store

PAGE = 200
_HEAD_BYTES = 16


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file, a reference or a folder. For a folder `path` ends in a slash and `file_count` counts what is below."""

    name: str
    path: str
    is_folder: bool
    size_bytes: int
    file_count: int = 1
    digest: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class FilesTab:
    """One page of a folder. `crumbs` are the folders above it, as (name, path)."""

    folder: str
    crumbs: tuple[tuple[str, str], ...]
    rows: tuple[FileRow, ...]
    after: str
    q: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """The stored bytes of one file."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A file beside the list. A reference has no bytes here, and so no download."""

    path: str
    size_bytes: int
    digest: str
    look: FileLook
    is_stored: bool = True


def files_tab(frame: ArtifactFrame, *, folder: str = "", q: str = "", after: str = "") -> FilesTab:
    """Return one page of a folder, folders first, or of all files whose path contains `q`.

    Raises `NotFound` for a folder that does not exist.
    """
    entries = ManifestEntry.objects.filter(artifact=frame.artifact)
    if q:
        rows, cursor = _matching(entries, q, after)
    else:
        rows, cursor = _listing(entries, folder, after)
        if folder and not rows:
            raise NotFound(f"There is no folder {folder!r} in this version.")
    names = folder.rstrip("/").split("/") if folder else []
    crumbs = tuple((name, "/".join(names[: index + 1]) + "/") for index, name in enumerate(names))
    return FilesTab(folder=folder, crumbs=crumbs, rows=rows, after=cursor, q=q)


def download_of(frame: ArtifactFrame, *, path: str) -> Download:
    """Return the bytes behind a path. A reference has none here: `NotFound`, like for a path that does not exist."""
    entry = (
        ManifestEntry.objects.select_related("blob")
        .filter(artifact=frame.artifact, path=path, blob__isnull=False)
        .first()
    )
    if entry is None or entry.blob is None or frame.is_deleted:
        raise NotFound(f"There is no file {path!r} in this version.")
    return Download(name=path.rsplit("/", 1)[-1], sha256=entry.blob.sha256, size_bytes=entry.size_bytes)


def preview_of(frame: ArtifactFrame, *, path: str) -> Preview:
    """Return how a file is shown on the page. Raises `NotFound` for a path that does not exist."""
    entry = ManifestEntry.objects.select_related("blob").filter(artifact=frame.artifact, path=path).first()
    if entry is None or frame.is_deleted:
        raise NotFound(f"There is no file {path!r} in this version.")
    if entry.blob is None:
        look = FileLook(refusal=f"It is kept elsewhere: {entry.ref}")
        return Preview(path, entry.size_bytes, entry.digest, look, is_stored=False)
    with blob_store().open(entry.blob.sha256) as stored:
        head = stored.read(_HEAD_BYTES)
        limit = most_bytes(path, head)
        if entry.size_bytes > limit:
            look = FileLook(refusal=f"It is larger than {limit >> 20} MiB.")
        elif kind := image_type(head):
            look = FileLook(image=kind)
        else:
            look = look_of(path, head + stored.read(limit))
    return Preview(path, entry.size_bytes, entry.digest, look)


def _listing(entries: QuerySet[ManifestEntry], folder: str, after: str) -> tuple[tuple[FileRow, ...], str]:
    if folder:
        # compared as a whole: LIKE ignores case on SQLite, and a range follows the collation on PostgreSQL
        entries = entries.annotate(start=Left("path", len(folder))).filter(start=folder)
    # the stubs do not know that a length may be an expression
    folder_name = Substr("rest", 1, F("slash"))  # type: ignore[arg-type]
    grouped = (
        entries.annotate(rest=Substr("path", len(folder) + 1, output_field=TextField()))
        .annotate(slash=StrIndex("rest", Value("/")))
        .annotate(
            name=Case(When(slash=0, then=F("rest")), default=folder_name, output_field=TextField()),
            is_file=Case(When(slash=0, then=Value(True)), default=Value(False), output_field=BooleanField()),
        )
        .values("is_file", "name")
        .annotate(count=Count("pk"), size=Sum("size_bytes"))
        .order_by("is_file", "name")
    )
    if after:
        is_file, name = _position(after, 2)
        beyond = Q(is_file=bool(is_file), name__gt=str(name))
        grouped = grouped.filter(beyond if is_file else beyond | Q(is_file=True))
    found = list(grouped[: PAGE + 1])
    paths = [folder + row["name"] for row in found[:PAGE] if row["is_file"]]
    details = {entry.path: entry for entry in entries.filter(path__in=paths)}
    rows = tuple(_row(folder, row, details.get(folder + row["name"])) for row in found[:PAGE])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return rows, encode_cursor("files", int(last["is_file"]), last["name"]) if last else ""


def _row(folder: str, row: Mapping[str, Any], entry: ManifestEntry | None) -> FileRow:
    name = str(row["name"])
    if entry is None:
        return FileRow(name.rstrip("/"), folder + name, True, row["size"], row["count"])
    return _file(name, entry)


def _file(name: str, entry: ManifestEntry) -> FileRow:
    return FileRow(name, entry.path, False, entry.size_bytes, digest=entry.digest, ref=entry.ref)


def _matching(entries: QuerySet[ManifestEntry], q: str, after: str) -> tuple[tuple[FileRow, ...], str]:
    found = entries.filter(path__icontains=q).order_by("path")
    if after:
        found = found.filter(path__gt=str(_position(after, 1)[0]))
    page = list(found[: PAGE + 1])
    rows = tuple(_file(entry.path, entry) for entry in page[:PAGE])
    return rows, encode_cursor("found files", page[PAGE - 1].path) if len(page) > PAGE else ""


def _position(after: str, length: int) -> list[str | int | None]:
    kind = "files" if length == 2 else "found files"
    values = decode_cursor(kind, after, length)
    if any(value is None for value in values):
        raise InvalidInput("bad cursor")
    return values
