"""What a name may look like: as strict as the SDK, minus what would deceive a reader (rows N1, N3, N4, G16)."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.core import names
from registry.core.errors import InvalidInput

CLEANERS: list[Callable[[object], str]] = [
    names.clean_entity,
    names.clean_project,
    names.clean_collection,
    names.clean_type,
    names.clean_run_uid,
    names.clean_alias,
]


@pytest.mark.parametrize("clean", CLEANERS)
@pytest.mark.parametrize(
    "name", ["", " ", ".", "..", "a\0b", "a\nb", "a\u202eb", "a\u2067", "\ud800", "x" * 129, None, 5]
)
def test_n3_what_no_name_may_be(clean: Callable[[object], str], name: object) -> None:
    with pytest.raises(InvalidInput):
        clean(name)


@pytest.mark.parametrize("clean", CLEANERS)
@pytest.mark.parametrize("name", ["a b", "日本", "<script>", '"x"', "{{7*7}}", "x" * 128, "नमस्ते", "a\u200db", "🎉"])
def test_n1_what_every_name_may_be(clean: Callable[[object], str], name: str) -> None:
    assert clean(name) == name


@pytest.mark.parametrize(
    ("clean", "forbidden"),
    [
        (names.clean_entity, "/\\#?%:"),
        (names.clean_project, "/\\#?%:"),
        (names.clean_run_uid, "/\\#?%:"),
        (names.clean_collection, "/"),
        (names.clean_type, "/:"),
        (names.clean_alias, "/:"),
    ],
)
def test_the_sdks_own_forbidden_characters(clean: Callable[[object], str], forbidden: str) -> None:
    for character in forbidden:
        with pytest.raises(InvalidInput):
            clean(f"a{character}b")
    for character in set("/\\#?%:") - set(forbidden):
        assert clean(f"a{character}b") == f"a{character}b"


def test_g16_names_of_versions_are_no_aliases() -> None:
    for name in ("v0", "v3", "v123456"):
        assert names.is_version(name)
        with pytest.raises(InvalidInput):
            names.clean_alias(name)
    for name in ("v", "V3", "v3a", "vv3"):
        assert names.clean_alias(name) == name


@pytest.mark.parametrize("tag", ["a", "two words", "a-b_c", "ünï"])
def test_tags(tag: str) -> None:
    assert names.clean_tag(tag) == tag


@pytest.mark.parametrize("tag", ["", " a", "a ", "a/b", "<b>", "a,b"])
def test_what_no_tag_may_be(tag: str) -> None:
    with pytest.raises(InvalidInput):
        names.clean_tag(tag)


def test_n4_names_are_stored_composed_and_compared_without_case() -> None:
    assert names.clean_project("cafe\u0301") == "caf\u00e9"
    assert names.key("CAFE\u0301") == names.key("caf\u00e9")
    assert names.key("Straße") == names.key("STRASSE")


@given(st.text(max_size=40))
def test_a_cleaned_name_is_clean(name: str) -> None:
    try:
        cleaned = names.clean_collection(name)
    except InvalidInput:
        return
    assert names.clean_collection(cleaned) == cleaned
    assert "/" not in cleaned
    assert cleaned.encode()


def test_registries() -> None:
    assert names.is_registry_project("wandb-registry-model")
    assert names.is_registry_project("WANDB-registry-Model")
    assert not names.is_registry_project("wandb-registry-")
    assert not names.is_registry_project("model")
    assert names.registry_name("wandb-registry-Model") == "Model"
