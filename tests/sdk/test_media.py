"""Tables, pictures, sounds and pages inside artifacts, in a run's metrics, and back in another process."""

from urllib.parse import unquote

import pytest

from tests.sdk.conftest import Script
from tests.sdk.pages import Pages

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]

SAVE = """
import pathlib, wave, wandb
import PIL.Image
pathlib.Path("d").mkdir()
with wave.open("d/tone.wav", "wb") as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(8000); file.writeframes(bytes(1600))
PIL.Image.new("RGB", (4, 3), "red").save("d/red.png")
pathlib.Path("d/page.html").write_text("<b>page</b>")
def picture(): return wandb.Image("d/red.png", caption="a red one", classes=[{"id": 1, "name": "cat"}])
def sound(): return wandb.Audio("d/tone.wav", caption="low")
with wandb.init(project="sights", id="media-1", name="media-1") as run:
    kept = wandb.Artifact("kept", "dataset")
    table = wandb.Table(columns=["id", "image", "sound"], data=[[1, picture(), sound()]])
    kept.add(table, "table")
    kept.add(picture(), "picture")
    kept.add(sound(), "sound")
    kept.add(wandb.Html("d/page.html"), "page")
    kept.add(wandb.Table(columns=["id", "label"], data=[[1, "one"]]), "labels")
    kept.add(wandb.JoinedTable("table.table.json", "labels.table.json", "id"), "joined")
    kept.add(wandb.Table(columns=["id"], data=[[5]]), "parts/one")
    kept.add(wandb.data_types.PartitionedTable("parts"), "whole")
    kept["by key"] = wandb.Table(columns=["k"], data=[["v"]])
    run.log_artifact(kept).wait()
    run.log({"shown": table, "image": picture(), "sound": sound(), "page": wandb.Html("d/page.html")})
"""
USE = """
import pathlib, wandb
with wandb.init(project="sights", id="media-2", name="media-2") as run:
    used = run.use_artifact("kept:latest")
    row = used.get("table").data[0]
    print(row[0], type(row[1]).__name__, type(row[2]).__name__)
    print(used.get("picture").image.size, used.get("sound")._caption)
    print(pathlib.Path(used.get("page")._path).read_text().endswith("<b>page</b>"))
    print(used.get("labels").data, used["by key"].data, type(used.get("joined")).__name__)
    print([row for _, row in used.get("whole").iterrows()], used.get("nothing"))
    print(run.use_artifact("run-media-1-shown:latest").get("shown").data[0][0])
run = wandb.Api().run("sights/media-1")
print(sorted(file.name.rpartition("/")[0] for file in run.files() if file.name.startswith("media")))
print(sorted((key, value["_type"]) for key, value in run.summary.items() if not key.startswith("_")))
"""


def test_media_in_artifacts_and_metrics_come_back(script: Script, pages: Pages) -> None:
    assert script(SAVE).refused() == []
    outcome = script(USE, WANDB_CACHE_DIR="another-cache")
    assert outcome.refused() == []
    assert outcome.printed == [
        "1 Image Audio",
        "(4, 3) low",
        "True",
        "[[1, 'one']] [['v']] JoinedTable",
        "[[5]] None",
        "1",
        "['media/audio', 'media/html', 'media/images', 'media/table']",
        "[('image', 'image-file'), ('page', 'html-file'), ('shown', 'table-file'), ('sound', 'audio-file')]",
    ]
    version = "/alice/sights/artifacts/dataset/kept/v0"
    shown = pages.main(f"{version}/files", preview="labels.table.json")
    assert "label" in shown
    assert "one" in shown
    folders = pages.links(f"{version}/files", folder="media/images/")
    folder = next(unquote(link.partition("folder=")[2]) for link in folders if len(link) > 40 and "images%2F" in link)
    picture = pages.fetch(f"{version}/files/image", path=f"{folder}red.png")
    assert picture.startswith(b"\x89PNG")
    assert pages.lineage(version).edges() == [
        ("kept:v0", "media-2"),
        ("media-1", "kept:v0"),
    ]
