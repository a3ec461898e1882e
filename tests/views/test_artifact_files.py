"""The Files tab: folders, pages and downloads."""

import pytest
from django.test import Client

from registry.core.viewer import Viewer
from registry.models import Artifact, Blob, ManifestEntry, Project
from registry.services.versions import delete_version
from tests.factories.saving import save_version
from tests.views.conftest import Get, fresh

ADDRESS = "/ml/zoo/artifacts/model/net/v0/files"


def _fill(net: Artifact, paths: list[str]) -> None:
    entity = net.collection.project.entity
    blob, _ = Blob.objects.get_or_create(entity=entity, md5="0" * 32, defaults={"sha256": "0" * 64, "size_bytes": 10})
    ManifestEntry.objects.bulk_create(
        (ManifestEntry(artifact=net, path=path, digest="AAAA", size_bytes=10, blob=blob) for path in paths),
        batch_size=2000,
    )


def test_it_lists_a_folder_at_a_time_folders_first(get: Get, net: Artifact) -> None:
    _fill(net, ["train/a.jpg", "train/deep/b.jpg", "Train/other.jpg", "train.txt", "a-file"])
    top = get(ADDRESS)
    assert top.index('href="?folder=train%2F"') < top.index("train.txt")
    assert "2 files" in top
    inside = get(f"{ADDRESS}?folder=train/").split("<main")[1]
    assert "a.jpg" in inside
    assert 'href="?folder=train%2Fdeep%2F"' in inside
    assert "b.jpg" not in inside
    assert "other.jpg" not in inside
    assert 'href="?folder=train%2Fdeep%2F"' in get(f"{ADDRESS}?folder=train")
    get(f"{ADDRESS}?folder=nowhere/", status=404)


def test_names_may_hold_anything(get: Get, net: Artifact) -> None:
    _fill(net, ["100%_real?#&/<b> ü 'q\".txt", "100x_real?#&/no.txt"])
    page = get(f"{ADDRESS}?folder=100%25_real%3F%23%26/")
    assert "&lt;b&gt; ü &#x27;q&quot;.txt" in page
    assert "no.txt" not in page
    assert "path=100%25_real%3F%23%26%2F%3Cb%3E+%C3%BC+%27q%22.txt" in page


def test_10_000_files_come_in_pages(get: Get, net: Artifact) -> None:
    _fill(net, [f"pictures/{number:05}.jpg" for number in range(10_000)])
    seen: list[str] = []
    page, after = get(f"{ADDRESS}?folder=pictures/"), ""
    for _ in range(3):
        names = [piece.split("<")[0] for piece in page.split('title="pictures/')[1:]]
        seen += [name.split('"')[0] for name in names]
        after = page.split('rel="next"')[1].split("after=")[1].split('"')[0]
        page = get(f"{ADDRESS}?folder=pictures/&after={after}")
    assert seen == [f"{number:05}.jpg" for number in range(600)]


def test_pages_go_on_from_folders_to_files(get: Get, net: Artifact) -> None:
    _fill(net, [f"d{number:03}/x" for number in range(200)] + ["a-file", "z-file"])
    after = get(ADDRESS).split("after=")[1].split('"')[0]
    rest = get(f"{ADDRESS}?after={after}").split("<main")[1]
    assert "a-file" in rest
    assert "z-file" in rest
    assert "d199" not in rest


def test_it_finds_files_in_all_folders(get: Get, net: Artifact) -> None:
    _fill(net, ["train/okapi/1.jpg", "test/okapi/2.jpg", "test/zebra/3.jpg"])
    page = get(f"{ADDRESS}?q=OKAPI").split("<main")[1]
    assert "train/okapi/1.jpg" in page
    assert "test/okapi/2.jpg" in page
    assert "zebra" not in page
    assert "No file matches" in get(f"{ADDRESS}?q=lion")


def test_a_reference_shows_where_it_points_and_has_no_download(get: Get, net: Artifact) -> None:
    ManifestEntry.objects.create(artifact=net, path="big.bin", digest="etag", ref="s3://bucket/big.bin")
    page = get(ADDRESS)
    assert 'title="s3://bucket/big.bin"' in page
    assert "files/download" not in page
    get(f"{ADDRESS}/download?path=big.bin", status=404)


@pytest.mark.parametrize("path", ["a.html", 'deep/ü "x" <b>.txt'])
def test_a_download_is_an_attachment_that_nothing_runs(
    alice_browser: Client, as_alice: Viewer, zoo: Project, path: str
) -> None:
    save_version(as_alice, zoo, {path: "<script>alert(1)</script>"}, name="net", type_name="model")
    response = alice_browser.get(f"{ADDRESS}/download", {"path": path})
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Content-Length"] == "25"


def test_paths_that_are_not_in_the_manifest_are_not_found(
    alice_browser: Client, as_alice: Viewer, zoo: Project
) -> None:
    save_version(as_alice, zoo, {"a.txt": "x"}, name="net", type_name="model")
    for path in ("../a.txt", "/etc/passwd", "A.txt", "b.txt"):
        assert alice_browser.get(f"{ADDRESS}/download", {"path": path}).status_code == 404
    for words in ({}, {"path": ""}, {"path": "\x00"}):
        assert alice_browser.get(f"{ADDRESS}/download", words).status_code == 400


def test_a_deleted_version_hands_nothing_out(alice_browser: Client, as_alice: Viewer, zoo: Project) -> None:
    version = save_version(as_alice, zoo, {"a.txt": "x"}, name="net", type_name="model")
    delete_version(viewer=as_alice, artifact=fresh(version))
    assert alice_browser.get(f"{ADDRESS}/download", {"path": "a.txt"}).status_code == 404
    assert "files/download" not in alice_browser.get(ADDRESS).content.decode()


def test_a_stranger_downloads_nothing(charlie_browser: Client, as_alice: Viewer, zoo: Project) -> None:
    save_version(as_alice, zoo, {"a.txt": "x"}, name="net", type_name="model")
    assert charlie_browser.get(f"{ADDRESS}/download", {"path": "a.txt"}).status_code == 404
