"""A believable lineage graph in memory: the same seed and sizes give the same rows.

A family is an experiment: raw data, preprocessing, training runs (a heavy tail of 4 … 300), models, evaluations,
reports; a third of the families fine-tune a recent model, 4 % of the runs read from another project, six hub
datasets are read all over, the first by exactly `hub` runs; there are a chain of 400 hops, and runs with 2,000 inputs
or outputs. A larger graph begins with the families of a smaller one, whose lineage no later family makes longer.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

# of which one is chosen: what is older is left alone
RECENT_MODELS, RECENT_DATASETS = 2000, 100


@dataclass
class Graph:
    """Rows by number: `runs` are (project, job type), `artifacts` (collection, version), `edges`
    (run, artifact, direction). Numbers start at 1 and grow with time.
    """

    seed: int = 7
    projects: int = 20
    collections: list[tuple[int, str, str]] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    runs: list[tuple[int, str]] = field(default_factory=list)
    artifacts: list[tuple[int, int]] = field(default_factory=list)
    edges: set[tuple[int, int, int]] = field(default_factory=set)
    hubs: list[int] = field(default_factory=list)
    chain_start: int = 0
    wide_output: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def collection(self, project: int, type_name: str) -> int:
        self.collections.append((project, type_name, f"{type_name}-{len(self.collections) + 1}"))
        self.versions.append(0)
        return len(self.collections)

    def run(self, project: int, job_type: str, inputs: Iterable[int] = ()) -> int:
        self.runs.append((project, job_type))
        self.edges |= {(len(self.runs), artifact, 0) for artifact in inputs}
        return len(self.runs)

    def log(self, run: int, collection: int) -> int:
        self.artifacts.append((collection, self.versions[collection - 1]))
        self.versions[collection - 1] += 1
        if run:
            self.edges.add((run, len(self.artifacts), 1))
        return len(self.artifacts)

    def some_project(self) -> int:
        return min(self.projects, int(self.random.paretovariate(0.9)))


def generate(*, families: int, hub: int, seed: int = 7) -> Graph:
    """Build the graph in memory."""
    graph = Graph(seed=seed)
    for number in range(6):
        project = 1 if number == 0 else graph.some_project()
        graph.hubs.append(graph.log(graph.run(project, "ingest"), graph.collection(project, "dataset")))
    models: list[int] = []
    processed: list[int] = []
    for _ in range(families):
        _add_family(graph, models, processed)
    _add_chain(graph, 200)
    _add_wide_runs(graph, models)
    _add_hub_readers(graph, hub)
    return graph


def _add_family(graph: Graph, models: list[int], processed: list[int]) -> None:
    chance, project = graph.random, graph.some_project()
    raw, clean = graph.collection(project, "dataset"), graph.collection(project, "dataset")
    code = graph.log(0, graph.collection(project, "code"))
    sources = [graph.log(graph.run(project, "ingest"), raw) for _ in range(chance.randint(1, 3))]
    hub = [graph.hubs[chance.randrange(1, 6)]] if chance.random() < 0.6 else []
    mine = [graph.log(graph.run(project, "preprocess", [*sources, code, *hub]), clean) for _ in range(2)]
    earlier = [chance.choice(models[-RECENT_MODELS:])] if models and chance.random() < 0.35 else []
    results, reports = graph.collection(project, "model"), graph.collection(project, "report")
    size = min(300, 4 + int(chance.paretovariate(1.1) * 8))
    for _ in range(size):
        inputs = [*mine, code, *earlier, *hub]
        if processed and chance.random() < 0.04:
            inputs.append(chance.choice(processed[-RECENT_DATASETS:]))
        run = graph.run(project, "sweep" if size > 60 else "train", inputs)
        logged = [graph.log(run, results) for _ in range(1 + (chance.random() < 0.3))]
        if chance.random() < 0.2:
            graph.log(graph.run(project, "evaluate", [logged[0], mine[0], code]), reports)
        models.append(logged[0])
    processed += mine


def _add_chain(graph: Graph, links: int) -> None:
    project = graph.some_project()
    models = graph.collection(project, "model")
    last = graph.chain_start = graph.log(graph.run(project, "train"), models)
    for _ in range(links):
        last = graph.log(graph.run(project, "train", [last]), models)


def _add_wide_runs(graph: Graph, models: Sequence[int]) -> None:
    project = graph.some_project()
    graph.log(graph.run(project, "evaluate", models[-2000:]), graph.collection(project, "report"))
    splitting, shards = graph.run(project, "preprocess", [graph.hubs[2]]), graph.collection(project, "dataset")
    graph.wide_output = graph.log(splitting, shards)
    for _ in range(1999):
        graph.log(splitting, shards)


def _add_hub_readers(graph: Graph, hub: int) -> None:
    """Training runs of five projects read the first hub; each logs one to three checkpoints, and two of three runs
    are evaluated.
    """
    models = {project: graph.collection(project, "model") for project in range(1, 6)}
    reports = {project: graph.collection(project, "report") for project in range(1, 6)}
    for number in range(hub):
        project = graph.random.randint(1, 5)
        run = graph.run(project, "train", [graph.hubs[0]])
        checkpoints = [graph.log(run, models[project]) for _ in range(1 + number % 3)]
        if number % 3:
            graph.log(graph.run(project, "evaluate", checkpoints), reports[project])
