"""Linking into registries and portfolios, and using what is there."""

import pytest

from tests.sdk.conftest import Script
from tests.server import LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]

PREPARE = """
import pathlib, wandb
pathlib.Path("f.txt").write_text("weights")
def model(name):
    artifact = wandb.Artifact(name, type="model"); artifact.add_file("f.txt"); return artifact
"""


def test_a_version_is_linked_from_a_users_project_and_used_through_the_registry(
    script: Script, site: LiveServer
) -> None:
    outcome = script(
        PREPARE
        + """
with wandb.init(project="linking", id="link-1") as run:
    logged = run.log_artifact(model("net"))
    linked = run.link_artifact(logged, "wandb-registry-model/Personal net", aliases=["production"])
    print(linked.version, sorted(linked.aliases), linked.source_qualified_name, linked.is_link)
    again = run.link_artifact(logged, "lineage/wandb-registry-MODEL/Personal net")
    print("again", again.version)
    fresh = run.link_artifact(logged, "wandb-registry-Brand new/some <b>nets")
    print("fresh", fresh.version, fresh.qualified_name)
with wandb.init(project="linking", id="link-2") as run:
    used = run.use_artifact("wandb-registry-model/Personal net:production")
    print("used", used.name, used.source_name, pathlib.Path(used.download(), "f.txt").read_text())
    print("linked", [one.qualified_name for one in wandb.Api().artifact("alice/linking/net:v0").linked_artifacts])
    used.unlink()
    try: run.use_artifact("wandb-registry-model/Personal net:production")
    except Exception as error: print(error)
"""
    )
    assert outcome.printed == [
        "v0 ['latest', 'production'] alice/linking/net:v0 True",
        "again v0",
        "fresh v0 lineage/wandb-registry-Brand new/some <b>nets:v0",
        "used Personal net:production net:v0 weights",
        "linked ['lineage/wandb-registry-Model/Personal net:v0', 'lineage/wandb-registry-Brand new/some <b>nets:v0']",
        "artifact membership 'Personal net:production' not found in 'lineage/wandb-registry-model'",
    ]
    assert outcome.refused() == []
    assert site.query(
        "edge = Edge.objects.get(run__uid='link-2')\n"
        "answer = [edge.artifact.collection.name, list(edge.paths.values_list('entity_name', 'project_name'))]"
    ) == ["net", [["lineage", "wandb-registry-Model"]]]


def test_a_teams_version_is_read_through_the_registry_by_who_may_not_see_its_project(
    script: Script, site: LiveServer
) -> None:
    site.manage("create_team", "vision", "--organization", "lineage", "--member", "alice")
    charlie = site.create_user("charlie")
    outcome = script(
        PREPARE
        + """
with wandb.init(entity="vision", project="secret", id="team-1") as run:
    run.link_artifact(run.log_artifact(model("eyes")), "wandb-registry-model/Eyes", aliases=["staging"])
    print(run.entity, [one.name for one in wandb.Api().artifacts("model", "vision/secret/eyes")])
"""
    )
    assert outcome.printed == ["vision ['eyes:v0']"]
    reader = script(
        """
        import pathlib, wandb
        with wandb.init(project="reader", id="team-2") as run:
            used = run.use_artifact("wandb-registry-model/Eyes:staging")
            print(used.version, pathlib.Path(used.download(), "f.txt").read_text())
            try: run.use_artifact("vision/secret/eyes:v0")
            except Exception as error: print(error)
        """,
        api_key=charlie,
    )
    assert reader.printed == ["v0 weights", "project 'secret' not found under entity 'vision'"]
    assert site.query("answer = Edge.objects.get(run__uid='team-2').artifact.collection.project.name") == "secret"


def test_another_type_is_refused_with_the_reason(script: Script) -> None:
    outcome = script(
        PREPARE
        + """
with wandb.init(project="linking") as run:
    logged = run.log_artifact(model("typed"))
    logged.wait()
    try: run.link_artifact(logged, "wandb-registry-dataset/Wrong")
    except Exception as error: print(error)
    other = wandb.Artifact("other", type="weights"); other.add_file("f.txt")
    run.link_artifact(logged, "mixed")
    try: run.link_artifact(run.log_artifact(other), "mixed")
    except Exception as error: print(error)
"""
    )
    assert outcome.printed == [
        "The registry 'Dataset' accepts dataset; the artifact's type is 'model'.",
        "The collection 'mixed' holds artifacts of type 'model'; it cannot take one of type 'weights'.",
    ]


ODD_NAMES = [
    "with spaces",
    "ünïcödé 日本",
    "<script>alert(1)<b>",
    "n" * 128,
    "{{7*7}}",
    "100%25",
    "what?#no",
    "'; DROP",
]


def test_n1_odd_names_are_taken_literally(script: Script, site: LiveServer) -> None:
    outcome = script(
        PREPARE
        + f"""
with wandb.init(project="odd <b>names", job_type="<i>job", name="<u>run") as run:
    artifact = wandb.Artifact("plain", type="<type>"); artifact.add_file("f.txt")
    logged = run.log_artifact(artifact, aliases=["álias 🎉"])
    for name in {ODD_NAMES!r}:
        linked = run.link_artifact(logged, name)
        content = pathlib.Path(run.use_artifact(name + ":v0").download(root="out"), "f.txt").read_text()
        print(linked.name == name + ":v0", run.use_artifact(name + ":latest").version, content)
"""
    )
    assert outcome.printed == ["True v0 weights"] * len(ODD_NAMES)
    assert site.query(
        f"answer = ArtifactCollection.objects.filter(name__in={ODD_NAMES!r}, project__name='odd <b>names').count()"
    ) == len(ODD_NAMES)
    assert site.query("run = Run.objects.get(name='<u>run')\nanswer = run.group.job_type") == "<i>job"
