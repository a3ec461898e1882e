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


def test_thousands_of_keys_come_in_pages(get: Get, net: Artifact) -> None:
    _put(net, {f"key{number}": number for number in range(5000)})
    page = get(ADDRESS)
    assert "Rows 1 to 1,000" in page
    assert page.count('scope="row"') == 1000
    assert "key4999" in page
    last = get(f"{ADDRESS}?start=4500")
    assert "Rows 4,501 to 5,000" in last
    assert last.count('scope="row"') == 500
    assert 'rel="next"' not in last


def test_deep_nesting_is_shown(get: Get, net: Artifact) -> None:
    deep: object = "end"
    for _ in range(60):
        deep = {"k": deep}
    _put(net, deep)
    assert "end" in get(ADDRESS)


def test_none_says_how_to_record_some(get: Get, net: Artifact) -> None:
    assert "No metadata" in get(ADDRESS)


def test_long_json_is_folded(get: Get, net: Artifact) -> None:
    _put(net, {"short": 1})
    assert "<details open>" in get(ADDRESS)
    _put(net, {"long": ["x" * 100] * 300})
    assert "<details open>" not in get(ADDRESS)


def test_keys_and_values_are_found_wherever_they_stand(get: Get, net: Artifact) -> None:
    _put(net, {"optimiser": {"lr": 0.1}, "note": "Warm-up LR", "other": {"x": 1}, **{f"k{n}": n for n in range(2000)}})
    page = get(f"{ADDRESS}?q=lr")
    rows = page.split("<tbody>")[1].split("</tbody>")[0]
    assert rows.count("<tr>") == 2
    assert "optimiser.lr" in rows
    assert "Warm-up LR" in rows
    assert "k1999" in get(f"{ADDRESS}?q=1999").split("<tbody>")[1].split("</tbody>")[0]
    assert "Nothing matches" in get(f"{ADDRESS}?q=absent")
    get(f"{ADDRESS}?start=-1", status=400)
    get(f"{ADDRESS}?start={10**20}", status=400)
