"""The Lineage tab as a test drives it: by its documented hooks and by what is on screen."""

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Route

LINEAGE = "/wildlife/zoo/artifacts/dataset/split_zoo_dataset/v0/lineage"
SOURCES = Path(__file__).parent.parent.parent / "static"


@dataclass
class LineagePage:
    page: Page

    def open(self, query: str = "", path: str = LINEAGE) -> "LineagePage":
        self.page.goto(path + query)
        return self.ready()

    def ready(self) -> "LineagePage":
        self.page.wait_for_selector("[data-lineage-state=ready]", state="attached")
        return self

    def with_modules(self) -> "LineagePage":
        """Let the page import single modules from /source/; the site itself serves them linked into one."""

        def serve(route: Route) -> None:
            path = SOURCES / urlsplit(route.request.url).path.removeprefix("/source/")
            route.fulfill(path=path, content_type="text/javascript")

        self.page.route("**/source/**", serve)
        return self

    @property
    def drawn(self) -> int:
        return int(self.page.evaluate("window.lineageReady"))

    @property
    def container(self) -> Locator:
        return self.page.locator("[data-lineage-state]")

    def entry(self, name: str) -> Locator:
        return self.page.locator(f'.outline [data-node][data-name="{name}"]')

    def key(self, name: str) -> str:
        return str(self.entry(name).get_attribute("data-node"))

    def names(self) -> list[str]:
        # without scripts a step loads a page, and the bar over the list is there before the whole list
        self.page.wait_for_load_state()
        return self.page.locator(".outline [data-node]").evaluate_all("all => all.map(one => one.dataset.name)")  # type: ignore[no-any-return]

    def place(self, name: str) -> dict[str, float]:
        """The middle of a card on the screen."""
        place: dict[str, Any] | None = self.page.evaluate("key => window.lineagePlace(key)", self.key(name))
        assert place is not None, f"{name} is not drawn"
        return place

    def click_card(self, name: str) -> None:
        place = self.place(name)
        self.page.mouse.click(place["x"], place["y"])

    def hover_card(self, name: str) -> None:
        place = self.place(name)
        self.page.mouse.move(place["x"], place["y"], steps=3)

    def drag_card(self, name: str, right: float, down: float) -> None:
        place = self.place(name)
        self.page.mouse.move(place["x"], place["y"])
        self.page.mouse.down()
        self.page.mouse.move(place["x"] + right, place["y"] + down, steps=5)
        self.page.mouse.up()

    def field(self, name: str) -> str:
        return self.page.locator(f'.panel [data-field="{name}"]').inner_text()

    @property
    def live(self) -> str:
        return self.page.locator("#live").inner_text()


COUNT_DIFFERENCES = """async ([one, other]) => {
    const pixels = async text => {
        const image = new Image();
        image.src = "data:image/png;base64," + text;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height).data;
    };
    const [a, b] = [await pixels(one), await pixels(other)];
    let count = 0;
    for (let at = 0; at < a.length; at += 4)
        if ([0, 1, 2].some(part => Math.abs(a[at + part] - b[at + part]) > 24)) count += 1;
    return count;
}"""


def differing_pixels(page: Page, one: bytes, other: bytes) -> int:
    """How many pixels of two pictures of one size differ by more than a shade."""
    blank = page.context.new_page()
    count: int = blank.evaluate(COUNT_DIFFERENCES, [b64encode(one).decode(), b64encode(other).decode()])
    blank.close()
    return count
