"""The animals pipeline, recorded with the wandb SDK as you would write it yourself.

    WANDB_BASE_URL=http://127.0.0.1:8000 WANDB_API_KEY=… python examples/animals.py

Two runs split the same data and log the same `split_zoo_dataset`. Six runs train on it, each logging a model. One run
evaluates the best model and links it to the registry `Model` as `Zoo classifier` with the alias `production`.
Nothing is really learned: the files are small and the numbers made up, so it takes well under a minute.
"""

import argparse
import json
import random
import tempfile
from pathlib import Path
from urllib.parse import quote

import wandb

ANIMALS = ["aardvark", "antelope", "bass", "bear", "boar", "buffalo", "carp", "crab", "dolphin", "duck", "flea", "frog"]
CLASSES = ["mammal", "bird", "reptile", "fish", "amphibian", "insect", "invertebrate"]
MODELS = 6


def write_rows(path: Path, seed: int, count: int) -> None:
    """Write rows of made-up animals; the same seed writes the same bytes."""
    numbers = random.Random(seed)
    rows = [
        {"animal": numbers.choice(ANIMALS), "legs": numbers.choice([0, 2, 4, 6]), "class": numbers.choice(CLASSES)}
        for _ in range(count)
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")


def collect(project: str, folder: Path) -> None:
    """Log the raw data."""
    with wandb.init(project=project, job_type="collect", name="collect-zoo") as run:
        write_rows(folder / "zoo.jsonl", seed=1, count=400)
        raw = wandb.Artifact("zoo_dataset", type="dataset", description="Animals, their legs and their classes")
        raw.add_file(str(folder / "zoo.jsonl"))
        run.log_artifact(raw).wait()


def split(project: str, folder: Path, name: str) -> None:
    """Split the raw data. Whoever does it gets the same files, so both runs log one version."""
    with wandb.init(project=project, job_type="split", name=name, config={"train": 0.8, "seed": 7}) as run:
        run.use_artifact("zoo_dataset:latest").download(root=str(folder / "raw"))
        parts = folder / "split"
        parts.mkdir(exist_ok=True)
        write_rows(parts / "train.jsonl", seed=2, count=320)
        write_rows(parts / "test.jsonl", seed=3, count=80)
        dataset = wandb.Artifact("split_zoo_dataset", type="dataset", metadata={"train_rows": 320, "test_rows": 80})
        dataset.add_dir(str(parts))
        run.log_artifact(dataset).wait()


def train(project: str, folder: Path, number: int) -> tuple[float, str]:
    """Train one model and return its accuracy and its full name."""
    config = {"learning_rate": round(0.1 / (number + 1), 4), "layers": 2 + number % 3, "seed": number}
    with wandb.init(project=project, job_type="training", config=config, tags=["zoo"]) as run:
        run.use_artifact("split_zoo_dataset:latest")
        accuracy = 0.0
        for epoch in range(5):
            accuracy = round(0.6 + 0.05 * epoch + 0.01 * number, 2)
            run.log({"epoch": epoch, "accuracy": accuracy, "loss": round(1 - accuracy, 2)})
        weights = folder / f"model-{number}.json"
        weights.write_text(json.dumps({"weights": [number, *range(8)], **config}), encoding="utf-8")
        model = wandb.Artifact(f"zoo-{run.id}", type="model", metadata={"accuracy": accuracy, **config})
        model.add_file(str(weights), name="model.json")
        run.log_artifact(model, aliases=["candidate"]).wait()
        return accuracy, f"{run.entity}/{project}/{model.name}"


def evaluate(project: str, folder: Path, model_name: str) -> wandb.Artifact:
    """Evaluate a model on the test rows, log a report and promote the model."""
    with wandb.init(project=project, job_type="evaluation") as run:
        model = run.use_artifact(model_name)
        model.download(root=str(folder / "best"))
        run.use_artifact("split_zoo_dataset:latest")
        report = wandb.Artifact("zoo_evaluation", type="report", metadata={"model": model.name})
        with report.new_file("report.json") as file:
            json.dump({"model": model.name, "accuracy": model.metadata["accuracy"]}, file)
        run.log_artifact(report)
        run.link_artifact(model, target_path="wandb-registry-model/Zoo classifier", aliases=["production"])
        run.summary["test_accuracy"] = model.metadata["accuracy"]
        return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--project", default="animals", help="where to record (default: %(default)s)")
    project = parser.parse_args().project
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        collect(project, folder)
        split(project, folder, "split-zoo-1")
        split(project, folder, "split-zoo-2")
        _, best = max(train(project, folder, number) for number in range(MODELS))
        model = evaluate(project, folder, best)
    base = wandb.Api().settings["base_url"].rstrip("/")
    path = "/".join(quote(part, safe="") for part in (model.type, *model.source_name.split(":")))
    print(f"\nLineage: {base}/{quote(model.source_entity)}/{quote(model.source_project)}/artifacts/{path}/lineage")


if __name__ == "__main__":
    main()
