"""Texts in exported drawings: cut like in the browser, at the middle or the end."""

from hypothesis import given
from hypothesis import strategies as st

from registry.lineage.export.texts import shorten, shorten_end, width_of


@given(st.text(min_size=1, max_size=60), st.integers(30, 400))
def test_what_is_cut_fits_and_says_so(text: str, room: int) -> None:
    for cut in (shorten(text, room, 13), shorten_end(text, room, 13)):
        assert width_of(cut, 13) <= room or cut.startswith("…")
        assert (cut == text) == (width_of(text, 13) <= room) or "…" in text
    prose = shorten_end(text, room, 13)
    assert text.startswith(prose.removesuffix("…").rstrip()) or prose == text


def test_a_name_keeps_its_version_and_prose_its_beginning() -> None:
    assert shorten("very_long_collection_name:v12", 120, 13).endswith(":v12")
    assert shorten_end("All animals of the zoo, by keeper", 120, 13) == "All animals of the…"
