"""How the demo ends: models are evaluated, and one goes through the registry into another project."""

from collections.abc import Sequence
from typing import Any

from registry.core import clock
from registry.core.names import REGISTRY_PREFIX
from registry.core.viewer import ActorKind, Viewer
from registry.management.demo.recorder import Job, Output, Recorder
from registry.management.demo.story import ORGANIZATION, PEOPLE, TEAM, Story
from registry.management.demo.texts import ABOUT, NAMES, csv_of, metrics_of
from registry.queries.accounts import get_organization
from registry.services import aliases, curation, links
from registry.services.projects import ensure_project


def evaluate(story: Story, model: Any, sweep: Sequence[Any]) -> None:
    """The good model is evaluated and exported; a night set is read by four runs, a field set by five."""
    story.zoo.record(
        Job(
            name="glamorous-planet-41",
            job_type="evaluate",
            author="priya-nair",
            start=story.at(34, 1),
            minutes=12,
            inputs=[model],
            summary={"test/accuracy": 0.938, "test/rare_class_recall": 0.81},
            outputs=[
                Output("zoo-report", "report", {"report.json": metrics_of(model.pk)}, metadata={"accuracy": 0.938})
            ],
        )
    )
    for readers, name, job_type in ((4, "night_shots", "audit"), (5, "field_test", "benchmark")):
        dataset = story.zoo.record(
            Job(
                name=f"{name.split('_')[0]}-walk-{40 + readers}",
                job_type="ingest",
                author="sam-okafor",
                start=story.at(35, readers),
                minutes=20,
                outputs=[Output(name, "dataset", {"pictures.csv": csv_of(name)}, metadata={"pictures": 400 + readers})],
            )
        )[0]
        for number in range(readers):
            failed = job_type == "audit" and number == 2
            story.zoo.record(
                Job(
                    name=f"{NAMES[-1 - number - readers]}-{46 + number + readers}",
                    job_type=job_type,
                    author=list(PEOPLE)[number % 4],
                    start=story.at(36, readers + number),
                    minutes=9,
                    inputs=[dataset, model if number == 0 else sweep[number]],
                    summary={} if failed else {"accuracy": round(0.7 + story.random.random() * 0.2, 3)},
                    exit_code=1 if failed else 0,
                )
            )


def release(story: Story, split: Any, model: Any, sweep: Sequence[Any]) -> None:
    """The registry: production was a model of the sweep until the good one took its place."""
    system = Viewer.system()
    organization = get_organization(viewer=system, name=ORGANIZATION)
    registry = ensure_project(viewer=system, entity=organization, name=f"{REGISTRY_PREFIX}Model")
    datasets = ensure_project(viewer=system, entity=organization, name=f"{REGISTRY_PREFIX}Dataset")
    for version in (split, model, sweep[0]):
        about = ABOUT[version.collection.name]
        with clock.at(story.at(31)):
            curation.change_collection(viewer=system, collection=version.collection, description=about)
    jo, lena = (story.zoo.viewer(name, ActorKind.SESSION) for name in ("jo-mara", "lena-ortiz"))
    for day, viewer, version, names in (
        (33, lena, sweep[3], ["production"]),
        (35, jo, sweep[11], ["candidate"]),
        (38, jo, model, ["production"]),
    ):
        with clock.at(story.at(day, 5)):
            links.link_version(
                viewer=viewer, artifact=version, project=registry, collection_name="Zoo classifier", aliases=names
            )
    with clock.at(story.at(39)):
        links.link_version(viewer=lena, artifact=split, project=datasets, collection_name="Zoo split", aliases=["gold"])
        aliases.protect_alias(viewer=system, project=registry, name="production")
        aliases.protect_alias(viewer=system, project=datasets, name="gold")
    Recorder(TEAM, "field-app").record(
        Job(
            name="gentle-rollout-1",
            job_type="deploy",
            author="sam-okafor",
            start=story.at(40, 2),
            minutes=3,
            inputs=[model],
            through=f"{ORGANIZATION}/{REGISTRY_PREFIX}Model",
            config={"target": "ranger-tablet", "registry": "Zoo classifier:production"},
            outputs=[Output("ranger-bundle", "bundle", {"manifest.json": '{"model": "zoo-qne08r7u:v0"}'})],
        )
    )
