"""Registries through `wandb.Api()` once versions are linked there: paths, filters, edits through links, lineage."""

import pytest

from tests.sdk.conftest import Script
from tests.sdk.pages import Pages
from tests.server import LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]

SCRIPT = """
import wandb
def told(call):
    try: return call()
    except Exception as error: return f"{type(error).__name__} {error}"
def saved(run, name, text, kind="model"):
    one = wandb.Artifact(name, kind)
    with one.new_file("n.txt") as file: file.write(text)
    return run.log_artifact(one).wait()
def names(found): return [one.name for one in found]
api = wandb.Api()
api.create_registry("Search", "organization", organization="lineage", artifact_types=["model", "dataset"])
with wandb.init(project="shop", id="shop-1", name="shop-1") as run:
    ships = [saved(run, "ship", str(number)) for number in range(3)]
    for one, aliases in zip(ships, (["a"], ["b"], [])):
        link = one.link("wandb-registry-search/Ships", aliases=aliases)
    print(link.version, link.is_link, link.source_artifact.qualified_name, link.source_collection.name, link.name)
    link = run.link_artifact(saved(run, "box", "box", "dataset"), "lineage/wandb-registry-Search/Boxes")
    print(link.qualified_name)
with wandb.init(project="shop", id="shop-2", name="shop-2") as run:
    for path in ("wandb-registry-Search/Ships:a", "lineage/wandb-registry-search/Ships:v1", "shop/ship:v1"):
        used = run.use_artifact(path); print(used.qualified_name, used.source_version, used.aliases)
    print([one.id for one in used.used_by()], used.logged_by().id)
print("organization" in told(lambda: api.artifact("nowhere/wandb-registry-Search/Ships:a")))
print([one.qualified_name for one in api.artifact("shop/ship:v1").linked_artifacts])
registry = api.registry("Search", "lineage")
print(names(registry.collections()), len(registry.collections(per_page=1)), names(registry.collections(order="-name")))
print(names(registry.versions()), names(registry.versions({"alias": "latest"})))
print(names(registry.collections({"name": {"$regex": "Sh"}}).versions({"alias": {"$in": ["a", "b"]}})))
print(names(api.registries("lineage", {"name": {"$in": ["Search"]}}, per_page=1)))
boats = registry.collections({"name": "Ships"})[0]
print(boats.type, sorted(boats.aliases), boats.is_sequence(), [one.version for one in boats.artifacts()])
boats.description = "ships"; boats.tags = ["floats"]; boats.name = "Boats"; boats.save()
print(names(api.registry("Search", "lineage").collections({"tag": "floats"})))
link = api.artifact("wandb-registry-Search/Boats:a")
link.aliases.append("prod"); link.description = "through the link"; link.save()
source = wandb.Api().artifact("shop/ship:v0"); print(source.description, source.aliases)
print(wandb.Api().artifact("wandb-registry-Search/Boats:prod").source_version)
link.unlink()
api.artifact("wandb-registry-Search/Boats:v1").delete(delete_aliases=True)
left = api.artifacts("model", "wandb-registry-Search/Boats")
print([one.version for one in left], api.artifact("shop/ship:v1").version)
print([api.artifact_exists(f"wandb-registry-Search/Boats:v{number}") for number in (0, 2)],
      [api.artifact_collection_exists(f"wandb-registry-Search/{name}", "model") for name in ("Boats", "Ships")])
print([one.version for one in api.artifact("shop/ship:v0").linked_artifacts])
"""


def test_linked_versions_are_found_edited_used_and_unlinked(
    script: Script, organization: str, pages: Pages, site: LiveServer
) -> None:
    outcome = script(SCRIPT)
    assert outcome.refused() == []
    assert outcome.printed == [
        "v2 True alice/shop/ship:v2 ship Ships:v2",
        "lineage/wandb-registry-Search/Boxes:v0",
        "lineage/wandb-registry-Search/Ships:a v0 ['a']",
        "lineage/wandb-registry-Search/Ships:v1 v1 ['b']",
        "alice/shop/ship:v1 v1 []",
        "['shop-2'] shop-1",
        "True",
        "['lineage/wandb-registry-Search/Ships:v1']",
        "['Boxes', 'Ships'] 2 ['Ships', 'Boxes']",
        "['Ships:v0', 'Ships:v1', 'Ships:v2', 'Boxes:v0'] ['Ships:v2', 'Boxes:v0']",
        "['Ships:v0', 'Ships:v1']",
        "['Search']",
        "model ['a', 'b', 'latest'] False ['v2', 'v1', 'v0']",
        "['Boats']",
        "through the link []",
        "v0",
        "['v2'] v1",
        "[False, True] [True, False]",
        "[]",
    ]
    # the edge is to the source, with the path by which it was named: one use by both names is one edge with both paths
    assert site.query(
        "answer = sorted([edge.artifact.version, sorted(edge.paths.values_list('entity_name', 'project_name'))]"
        " for edge in Edge.objects.filter(run__uid='shop-2'))"
    ) == [[0, [["lineage", "wandb-registry-Search"]]], [1, [["alice", "shop"], ["lineage", "wandb-registry-Search"]]]]
    registry = pages.main("/registry/Search/Boats/versions")
    assert all(words in registry for words in ("Boats", "ships", "v2"))
    assert "not linked" in pages.main("/alice/shop/artifacts/model/ship/v0")
    usage = pages.main("/alice/shop/artifacts/model/ship/v1/usage")
    assert all(words in usage for words in ("shop-2", "Search"))
    graph = pages.lineage("/registry/Search/Boats/v2")
    assert graph.named("run") == ["shop-1"]
    assert pages.fetch("/registry/Search/Boats/v2/files/download", path="n.txt") == b"2"
