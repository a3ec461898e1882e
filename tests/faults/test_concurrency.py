"""F11, F13, F14: what comes early is waited for, links have no gap, what is deleted meanwhile leaves nothing behind."""

import contextlib
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import close_old_connections, connection
from pytest_django import Settings

from registry.core.errors import Conflict, NotFound
from registry.core.viewer import Viewer
from registry.models import Alias, Artifact, ArtifactCollection, CollectionMembership, Entity, Project
from registry.queries import sdk_drafts
from registry.queries.sdk_drafts import await_client_id
from registry.services import aliases, artifacts, links, registries, versions
from registry.services.artifacts import NewArtifact
from tests.factories import make_version
from tests.factories.saving import save_version
from tests.faults.test_audit_replay import assert_log_tells_what_is

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 50
Result = TypeVar("Result")


def at_once(count: int, act: Callable[[int], Result]) -> list[Result]:
    """Run `act(0)` to `act(count - 1)` on 16 threads, each with its own connection; errors come through."""

    def one(number: int) -> Result:
        close_old_connections()
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(one, range(count)))


def test_f13_fifty_links_are_numbered_without_a_gap(as_alice: Viewer, acme: Entity, zoo: Project) -> None:
    registry = Project.objects.select_related("entity").get(entity=acme, name_key="wandb-registry-model")
    versions = [make_version(zoo, "net", type_name="model") for _ in range(AT_ONCE)]
    at_once(
        AT_ONCE,
        lambda number: links.link_version(
            viewer=as_alice, artifact=versions[number], project=registry, collection_name="Classifier", aliases=[]
        ),
    )
    numbers = CollectionMembership.objects.order_by("version").values_list("version", flat=True)
    assert list(numbers) == list(range(AT_ONCE))


def test_f11_an_artifact_that_is_asked_for_before_it_is_created_is_waited_for(
    as_alice: Viewer, zoo: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK saves artifacts in parallel: what one refers to may come after it."""

    def create() -> int:
        time.sleep(0.5)
        new = NewArtifact(type_name="t", collection_name="late", digest="0" * 32, client_id="c" * 128)
        return artifacts.log_artifact(viewer=as_alice, project=zoo, run=None, new=new).pk

    def ask() -> int | None:
        found = await_client_id(viewer=as_alice, client_id="c" * 128)
        return found and found.pk

    asked, created = at_once(2, lambda number: create() if number else ask())
    assert asked == created
    monkeypatch.setattr(sdk_drafts, "_PATIENCE_SECONDS", 0)
    assert await_client_id(viewer=as_alice, client_id="d" * 128) is None


def _acts(viewer: Viewer, project: Project, chance: random.Random) -> Callable[[], object]:
    """Return something a client does, with what it read before: by the time it acts, others have acted too."""
    version = Artifact.objects.select_related("collection__project__entity").order_by("pk")[chance.randrange(12)]
    shelf, name = chance.choice(["shelf", "window"]), chance.choice(["latest", "production", "candidate"])
    places = ArtifactCollection.objects.present().select_related("project__entity").filter(project=project)
    place = places.filter(name=chance.choice([shelf, version.collection.name])).first()
    links_in_shelf = places.filter(name=shelf).first()
    acts: list[Callable[[], object]] = [
        lambda: save_version(viewer, project, {"a.txt": str(chance.random())}, name=version.collection.name),
        lambda: versions.delete_version(viewer=viewer, artifact=version, with_aliases=True),
        *[
            lambda: links.link_version(
                viewer=viewer, artifact=version, project=project, collection_name=shelf, aliases=[name]
            )
        ]
        * 3,
    ]
    if place is not None:
        acts += [lambda: aliases.set_alias(viewer=viewer, collection=place, artifact=version, name=name)] * 3
        acts += [lambda: aliases.remove_alias(viewer=viewer, collection=place, artifact=version, name="candidate")]
    if links_in_shelf is not None:
        acts += [lambda: links.unlink_version(viewer=viewer, artifact=version, collection=links_in_shelf)]
        acts += [lambda: registries.delete_collection(viewer=viewer, collection=links_in_shelf)]
    return chance.choice(acts)


@pytest.mark.parametrize("seed", range(3))
def test_f14_what_is_deleted_while_others_work_leaves_nothing_behind(
    as_alice: Viewer, zoo: Project, settings: Settings, tmp_path: Path, seed: int
) -> None:
    settings.DATA_DIR = tmp_path
    for number in range(12):
        save_version(as_alice, zoo, {"a.txt": str(number)}, name=f"data{number % 3}")

    def act(number: int) -> None:
        one = _acts(as_alice, zoo, random.Random(f"{seed} {number}"))
        with contextlib.suppress(NotFound, Conflict):
            one()

    at_once(AT_ONCE * 2, act)
    assert_log_tells_what_is(zoo)
    assert not Alias.objects.exclude(artifact__state=Artifact.State.COMMITTED).exists()
    assert not CollectionMembership.objects.exclude(artifact__state=Artifact.State.COMMITTED).exists()
    assert not Alias.objects.exclude(collection__deleted_at=None).exists()
    assert not CollectionMembership.objects.exclude(collection__deleted_at=None).exists()
    for collection in ArtifactCollection.objects.filter(project=zoo, kind=ArtifactCollection.Kind.SEQUENCE):
        numbers = collection.artifacts.exclude(version=None).order_by("version").values_list("version", flat=True)
        assert list(numbers) == list(range(collection.next_version))
