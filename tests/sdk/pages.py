"""What a person sees: the site's pages and downloads, read by somebody who is signed in."""

import http.cookiejar
import itertools
import urllib.request
from collections.abc import Iterator
from urllib.parse import quote, urlencode
from xml.etree.ElementTree import Element

import html5lib

from tests.server import LiveServer


class Pages:
    """Reads pages as the user of the site, signed in by the form."""

    def __init__(self, site: LiveServer) -> None:
        self._site = site
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        form = self.read("/sign-in")
        token = next(one for one in form.iter("input") if one.get("name") == "csrfmiddlewaretoken").get("value")
        given = {"username": site.username, "password": site.password, "csrfmiddlewaretoken": str(token)}
        self._open("/sign-in", urlencode(given).encode())

    def read(self, address: str, **query: str) -> Element:
        """Return a page; the address may be whole or a path with its names as they are."""
        body = self.fetch(address, **query)
        page: Element = html5lib.parse(body, namespaceHTMLElements=False)
        return page

    def fetch(self, address: str, **query: str) -> bytes:
        """Return the bytes at an address."""
        return self._open(address + (f"?{urlencode(query)}" if query else ""))

    def _open(self, address: str, form: bytes | None = None) -> bytes:
        full = address if "://" in address else self._site.url + quote(address, safe="/?&=%+")
        request = urllib.request.Request(full, form, headers={"Referer": f"{self._site.url}/sign-in"})
        with self._opener.open(request, timeout=30) as answer:
            content: bytes = answer.read()
            return content

    def details(self, address: str) -> dict[str, str]:
        """Return the names and values that a page lists."""
        terms = [one for one in self.read(address).iter() if one.tag in {"dt", "dd"}]
        return {
            text(name): text(value)
            for name, value in itertools.pairwise(terms)
            if (name.tag, value.tag) == ("dt", "dd")
        }

    def main(self, address: str, **query: str) -> str:
        """Return the text of a page without its frame."""
        return " ".join(text(one) for one in self.read(address, **query).iter("main"))

    def links(self, address: str, **query: str) -> list[str]:
        """Return where the links of a page lead."""
        return [str(one.get("href")) for one in self.read(address, **query).iter("a")]

    def lineage(self, address: str) -> "Graph":
        return Graph(self.read(f"{address}/lineage"))


class Graph:
    """The drawn nodes of a Lineage page and the edges between them."""

    def __init__(self, page: Element) -> None:
        self.nodes = {str(one.get("data-node")): one for one in page.iter("li") if one.get("data-node")}

    def named(self, kind: str) -> list[str]:
        """Return the names of the nodes of one kind, sorted."""
        return sorted(str(one.get("data-name")) for one in self.nodes.values() if one.get("data-kind") == kind)

    def edges(self) -> list[tuple[str, str]]:
        """Return the edges by the names of their ends, sorted."""
        return sorted(self._pairs())

    def _pairs(self) -> Iterator[tuple[str, str]]:
        for node in self.nodes.values():
            for key in str(node.get("data-outputs")).split():
                yield str(node.get("data-name")), str(self.nodes[key].get("data-name"))


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def fields(page: Element) -> dict[str, str]:
    """Return the marked fields of a page, such as those of a preview."""
    return {str(one.get("data-field")): text(one) for one in page.iter() if one.get("data-field")}
