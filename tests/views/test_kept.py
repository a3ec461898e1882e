"""Fragments of pages that are rendered once for equal values."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import caches
from django.test.signals import template_rendered

from registry.queries.places import Place
from registry.queries.trees import Tree, TreeCollection, TreeType
from registry.templatetags.kept import MOST_CHARACTERS, kept


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    caches["fragments"].clear()


def tree(*names: str) -> Tree:
    """A tree made anew at each call, so that nothing of it is the same object."""
    collections = tuple(TreeCollection(name, "model", 3) for name in names)
    return Tree(Place(1, "acme", "zoo"), (TreeType("model", len(names), is_open=True, collections=collections),))


@contextmanager
def rendered() -> Iterator[list[str]]:
    found: list[str] = []

    def note(*, template: Any, **_: object) -> None:
        found.append(template.name)

    template_rendered.connect(note)
    try:
        yield found
    finally:
        template_rendered.disconnect(note)


def test_equal_values_are_rendered_once() -> None:
    first = kept("includes/tree.html", tree=tree("net"), tab="files")
    with rendered() as templates:
        again = kept("includes/tree.html", tree=tree("net"), tab="files")
    assert again == first
    assert ">net<" in again
    assert templates == []


@pytest.mark.parametrize(
    ("changed", "tab", "text"),
    [
        (tree("net", "dog"), "files", ">dog<"),
        (Tree(Place(1, "acme", "park"), tree("net").types), "files", "/acme/park/"),
        (Tree(Place(1, "acme", "zoo"), tree("net").types, has_more=True), "files", "More types"),
    ],
    ids=["a row more", "another project", "one flag"],
)
def test_a_change_anywhere_in_the_values_shows_at_once(changed: Tree, tab: str, text: str) -> None:
    assert text not in kept("includes/tree.html", tree=tree("net"), tab=tab)
    assert text in kept("includes/tree.html", tree=changed, tab=tab)


def test_names_are_escaped_where_they_are_kept() -> None:
    for _ in range(2):
        assert "<script>" not in kept("includes/tree.html", tree=tree("<script>"), tab="")


def test_what_is_very_long_is_rendered_anew() -> None:
    long = "n" * MOST_CHARACTERS
    kept("includes/tree.html", tree=tree(long), tab="")
    with rendered() as templates:
        assert long in kept("includes/tree.html", tree=tree(long), tab="")
    assert "includes/tree.html" in templates
