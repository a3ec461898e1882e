"""What a file's bytes can be shown as."""

import json

import pytest

from registry.core.file_looks import image_type, look_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(head: bytes, kind: str) -> None:
    assert image_type(head) == kind


def test_text_is_text_whatever_it_says() -> None:
    for name, text in (("a.html", "<script>alert(1)</script>"), ("a.svg", "<svg/>"), ("a", "ü"), ("empty", "")):
        assert look_of(name, text.encode()).text == text


@pytest.mark.parametrize(
    "content", [b"\x80\x81", b"a\x00b", "ü".encode("utf-16"), b"PK\x03\x04\xff", b"\x80\x04pickle."]
)
def test_other_bytes_are_refused(content: bytes) -> None:
    assert "neither text nor an image" in look_of("model.bin", content).refusal


def test_a_picture_named_as_a_text_is_a_picture() -> None:
    assert look_of("notes.txt", PNG).image == "image/png"


def test_a_table_of_the_sdk() -> None:
    table = {"columns": ["id", "<b>", "nested"], "data": [[1, float("nan"), {"a": [1]}], ["=x"]]}
    look = look_of("media/results.table.json", json.dumps(table).encode())
    assert look.columns == ("id", "<b>", "nested")
    assert look.rows == (("1", "NaN", '{"a": [1]}'), ("=x", "", ""))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (json.dumps({"columns": list(range(1_000_000)), "data": []}), "1,000,000 columns"),
        ("[" * 100_000, "not valid JSON"),
        ("{", "not valid JSON"),
        ("[]", "form of a table"),
        ('{"columns": 3, "data": {}}', "form of a table"),
        ('{"columns": ["a"], "data": [3]}', "form of a table"),
        ('{"columns": [], "data": []}', "without columns"),
        (json.dumps({"columns": ["a"], "data": [list(range(5000))]}), "5,000 columns"),
    ],
)
def test_a_table_that_is_none_is_refused_with_the_reason(text: str, reason: str) -> None:
    assert reason in look_of("x.table.json", text.encode()).refusal


def test_rows_are_cut_and_counted() -> None:
    look = look_of("x.csv", b"a,b\n" + b"1,2\n" * 5000)
    assert (len(look.rows), look.row_count) == (100, 5000)


def test_separated_values() -> None:
    assert look_of("x.tsv", b"a\tb\n1\t2\n").rows == (("1", "2"),)
    assert look_of("x.csv", b'\xef\xbb\xbfa,b\n"x,y",2\n').rows == (("x,y", "2"),)
    assert "cannot be read as a table" in look_of("x.csv", b"a\n" + b"x" * 200_000).refusal
    assert look_of("x.csv", b"").text == ""


def test_deep_cells_are_cut() -> None:
    deep = '{"columns": ["a"], "data": [[' + "[" * 900 + "]" * 900 + "]]}"
    assert look_of("x.table.json", deep.encode()).refusal or look_of("x.table.json", deep.encode()).rows
