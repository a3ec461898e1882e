"""Previews of files: text, pictures and tables; nothing uploaded ever runs."""

import base64

import pytest
from django.test import Client

from registry.core.viewer import Viewer
from registry.models import Artifact, ManifestEntry, Project
from registry.services.versions import delete_version
from registry.storage.blobs import blob_store
from tests.factories.saving import save_version
from tests.views.conftest import Get, fresh

ADDRESS = "/ml/zoo/artifacts/dataset/zoo/v0/files"
# one transparent pixel
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture
def version(as_alice: Viewer, zoo: Project) -> Artifact:
    return save_version(
        as_alice,
        zoo,
        {
            "notes.md": "# <b>Hello</b>",
            "page.html": "<script>alert(1)</script>",
            "drawing.svg": "<svg onload=alert(1) />",
            "rows.csv": "name,count\n<i>okapi</i>,3\n",
            "broken.table.json": "{",
            "deep/in/it.txt": "inside",
        },
    )


@pytest.fixture
def picture(version: Artifact) -> ManifestEntry:
    """`notes.md`, whose bytes are a picture."""
    entry = ManifestEntry.objects.select_related("blob").get(artifact=version, path="notes.md")
    stored = blob_store().write([PNG], length=len(PNG))
    assert entry.blob is not None
    entry.blob.sha256, entry.size_bytes = stored.sha256, stored.size_bytes
    entry.blob.save(update_fields=["sha256"])
    entry.save(update_fields=["size_bytes"])
    return entry


def preview(page: str) -> str:
    return page.split('id="preview"')[1].split("</section>", maxsplit=1)[0]


def test_text_is_shown_as_it_is(get: Get, version: Artifact) -> None:
    assert "# &lt;b&gt;Hello&lt;/b&gt;</pre>" in preview(get(f"{ADDRESS}?preview=notes.md"))
    assert "&lt;script&gt;" in preview(get(f"{ADDRESS}?preview=page.html"))
    assert "&lt;svg onload" in preview(get(f"{ADDRESS}?preview=drawing.svg"))


def test_each_file_leads_to_its_preview_in_its_folder(get: Get, version: Artifact) -> None:
    page = get(f"{ADDRESS}?folder=deep/in/")
    assert 'href="?preview=deep%2Fin%2Fit.txt&amp;folder=deep%2Fin%2F#preview"' in page
    assert "inside</pre>" in preview(get(f"{ADDRESS}?preview=deep/in/it.txt&folder=deep/in/"))


def test_a_table_is_a_table(get: Get, version: Artifact) -> None:
    shown = preview(get(f"{ADDRESS}?preview=rows.csv"))
    assert '<th scope="col"><bdi>count</bdi></th>' in shown
    assert "&lt;i&gt;okapi&lt;/i&gt;" in shown
    assert "1 of 1 row<" in shown


def test_what_cannot_be_shown_says_why_and_can_be_downloaded(get: Get, version: Artifact) -> None:
    shown = preview(get(f"{ADDRESS}?preview=broken.table.json"))
    assert "It is not valid JSON." in shown
    assert "files/download?path=broken.table.json" in shown


@pytest.mark.parametrize(("path", "size"), [("notes.md", (1 << 20) + 1), ("rows.csv", (5 << 20) + 1)])
def test_what_is_too_large_is_refused_unread(get: Get, version: Artifact, path: str, size: int) -> None:
    ManifestEntry.objects.filter(artifact=version, path=path).update(size_bytes=size)
    assert "It is larger than" in preview(get(f"{ADDRESS}?preview={path}"))


def test_a_reference_says_where_the_bytes_are(get: Get, version: Artifact) -> None:
    ManifestEntry.objects.filter(artifact=version, path="notes.md").update(blob=None, ref="s3://bucket/<b>")
    shown = preview(get(f"{ADDRESS}?preview=notes.md"))
    assert "It is kept elsewhere: s3://bucket/&lt;b&gt;" in shown
    assert "download?path" not in shown


def test_a_picture_comes_from_here_and_is_locked(get: Get, alice_browser: Client, picture: ManifestEntry) -> None:
    assert f'<img src="{ADDRESS}/image?path=notes.md"' in preview(get(f"{ADDRESS}?preview=notes.md"))
    response = alice_browser.get(f"{ADDRESS}/image?path=notes.md")
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.getvalue() == PNG


@pytest.mark.parametrize("path", ["page.html", "drawing.svg", "rows.csv", "nothing"])
def test_only_a_picture_is_handed_out_as_one(get: Get, version: Artifact, path: str) -> None:
    get(f"{ADDRESS}/image?path={path}", status=404)


def test_what_is_not_there_is_not_found(get: Get, version: Artifact, as_alice: Viewer) -> None:
    get(f"{ADDRESS}?preview=nothing", status=404)
    get(f"{ADDRESS}?preview={'a' * 1025}", status=400)
    delete_version(viewer=as_alice, artifact=fresh(version))
    get(f"{ADDRESS}?preview=notes.md", status=404)


def test_a_stranger_sees_no_picture(charlie_browser: Client, picture: ManifestEntry) -> None:
    assert charlie_browser.get(f"{ADDRESS}/image?path=notes.md").status_code == 404
    assert charlie_browser.get(f"{ADDRESS}?preview=notes.md").status_code == 404
