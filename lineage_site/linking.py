"""Puts the JavaScript modules of a page into one file, and its style sheets: pure text, no Node.js needed.

Modules are read as ours are written, and biome keeps them so: an import or an export begins a line, names come one by
one, nothing is exported as default, no two modules import each other, none waits at its top level. Anything else is
refused, not guessed at.
"""

import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import rcssmin
import rjsmin

_IMPORT = re.compile(r'^import (?P<names>\{[^}]*\}|\w+) from "(?P<source>\.[^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (?P<name>\w+))", re.MULTILINE)
_EXPORTED = re.compile(r"^export \{(?P<names>[\w\s,]*)\};$", re.MULTILINE)
_OTHER = re.compile(r"^(?:(?:import|export)\b[^(]|(?:const .* = )?await\b).*$", re.MULTILINE)
_LATER = re.compile(r'\bimport\("(?P<source>\.[^"]+)"\)')
_SHEET = re.compile(r'^@import url\("(?P<source>[^"]+)"\) layer\((?P<layer>\w+)\);$', re.MULTILINE)

VENDOR = "vendor/"  # what lies there is served as it is

Read = Callable[[str], str]


class LinkError(ValueError):
    """A file is written in a way that is not understood here."""


@dataclass(frozen=True, slots=True)
class Linked:
    """The files to serve by name, and the names of all that went into them."""

    files: dict[str, str]
    parts: set[str]


@dataclass(frozen=True, slots=True)
class _Module:
    imports: list[tuple[str, str]]  # the module's name, and the pattern that takes its exports apart
    exports: list[str]
    later: list[str]  # what it imports when it is needed
    body: str


def link_modules(entries: Iterable[str], read: Read, base: str) -> Linked:
    """Link each entry with all that it imports, and each module that is imported when it is needed.

    A module goes into the first file that needs it; files after that one import it from there. `base` stands before a
    name in an address, such as "/static/".
    """
    return _Linker(read, base).link(entries)


def link_styles(entry: str, read: Read) -> Linked:
    """Put the style sheets that `entry` imports into it, each in its layer."""
    parts = {entry}

    def inlined(found: re.Match[str]) -> str:
        name = _beside(entry, found["source"])
        parts.add(name)
        text = read(name)
        if "url(" in text or "@import" in text:
            raise LinkError(f"{name}: addresses in a style sheet would be read as those of {entry}.")
        return f"@layer {found['layer']}{{{text}}}"

    text = _SHEET.sub(inlined, read(entry))
    return Linked({entry: minify_style(text)}, parts)


def minify_script(text: str) -> str:
    return str(rjsmin.jsmin(text))


def minify_style(text: str) -> str:
    return str(rcssmin.cssmin(text))


def _beside(name: str, source: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), source))


class _Linker:
    def __init__(self, read: Read, base: str) -> None:
        self._read = read
        self._base = base
        self._modules: dict[str, _Module] = {}
        self._homes: dict[str, str] = {}
        self._signs: dict[str, str] = {}

    def link(self, entries: Iterable[str]) -> Linked:
        files: dict[str, list[str]] = {}
        waiting = list(entries)
        for entry in waiting:
            if self._homes.get(entry, entry) != entry:
                raise LinkError(f"{entry} is imported at once and when it is needed.")
            if entry not in files and not entry.startswith(VENDOR):
                files[entry] = self._place(entry, entry, ())
                waiting += [name for part in files[entry] for name in self._modules[part].later]
        return Linked({entry: self._written(entry, parts) for entry, parts in files.items()}, set(self._homes))

    def _place(self, home: str, name: str, above: tuple[str, ...]) -> list[str]:
        """Return the modules that go into the file `home` for this one, those first that others import."""
        if name in above:
            raise LinkError(f"{name} and {above[-1]} import each other.")
        if name in self._homes or name.startswith(VENDOR):
            return []
        module = self._modules[name] = self._taken_apart(name)
        parts = [part for source, _ in module.imports for part in self._place(home, source, (*above, name))]
        self._homes[name] = home
        return [*parts, name]

    def _taken_apart(self, name: str) -> _Module:
        text = self._read(name)
        imports = [(_beside(name, found["source"]), _pattern(found["names"])) for found in _IMPORT.finditer(text)]
        exports = [found["name"] for found in _EXPORT.finditer(text)]
        exports += [word for found in _EXPORTED.finditer(text) for word in re.findall(r"\w+", found["names"])]
        body = _EXPORT.sub("", _EXPORTED.sub("", _IMPORT.sub("", text)))
        if other := _OTHER.search(body):
            raise LinkError(f"{name}: cannot link {other.group()!r}.")
        body = minify_script(body)  # without comments, in which types are imported
        later = [_beside(name, found["source"]) for found in _LATER.finditer(body)]
        body = _LATER.sub(lambda found: f'import("{self._base}{_beside(name, found["source"])}")', body)
        return _Module(imports, exports, later, body)

    def _written(self, entry: str, parts: list[str]) -> str:
        """A file: imports from other files, every module in a function of its own, and what other files need."""
        needed = {name for part in parts for name, _ in self._modules[part].imports}
        sources = {name: self._homes.get(name, name) for name in sorted(needed)}
        lines = [
            f'import*as {self._sign(name)} from"{self._base}{name}";'
            if source == name
            else f'import{{{self._sign(name)}}}from"{self._base}{source}";'
            for name, source in sources.items()
            if source != entry
        ]
        lines += [self._wrapped(part) for part in parts]
        elsewhere = {
            name
            for user, module in self._modules.items()
            for name, _ in module.imports
            if self._homes[user] != entry and self._homes.get(name) == entry
        }
        lines += [f"export{{{self._sign(name)}}};" for name in sorted(elsewhere)]
        if exports := self._modules[entry].exports:
            lines.append(f"export const{{{','.join(exports)}}}={self._sign(entry)};")
        return "\n".join(lines)

    def _sign(self, name: str) -> str:
        """The variable that holds a module."""
        return self._signs.setdefault(name, f"${len(self._signs)}")

    def _wrapped(self, name: str) -> str:
        module = self._modules[name]
        imports = "".join(f"const{pattern}={self._sign(source)};" for source, pattern in module.imports)
        return f"const {self._sign(name)}=(()=>{{{imports}{module.body}\nreturn{{{','.join(module.exports)}}}}})();"


def _pattern(names: str) -> str:
    """What takes a namespace apart for the names of an import: {a:b} for {a as b}, {default:a} for a."""
    pattern = names if names.startswith("{") else f"{{default:{names}}}"
    return re.sub(r"\s", "", pattern.replace(" as ", ":"))
