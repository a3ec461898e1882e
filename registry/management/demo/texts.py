"""The words and the small files of the demo."""

import hashlib

SPECIES = (
    "aardvark",
    "bongo",
    "cheetah",
    "dik-dik",
    "eland",
    "fennec",
    "gerenuk",
    "hyena",
    "impala",
    "jackal",
    "kudu",
    "lion",
    "okapi",
    "serval",
    "zebra",
)
NAMES = (
    "amber-savanna", "brisk-gazelle", "copper-dune", "drifting-crane", "eager-meerkat", "fabled-baobab", "gentle-rhino",
    "hidden-oasis", "ivory-moon", "jolly-warthog", "keen-falcon", "lucky-weaver", "mellow-hippo", "nimble-oryx",
    "olive-grove", "proud-acacia", "quiet-leopard", "rapid-impala", "solar-plain", "tidy-mongoose", "upbeat-stork",
    "vivid-sunbird", "wandering-kudu", "young-giraffe", "zealous-bat", "bold-ibis", "calm-caracal", "dusty-track",
    "early-thunder", "first-rain", "grand-kopje", "humble-tortoise", "iron-termite", "jade-chameleon", "kind-elephant",
    "lively-zebra", "morning-roar", "noble-buffalo", "open-sky", "plain-wanderer",
)  # fmt: skip


# what the pages of collections say
ABOUT = {
    "split_zoo_dataset": "Train, validation and test parts of the zoo pictures, split by camera.",
    "zoo-qne08r7u": "The ResNet-50 that goes to the rangers' tablets.",
    "zoo-sweep": "Twelve trainings over learning rate and batch size; one of them may become the next candidate.",
}


def csv_of(seed: str, rows: int = 40) -> str:
    """Return a small table of pictures, the same for the same seed."""
    lines = ["picture,camera,species"]
    for row in range(rows):
        digest = hashlib.sha256(f"{seed} {row}".encode()).digest()
        lines.append(f"{digest[:6].hex()}.jpg,camera-{digest[6] % 18:02},{SPECIES[digest[7] % len(SPECIES)]}")
    return "\n".join(lines) + "\n"


def weights_of(number: int) -> str:
    """Return text that stands for a model's weights: 64 kB, different for each run."""
    return (hashlib.sha256(f"weights {number}".encode()).hexdigest() * 1024)[:65_536]


def metrics_of(number: int) -> str:
    return f'{{"accuracy": 0.938, "rare_class_recall": 0.81, "checked": {number}}}\n'


def describe_split() -> str:
    return (
        "## Split for the zoo classifier\n\n"
        "80 / 10 / 10 of `zoo_images_raw:v3`, stratified by class and by camera: no camera appears in two parts. "
        "Near duplicates were removed first (perceptual hash, distance below 6).\n\n"
        "## Known limits\n\n"
        "- Night pictures are 4 % of the test part and 9 % in the field.\n"
        "- The okapi class has 61 pictures; do not report it alone.\n"
    )
