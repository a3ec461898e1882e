"""What happened in the demo: a zoo classifier, from camera pictures to the registry.

It holds what a reader of lineage meets: two runs that log the same split, levels of 4, 5 and 30 runs, content that is
logged again, a run that uses what it logs, an input from another project, a deleted version, a run still going, and an
alias in the registry that has moved.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from registry.core import clock
from registry.core.viewer import Role, Viewer
from registry.management.demo.recorder import Job, Output, Recorder
from registry.management.demo.texts import NAMES, SPECIES, csv_of, describe_split, weights_of
from registry.queries.accounts import get_user
from registry.services import accounts, versions

ORGANIZATION, TEAM, PROJECT = "savanna-labs", "wildlife", "zoo"
DEMO_PATH = f"/{TEAM}/{PROJECT}/artifacts/dataset/split_zoo_dataset/v0/lineage"
PEOPLE = {
    "jo-mara": "Jo Mara",
    "lena-ortiz": "Lena Ortiz",
    "sam-okafor": "Sam Okafor",
    "priya-nair": "Priya Nair",
}


def prepare_people(owner: str) -> None:
    """Make the organisation, the team and its members; `owner` administers both."""
    viewer = Viewer.system()
    organization = accounts.create_organization(viewer=viewer, name=ORGANIZATION)
    team = accounts.create_team(viewer=viewer, name=TEAM, organization=organization)
    members = [accounts.create_user(viewer=viewer, username=name, name=full)[0] for name, full in PEOPLE.items()]
    for user in members:
        accounts.join_organization(viewer=viewer, organization=organization, user=user)
        accounts.add_member(viewer=viewer, entity=team, user=user)
    administrator = get_user(viewer=viewer, username=owner)
    for entity in (organization, team):
        accounts.add_member(viewer=viewer, entity=entity, user=administrator, role=Role.ADMIN)
    accounts.set_home_organization(viewer=viewer, user=administrator, organization=organization)


class Story:
    """Records one chapter after the other; each returns the versions that the next one needs."""

    def __init__(self, today: datetime) -> None:
        self.day_zero = today.replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=44)
        self.random = random.Random(7)  # noqa: S311 - believable, not secret
        self.zoo = Recorder(TEAM, PROJECT)

    def at(self, day: int, hour: int = 0, minute: int = 0) -> datetime:
        return self.day_zero + timedelta(days=day, hours=hour, minutes=minute)

    def record(self) -> tuple[Any, Any, Sequence[Any]]:
        """Record everything up to the training; return the split, the good model and the sweep's."""
        dump = self.collect()
        raw, labels = self.prepare(dump)
        split = self.split(raw, labels)
        model, sweep = self.train(split)
        return split, model, sweep

    def collect(self) -> Any:
        """In another project: the pictures of the cameras, two versions."""
        cameras = Recorder(TEAM, "camera-traps")
        dumps = [
            cameras.record(
                Job(
                    name=name,
                    job_type="ingest",
                    author="sam-okafor",
                    start=self.at(number, 1),
                    minutes=52,
                    config={"sites": 12 + 6 * number, "resolution": "1920x1080"},
                    outputs=[
                        Output(
                            "camera_dump",
                            "dataset",
                            {f"site-{site:02}.csv": csv_of(f"dump {number} {site}") for site in range(6 + 3 * number)},
                            description="Everything the camera traps sent, unsorted.",
                            metadata={"pictures": 18_204 + 9_410 * number, "sites": 12 + 6 * number},
                        )
                    ],
                )
            )[0]
            for number, name in enumerate(("dusk-patrol-1", "dawn-patrol-2"))
        ]
        return dumps[1]

    def prepare(self, dump: Any) -> tuple[Any, Any]:
        """Raw pictures in four versions, labels of which the first is logged again, one clean-up of its own input."""
        raws = []
        for number, name in enumerate(("first-light-1", "misty-creek-2", "silent-heron-3", "golden-thicket-4")):
            raws += self.zoo.record(
                Job(
                    name=name,
                    job_type="ingest",
                    author="lena-ortiz",
                    start=self.at(4 + 2 * number),
                    minutes=31,
                    inputs=[dump],
                    config={"min_side": 256, "deduplicate": number > 1},
                    outputs=[self._raw(number)],
                )
            )
        self.zoo.record(
            Job(
                name="polite-otter-5",
                job_type="verify",
                author="lena-ortiz",
                start=self.at(11, 2),
                minutes=6,
                inputs=[raws[3]],
                outputs=[self._raw(3)],
                notes="Read everything back and logged it again: nothing had changed.",
            )
        )
        with clock.at(self.at(15)):
            versions.delete_version(viewer=self.zoo.viewer("lena-ortiz"), artifact=raws[0])
        return raws[3], self._label(raws[3])[0]

    def _label(self, raw: Any) -> list[Any]:
        """Three passes of labelling; the third logs the content of the first again."""
        labels: list[Any] = []
        for number, name in ((0, "patient-lemur-6"), (1, "hasty-lemur-7"), (0, "steady-lemur-8")):
            labels += self.zoo.record(
                Job(
                    name=name,
                    job_type="label",
                    author="priya-nair",
                    start=self.at(12 + len(labels), 3),
                    minutes=180,
                    inputs=[raw],
                    notes="The hasty pass mixed up okapi and zebra: back to the first labels."
                    if len(labels) == 2
                    else "",
                    outputs=[
                        Output(
                            "zoo_labels",
                            "labels",
                            {"labels.csv": csv_of(f"labels {number}"), "classes.txt": "\n".join(SPECIES)},
                            description="One label per picture, agreed by two people.",
                            metadata={"classes": len(SPECIES), "agreement": 0.97 - 0.08 * number},
                            aliases=["reviewed"] if number == 0 else [],
                        )
                    ],
                )
            )
        return labels

    @staticmethod
    def _raw(number: int) -> Output:
        return Output(
            "zoo_images_raw",
            "dataset",
            {f"part-{part}.csv": csv_of(f"raw {number} {part}") for part in range(8)},
            description="Pictures with an animal in them, before any split.",
            metadata={"pictures": 9_800 + 1_214 * number, "cameras": 18},
        )

    def split(self, raw: Any, labels: Any) -> Any:
        """Two runs log the same split: one version, two producers."""
        output = Output(
            "split_zoo_dataset",
            "dataset",
            {f"{part}.csv": csv_of(f"split {part}") for part in ("train", "validation", "test")},
            description=describe_split(),
            metadata={
                "train": 10_754,
                "validation": 1_344,
                "test": 1_344,
                "seed": 11,
                "stratified_by": ["class", "camera"],
            },
            aliases=["clean-split"],
            tags=["eu-ok", "no-faces"],
        )
        for number, (name, author) in enumerate((("ancient-forest-9", "jo-mara"), ("dulcet-sound-10", "priya-nair"))):
            logged = self.zoo.record(
                Job(
                    name=name,
                    job_type="split",
                    author=author,
                    start=self.at(17 + number),
                    minutes=4,
                    inputs=[raw, labels],
                    config={"seed": 11, "parts": [0.8, 0.1, 0.1]},
                    outputs=[output],
                )
            )
        return logged[0]

    def train(self, split: Any) -> tuple[Any, Sequence[Any]]:
        """Thirty runs of two job types read the split; one is the good one, twelve of the others save a model."""
        model: Any = None
        sweep: list[Any] = []
        for number in range(30):
            is_best, is_finetune = number == 3, number >= 24
            saves = is_best or (4 <= number < 16) or 24 <= number < 27
            accuracy = 0.941 if is_best else round(0.82 + self.random.random() * 0.1, 4)
            name = "zesty-snowball-14" if is_best else f"{NAMES[number]}-{number + 11}"
            going, failed = number == 29, number in {17, 21}
            logged = self.zoo.record(
                Job(
                    name=name,
                    job_type="finetune" if is_finetune else "train",
                    author=list(PEOPLE)[number % 4],
                    start=self.at(20 + number // 3, 2 * (number % 3), 42)
                    if not going
                    else clock.now() - timedelta(hours=2),
                    minutes=78 if is_best else self.random.randint(35, 160),
                    inputs=[split],
                    config=self._config(is_best=is_best),
                    summary={}
                    if failed or going
                    else {"val/accuracy": accuracy, "val/loss": round(1 - accuracy, 4), "epoch": 24},
                    group="resnet-baseline" if not is_finetune else "finetune-night",
                    tags=["baseline"] if number < 4 else [],
                    exit_code=1 if failed else 0,
                    is_going=going,
                    outputs=[self._model(number, accuracy)] if saves else [],
                )
            )
            if is_best:
                model = logged[0]
            elif saves and not is_finetune:
                sweep += logged
        return model, sweep

    def _config(self, *, is_best: bool) -> dict[str, Any]:
        return {
            "arch": "resnet50",
            "batch_size": 128 if is_best else self.random.choice([64, 128, 256]),
            "lr": 0.0008 if is_best else round(self.random.uniform(0.0002, 0.002), 5),
            "epochs": 24,
            "augment": {"flip": True, "night": self.random.random() < 0.4},
        }

    @staticmethod
    def _model(number: int, accuracy: float) -> Output:
        name = "zoo-qne08r7u" if number == 3 else "zoo-finetuned" if number >= 24 else "zoo-sweep"
        return Output(
            name,
            "model",
            {"model.safetensors": weights_of(number), "config.json": f'{{"arch": "resnet50", "run": {number}}}'},
            description="ResNet-50, first to pass the rare-class gate." if number == 3 else "",
            metadata={"val_accuracy": accuracy, "parameters": 25_557_032},
            aliases=["best"] if number == 3 else [],
        )
