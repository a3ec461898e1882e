"""The Metadata tab: a tree and the raw JSON."""

from registry.models import Artifact
from tests.views.conftest import Get

ADDRESS = "/ml/zoo/artifacts/model/net/v0/metadata"


def _put(net: Artifact, metadata: object) -> None:
    Artifact.objects.filter(pk=net.pk).update(metadata=metadata)


def test_it_shows_a_tree_and_the_json(get: Get, net: Artifact) -> None:
    _put(
        net, {"classes": 42, "split": {"train": 0.8}, "cams": ["a", "b"], "steps": [{"name": "dedupe"}], "": "nameless"}
    )
    page = get(ADDRESS)
    assert 'class="depth-1" title="split.train"' in page
    assert "0.8" in page
    assert 'title="steps.0.name"' in page
    assert "nameless" in page
    assert "&quot;classes&quot;: 42" in page


def test_markup_in_values_stays_text(get: Get, net: Artifact) -> None:
    nasty = "</script><!--<b>\u2028{{ 7*7 }}"
    _put(net, {nasty: nasty})
    page = get(ADDRESS)
    assert "&lt;/script&gt;&lt;!--&lt;b&gt;\u2028{{ 7*7 }}" in page
    assert "</script><!--" not in page


def test_thousands_of_keys_are_cut_and_it_says_so(get: Get, net: Artifact) -> None:
    _put(net, {f"key{number}": number for number in range(5000)})
    page = get(ADDRESS)
    assert "The first 1,000 rows" in page
    assert page.count('scope="row"') == 1000
    assert "key4999" in page


def test_deep_nesting_is_shown(get: Get, net: Artifact) -> None:
    deep: object = "end"
    for _ in range(60):
        deep = {"k": deep}
    _put(net, deep)
    assert "end" in get(ADDRESS)


def test_none_says_how_to_record_some(get: Get, net: Artifact) -> None:
    assert "No metadata" in get(ADDRESS)
