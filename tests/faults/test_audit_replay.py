"""REG-6: replaying the audit log gives the present state, whatever people did, in whatever order."""

from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from registry.core.errors import LineageError
from registry.core.viewer import Viewer
from registry.models import (
    Action,
    Alias,
    Artifact,
    ArtifactCollection,
    AuditEvent,
    CollectionMembership,
    Entity,
    Project,
)
from registry.services import aliases, links, registries, versions
from registry.services.projects import ensure_project
from tests.factories.saving import save_version

_machines = count()
NAMES = st.sampled_from(["latest", "production", "candidate", "v3"])


def replay(collection_id: int) -> tuple[dict[str, int], dict[int, int]]:
    """Return aliases (name → version id) and members (version id → number) as the log tells them."""
    held: dict[str, int] = {}
    members: dict[int, int] = {}
    for event in AuditEvent.objects.filter(collection_id=collection_id).order_by("pk"):
        match event.action:
            case Action.ALIAS_ADDED:
                assert event.alias not in held
                held[event.alias] = event.artifact_id
            case Action.ALIAS_MOVED:
                assert held[event.alias] == event.before["artifact"]
                held[event.alias] = event.artifact_id
            case Action.ALIAS_REMOVED:
                assert held.pop(event.alias) == event.artifact_id
            case Action.VERSION_ADDED:
                assert event.artifact_id not in members
                members[event.artifact_id] = event.version
            case Action.VERSION_REMOVED | Action.VERSION_DELETED:
                assert members.pop(event.artifact_id) == event.version
    return held, members


def assert_log_tells_what_is(project: Project) -> None:
    """Compare every collection of the project with what its log replays to."""
    for collection in ArtifactCollection.objects.filter(project=project):
        held, members = replay(collection.pk)
        assert held == dict(Alias.objects.filter(collection=collection).values_list("name", "artifact_id"))
        rows: object
        if collection.is_portfolio:
            rows = CollectionMembership.objects.filter(collection=collection).values_list("artifact_id", "version")
        else:
            rows = Artifact.objects.committed().filter(collection=collection).values_list("pk", "version")
        assert members == dict(rows)


class Curation(RuleBasedStateMachine):
    """What members do to a sequence and two portfolios; a refused step must leave no trace."""

    saved = Bundle("saved")

    @initialize()
    def prepare(self) -> None:
        self.viewer = Viewer.system()
        entity = Entity.objects.get(name_key="ml")
        self.project = ensure_project(viewer=self.viewer, entity=entity, name=f"zoo-{next(_machines)}")

    def attempt(self, act: object) -> None:
        before = AuditEvent.objects.count()
        try:
            act()  # type: ignore[operator]
        except LineageError:
            assert AuditEvent.objects.count() == before

    @rule(target=saved, content=st.integers(0, 4))
    def save(self, content: int) -> int:
        return save_version(self.viewer, self.project, {"a.txt": f"content {content}"}).pk

    @rule(version=saved, shelf=st.sampled_from(["shelf", "window"]), names=st.lists(NAMES, max_size=2))
    def link(self, version: int, shelf: str, names: list[str]) -> None:
        artifact = self._artifact(version)
        self.attempt(
            lambda: links.link_version(
                viewer=self.viewer, artifact=artifact, project=self.project, collection_name=shelf, aliases=names
            )
        )

    @rule(version=saved, shelf=st.sampled_from(["shelf", "window"]))
    def unlink(self, version: int, shelf: str) -> None:
        collection = self._collection(shelf)
        if collection is not None:
            artifact = self._artifact(version)
            self.attempt(lambda: links.unlink_version(viewer=self.viewer, artifact=artifact, collection=collection))

    @rule(version=saved, place=st.sampled_from(["zoo", "shelf", "window"]), name=NAMES, gives=st.booleans())
    def alias(self, version: int, place: str, name: str, gives: bool) -> None:
        collection = self._collection(place)
        if collection is None:
            return
        act = aliases.set_alias if gives else aliases.remove_alias
        artifact = self._artifact(version)
        self.attempt(lambda: act(viewer=self.viewer, collection=collection, artifact=artifact, name=name))

    @rule(version=saved, with_aliases=st.booleans())
    def delete(self, version: int, with_aliases: bool) -> None:
        artifact = self._artifact(version)
        self.attempt(lambda: versions.delete_version(viewer=self.viewer, artifact=artifact, with_aliases=with_aliases))

    @rule(place=st.sampled_from(["shelf", "window", "zoo"]), is_meant=st.sampled_from([False, False, True]))
    def delete_collection(self, place: str, is_meant: bool) -> None:
        """Delete a collection; the one that runs log into rarely, for nothing is left to do without it."""
        collection = self._collection(place)
        if collection is not None and (collection.is_portfolio or is_meant):
            self.attempt(lambda: registries.delete_collection(viewer=self.viewer, collection=collection))

    @invariant()
    def the_log_tells_what_is(self) -> None:
        assert_log_tells_what_is(self.project)

    def _artifact(self, pk: int) -> Artifact:
        return Artifact.objects.select_related("collection__project__entity").get(pk=pk)

    def _collection(self, name: str) -> ArtifactCollection | None:
        present = ArtifactCollection.objects.present().select_related("project__entity")
        return present.filter(project=self.project, name=name).first()


def test_reg_6_replaying_the_log_gives_the_present_state(ml: Entity) -> None:
    run_state_machine_as_test(
        Curation,
        settings=settings(
            max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
