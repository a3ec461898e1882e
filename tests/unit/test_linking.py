"""Linking of modules and style sheets; node runs what comes out."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from lineage_site.linking import LinkError, link_modules, link_styles
from lineage_site.static_files import MODULES

ROOT = Path(__file__).resolve().parents[2]
PAGE = {
    "js/page/index.js": 'import { count as counted } from "../lib/count.js";\nimport { twice } from "./twice.js";\n'
    'import tool from "../../vendor/tool.mjs";\n'
    '/** @param {import("./other.js").Other} x */\nconst own = (x) => x;\n'
    'console.log(own(counted()), twice(), tool());\nimport("./later.js").then(({ more }) => more());\n',
    "js/page/twice.js": 'import { count } from "../lib/count.js";\nconst own = 2;\n'
    "export function twice() {\n  count();\n  return count() * own;\n}\n",
    "js/lib/count.js": "let own = 0;\nexport const count = () => {\n  own += 1;\n  return own;\n};\n",
    "js/page/later.js": 'import { count } from "../lib/count.js";\nimport { word } from "./word.js";\n'
    "export async function more() {\n  console.log(word, count());\n}\n",
    "js/page/word.js": 'const word = "later";\n\nexport { word };\n',
    "vendor/tool.mjs": 'export default () => "tool";\n',
}


def linked(files: Mapping[str, str], folder: Path) -> dict[str, str]:
    made = link_modules(["js/page/index.js"], files.__getitem__, f"file://{folder}/").files
    for name, text in {**made, "vendor/tool.mjs": PAGE["vendor/tool.mjs"]}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return made


def test_linked_modules_do_what_they_did(tmp_path: Path) -> None:
    for name, text in PAGE.items():
        (tmp_path / "written" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "written" / name).write_text(text)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    made = linked(PAGE, tmp_path / "linked")
    assert set(made) == {"js/page/index.js", "js/page/later.js"}, "one file at once, one when it is needed"
    said = [
        subprocess.run(
            ["node", tmp_path / folder / "js/page/index.js"], capture_output=True, text=True, timeout=60, check=True
        ).stdout
        for folder in ("written", "linked")
    ]
    assert said[0] == said[1] == "1 6 tool\nlater 4\n", "the count goes on: its module is there once"


def test_a_linked_file_is_the_same_every_time(tmp_path: Path) -> None:
    assert linked(PAGE, tmp_path) == linked(PAGE, tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("js/page/twice.js", 'import * as all from "../lib/count.js";\n', "cannot link"),
        ("js/page/twice.js", "export default function twice() {}\n", "cannot link"),
        ("js/page/twice.js", "export let twice = 1;\n", "cannot link"),
        ("js/page/twice.js", 'import { word } from "./word.js";\nimport "./word.js";\n', "cannot link"),
        ("js/page/twice.js", 'const { more } = await import("./later.js");\n', "cannot link"),
        ("js/lib/count.js", 'import { twice } from "../page/twice.js";\n', "import each other"),
        ("js/page/twice.js", 'import { more } from "./later.js";\n', "at once and when it is needed"),
    ],
)
def test_what_is_not_understood_is_refused(name: str, text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(LinkError, match=reason):
        linked({**PAGE, name: text}, tmp_path)


def test_style_sheets_go_into_one_each_in_its_layer() -> None:
    files = {
        "css/all.css": '@layer a, b;\n@import url("one.css") layer(a);\n@import url("parts/two.css") layer(b);\n',
        "css/one.css": "/* first */\nb { color: red; }\n",
        "css/parts/two.css": "i > b { width: calc(1px + 2px); }\n",
    }
    made = link_styles("css/all.css", files.__getitem__)
    assert made.files == {"css/all.css": "@layer a,b;@layer a{b{color:red}}@layer b{i>b{width:calc(1px + 2px)}}"}
    assert made.parts == set(files)
    for text in ('b { background: url("x.png"); }', '@import url("three.css");'):
        with pytest.raises(LinkError, match="addresses"):
            link_styles("css/all.css", {**files, "css/one.css": text}.__getitem__)


def test_every_module_that_a_page_names_is_linked() -> None:
    script = re.compile(r"""<script type="module" src="\{% static '([^']+)' %\}">""")
    pages = (ROOT / "templates").rglob("*.html")
    assert {name for page in pages for name in script.findall(page.read_text())} == set(MODULES)
