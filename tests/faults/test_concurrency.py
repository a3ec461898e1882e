"""F10, F12, F13: what many do at once leaves one result, no gap, and a log that tells the same story."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import close_old_connections, connection

from registry.core.viewer import Viewer
from registry.models import Action, Alias, Artifact, AuditEvent, CollectionMembership, Edge, Entity, Project
from registry.services import aliases, edges, links
from tests.factories import make_run, make_version
from tests.factories.saving import save_version

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


def _alias_moves(collection_id: int, alias: str) -> Iterator[AuditEvent]:
    return AuditEvent.objects.filter(collection_id=collection_id, alias=alias).order_by("pk").iterator()


def test_f12_fifty_alias_moves_leave_one_holder_and_a_log_that_replays_to_it(as_alice: Viewer, zoo: Project) -> None:
    versions = [make_version(zoo) for _ in range(5)]
    collection = versions[0].collection
    at_once(
        AT_ONCE,
        lambda number: aliases.set_alias(
            viewer=as_alice, collection=collection, artifact=versions[number % 5], name="production"
        ),
    )
    holder = Alias.objects.get(collection=collection, name="production")
    replayed = None
    for event in _alias_moves(collection.pk, "production"):
        assert (event.before or {}).get("artifact") == replayed
        replayed = event.after["artifact"]
    assert replayed == holder.artifact_id


def test_f13_fifty_commits_of_twenty_five_contents_make_twenty_five_versions_without_a_gap(
    as_alice: Viewer, zoo: Project
) -> None:
    saved = at_once(AT_ONCE, lambda number: save_version(as_alice, zoo, {"a.txt": f"content {number % 25}"}))
    committed = Artifact.objects.committed().order_by("version")
    assert list(committed.values_list("version", flat=True)) == list(range(25))
    assert {version.pk for version in saved} == {version.pk for version in committed}
    by_content: dict[str, set[int]] = {}
    for version in saved:
        by_content.setdefault(version.digest, set()).add(version.pk)
    assert all(len(numbers) == 1 for numbers in by_content.values())
    assert AuditEvent.objects.filter(action=Action.VERSION_ADDED).count() == 25


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


def test_f10_the_same_link_sent_fifty_times_at_once_is_one_link_and_one_event(
    as_alice: Viewer, acme: Entity, zoo: Project
) -> None:
    registry = Project.objects.select_related("entity").get(entity=acme, name_key="wandb-registry-model")
    net = make_version(zoo, "net", type_name="model")
    made = at_once(
        AT_ONCE,
        lambda _: (
            links.link_version(
                viewer=as_alice, artifact=net, project=registry, collection_name="Classifier", aliases=["production"]
            ).pk
        ),
    )
    assert len(set(made)) == 1
    assert AuditEvent.objects.filter(action=Action.VERSION_ADDED).count() == 1
    assert AuditEvent.objects.filter(alias="production").count() == 1


def test_f10_the_same_use_recorded_fifty_times_at_once_is_one_edge(as_alice: Viewer, zoo: Project) -> None:
    version, run = make_version(zoo), make_run(zoo)
    at_once(
        AT_ONCE,
        lambda _: edges.record_input(viewer=as_alice, run=run, artifact=version, entity_name="ml", project_name="zoo"),
    )
    assert Edge.objects.get().paths.count() == 1
