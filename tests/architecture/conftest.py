"""Two organisations, a private project full of marked words, and somebody in every position towards it."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from registry.core.viewer import Role, Viewer
from registry.models import Artifact, ArtifactCollection, ArtifactManifest, ClientId, Entity, Project, Run, User
from registry.queries.accounts import get_viewer
from registry.services import accounts, artifacts, invitations, links, manifests, projects
from tests.factories import logged, make_run
from tests.factories.saving import save_version

# whatever only members may know holds this word; what is linked to the registry shows its type, files and metadata
MARK = "otter"
WORDS = {
    "organization": "acme",
    "entity": "ml",
    "project": "otterproject",
    "type_name": "model",
    "collection": "net",
    "version": "v0",
    "uid": "otterrun",
    "registry": "Holt",
    "username": "mia",
    "form": "json",
    "path": "weights.txt",
    "kind": "artifact",
}


@dataclass
class World:
    """What the addresses and operations of the table speak of."""

    people: dict[str, User]
    team: Entity
    project: Project
    registry: Project
    run: Run
    artifact: Artifact
    draft: Artifact
    manifest: ArtifactManifest
    portfolio: ArtifactCollection
    client_id: ClientId
    numbers: dict[str, int]
    keys: dict[str, str] = field(default_factory=dict)

    def browser(self, actor: str) -> Client:
        """Return the actor's browser; `key` has no session but sends the admin's API key."""
        if actor == "anonymous":
            return Client()
        if actor == "key":
            return Client(headers={"Authorization": f"Bearer {self.keys['admin']}"})
        browser = Client()
        browser.force_login(User.objects.get(pk=self.people[actor].pk))
        return browser


def _people(acme: Entity, team: Entity, other: Entity) -> dict[str, User]:
    system = Viewer.system()
    people: dict[str, User] = {}
    for actor, name in zip(
        ("outsider", "stranger", "viewer", "member", "admin"), ("olga", "sam", "vera", "mia", "ada"), strict=True
    ):
        organization = other if actor == "outsider" else acme
        people[actor] = accounts.new_user(
            viewer=system, username=name, password=f"{name}-password", name="", organization=organization
        )
        accounts.add_member(viewer=system, entity=organization, user=people[actor])
        if actor in set(Role):
            accounts.add_member(viewer=system, entity=team, user=people[actor], role=Role(actor))
    return people


@pytest.fixture
def world(acme: Entity, settings: Settings, tmp_path: Path) -> World:
    settings.DATA_DIR = tmp_path
    system = Viewer.system()
    other = accounts.create_organization(viewer=system, name="umbrella")
    team = accounts.create_team(viewer=system, name="ml", organization=acme)
    people = _people(acme, team, other)
    admin = get_viewer(user_id=people["admin"].pk)
    project = projects.ensure_project(viewer=admin, entity=team, name=WORDS["project"])
    project.description = f"{MARK} words"
    project.save(update_fields=["description"])
    run = make_run(project, f"{MARK} run", uid=WORDS["uid"], created_by=people["admin"])
    artifact = save_version(admin, project, {"weights.txt": "bytes"}, name="net", type_name="model", run=run)
    logged_by_hand = make_run(project, f"{MARK} eval", uid="otter2")
    logged(logged_by_hand, save_version(admin, project, {"more.txt": "x"}, name="eggs", type_name="model"))
    registry = projects.ensure_project(viewer=system, entity=acme, name="wandb-registry-Holt")
    membership = links.link_version(
        viewer=admin, artifact=artifact, project=registry, collection_name="lynx", aliases=["production"]
    )
    new = artifacts.NewArtifact(type_name="model", collection_name="net", digest="0" * 32)
    draft = artifacts.log_artifact(viewer=admin, project=project, run=run, new=new)
    manifest = manifests.announce_manifest(
        viewer=admin, artifact=draft, kind="FULL", name="wandb_manifest.json", digest="", base=None
    )
    client_id = ClientId.objects.create(client_id=f"{MARK}-client", artifact=artifact)
    invitation, _ = invitations.invite_member(viewer=admin, entity=team, role=Role.VIEWER)
    root, _ = accounts.create_user(viewer=system, username="root")
    key, _ = accounts.create_api_key(viewer=system, user=root)
    numbers = {"invitation_revoke": invitation.pk, "key_revoke": key.pk}
    made = {actor: accounts.create_api_key(viewer=system, user=user)[1] for actor, user in people.items()}
    return World(
        people,
        team,
        project,
        registry,
        run,
        artifact,
        draft,
        manifest,
        membership.collection,
        client_id,
        numbers,
        made,
    )
