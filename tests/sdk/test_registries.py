"""`Api().registries()`: making, searching, members, deleting, by the real SDK."""

import pytest

from tests.sdk.conftest import Script
from tests.server import LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]

PREPARE = """
import wandb
api = wandb.Api()
def saved(run, name, kind="model"):
    artifact = wandb.Artifact(name, kind)
    with artifact.new_file("n.txt") as file: file.write(name)
    return run.log_artifact(artifact).wait()
"""


def test_a_registry_is_made_filled_searched_renamed_and_deleted(script: Script, organization: str) -> None:
    outcome = script(
        PREPARE
        + """
made = api.create_registry("fleet", "organization", organization="lineage", description="d", artifact_types=["model"])
print(made.name, made.visibility, list(made.artifact_types), made.allow_all_artifact_types, made.description)
try: api.create_registry("fleet", "organization", organization="lineage")
except ValueError as error: print(error)
with wandb.init(project="fleet", id="fleet-1") as run:
    saved(run, "ship").link("lineage/wandb-registry-fleet/ships", aliases=["sea"])
    try: saved(run, "cargo", "dataset").link("lineage/wandb-registry-fleet/boxes")
    except Exception as error: print("accepts model" in str(error))
made.description = "new"; made.artifact_types.append("dataset"); made.save()
again = wandb.Api().registry("fleet", "lineage")
print(again.description, sorted(again.artifact_types))
print([one.name for one in api.registries("lineage", filter={"name": {"$regex": "^wandb-registry-flee"}})])
found = api.registries("lineage", filter={"name": "fleet"})
print([one.name for one in found.collections()], len(found.collections()))
print([one.qualified_name for one in found.versions(filter={"alias": "sea"})])
print([one.name for one in found.collections(filter={"name": "ships"}).versions()], [v.name for v in again.versions()])
print([(one.user.username, one.role) for one in again.user_members()][0], again.team_members())
again.name = "navy"; again.save()
print(wandb.Api().artifact("wandb-registry-navy/ships:sea").source_qualified_name)
wandb.Api().registry("navy", "lineage").delete()
try: wandb.Api().registry("navy", "lineage")
except ValueError as error: print(error)
print(wandb.Api().artifact("fleet/ship:v0").linked_artifacts)
"""
    )
    assert outcome.printed == [
        "fleet organization ['model'] False d",
        "Registry 'fleet' already exists in organization 'lineage', please use a different name.",
        "True",
        "new ['dataset', 'model']",
        "['fleet']",
        "['ships'] 1",
        "['lineage/wandb-registry-fleet/ships:v0']",
        "['ships:v0'] ['ships:v0']",
        "('alice', 'admin') []",
        "alice/fleet/ship:v0",
        "Failed to load registry 'navy' in organization 'lineage'.",
        "[]",
    ]
    assert outcome.refused() == [("POST /graphql LinkArtifact", "409")]


def test_members_get_roles(script: Script, site: LiveServer, organization: str) -> None:
    site.create_user("rita", password="rita-password")
    site.manage("create_team", "sailors", "--organization", organization, "--member", site.username)
    outcome = script(
        PREPARE
        + """
registry = api.create_registry("closed", "restricted", organization="lineage")
rita = api.user("rita")
# others may have joined the organisation meanwhile
def users(): return [one for one in members() if one[0] in ("alice", "rita")]
def members(): return [(one.user.username, one.role) for one in registry.user_members()]
registry.add_members(rita)
print(users())
registry.update_member(rita, role="admin")
print(users())
registry.remove_members(rita)
print(registry.visibility, users())
team = api.team("sailors")
def teams(): return [(one.team.name, one.role) for one in registry.team_members()]
registry.add_members(team)
print(teams(), registry.members()[-1].kind.value)
registry.update_member(team, role="member")
print(teams())
registry.remove_members(team)
print(teams())
registry.delete()
"""
    )
    assert outcome.printed == [
        "[('alice', 'admin'), ('rita', 'viewer')]",
        "[('alice', 'admin'), ('rita', 'admin')]",
        "restricted [('alice', 'admin')]",
        "[('sailors', 'viewer')] Entity",
        "[('sailors', 'member')]",
        "[]",
    ]
    assert outcome.refused() == []
