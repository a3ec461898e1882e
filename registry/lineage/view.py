"""What a person asks to see of a lineage graph, as a value that reads from and writes to an address."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar
from urllib.parse import urlencode

from registry.core.errors import InvalidInput
from registry.lineage.graph import CLUSTER_KEY, NODE_KEY, NodeRef
from registry.lineage.rows import Row

MOST_HOPS: Final = 64
MOST_ENTRIES: Final = 500
LONGEST_NAME: Final = 256
MOST_TYPES: Final = 100

Choice = TypeVar("Choice", bound=enum.StrEnum)


class Orientation(enum.StrEnum):
    """Which way the arrows go on screen."""

    RIGHT = "right"
    DOWN = "down"


class Colour(enum.StrEnum):
    """What the colour of a card tells; `kind` is the plain picture, green and blue."""

    KIND = "kind"
    TYPE = "type"
    JOB = "job"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on: what it is about, what it is set to, and the view without it."""

    key: str
    label: str
    value: str
    without: ViewState


@dataclass(frozen=True, slots=True)
class ViewState:
    """One view. Hops of None mean all; empty `types` and `jobs` mean every one; the order of `extracted` and
    `expanded` is the order in which it was asked for, which the layout follows. `focus` is the active node, from
    which hops count; empty, it is the page's own. `rows` is what cards show beside type and name.
    """

    focus: str = ""
    up: int | None = None
    down: int | None = None
    types: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    extended: bool = False
    generated: bool = False
    expand: bool = False
    hidden: tuple[str, ...] = ()
    extracted: tuple[str, ...] = ()
    expanded: tuple[str, ...] = ()
    selected: str = ""
    orientation: Orientation = Orientation.RIGHT
    colour: Colour = Colour.KIND
    rows: tuple[Row, ...] = ()

    @classmethod
    def parse(cls, query: Mapping[str, list[str]]) -> ViewState:
        """The view that the parameters of an address describe; other parameters are left alone.

        Raise InvalidInput, naming the parameter, for anything that is not well-formed.
        """
        return cls(
            focus=_one_node(query, "focus"),
            up=_hops(query, "up"),
            down=_hops(query, "down"),
            types=_names(query, "type"),
            jobs=_names(query, "job"),
            extended=_flag(query, "extended"),
            generated=_flag(query, "generated"),
            expand=_flag(query, "expand"),
            hidden=tuple(sorted(_keys(query, "hidden", (NODE_KEY, CLUSTER_KEY)), key=_key_order)),
            extracted=_keys(query, "extracted", (NODE_KEY,)),
            expanded=_keys(query, "expanded", (CLUSTER_KEY,)),
            selected=_selected(query),
            orientation=_choice(query, "orientation", Orientation),
            colour=_choice(query, "colour", Colour),
            rows=_rows(query),
        )

    def to_query(self) -> str:
        """The canonical text of the view: the same view is always the same text, the default view is ""."""
        pairs = [("focus", self.focus)] if self.focus else []
        pairs += [(name, str(hops)) for name, hops in (("up", self.up), ("down", self.down)) if hops is not None]
        pairs += [("type", name) for name in sorted(set(self.types))]
        pairs += [("job", name) for name in sorted(set(self.jobs))]
        pairs += [(name, "1") for name in ("extended", "generated", "expand") if getattr(self, name)]
        hidden = sorted(set(self.hidden), key=_key_order)
        lists = (("hidden", hidden), ("extracted", self.extracted), ("expanded", self.expanded))
        pairs += [(name, ",".join(dict.fromkeys(keys))) for name, keys in lists if keys]
        pairs += [("selected", self.selected)] if self.selected else []
        choices = (("orientation", self.orientation, Orientation.RIGHT), ("colour", self.colour, Colour.KIND))
        pairs += [(name, chosen.value) for name, chosen, default in choices if chosen is not default]
        pairs += [("rows", ",".join(row for row in Row if row in self.rows))] if self.rows else []
        return urlencode(pairs, safe=",")

    def chips(self) -> tuple[Chip, ...]:
        """What narrows or widens this view, in the order of the panel. What is hidden has a list of its own."""
        found = [Chip("focus", "Focus", self.focus, replace(self, focus=""))] if self.focus else []
        found += [
            Chip("type", "Type", name, replace(self, types=tuple(kept for kept in self.types if kept != name)))
            for name in self.types
        ]
        found += [
            Chip("job", "Job type", name, replace(self, jobs=tuple(kept for kept in self.jobs if kept != name)))
            for name in self.jobs
        ]
        if self.extended:
            found.append(Chip("extended", "Extended lineage", "on", replace(self, extended=False)))
        if self.generated:
            found.append(Chip("generated", "Generated artifacts", "on", replace(self, generated=False)))
        if self.expand:
            found.append(Chip("expand", "Clusters", "expanded", replace(self, expand=False)))
        if self.up is not None:
            found.append(Chip("up", "Upstream", _hop_text(self.up), replace(self, up=None)))
        if self.down is not None:
            found.append(Chip("down", "Downstream", _hop_text(self.down), replace(self, down=None)))
        return tuple(found)

    def reset(self) -> ViewState:
        """This view without its filters; what was hidden, extracted and expanded by hand stays."""
        return replace(
            self, focus="", up=None, down=None, types=(), jobs=(), extended=False, generated=False, expand=False
        )


def _hop_text(hops: int) -> str:
    return f"{hops} hop{'' if hops == 1 else 's'}"


def _key_order(key: str) -> tuple[str, int, str]:
    kind, _, number = key.partition("-")
    return (kind, int(number), "") if NODE_KEY.fullmatch(key) else (kind, 0, number)


def _last(query: Mapping[str, list[str]], name: str) -> str:
    values = query.get(name) or [""]
    return values[-1].strip()


def _hops(query: Mapping[str, list[str]], name: str) -> int | None:
    text = _last(query, name)
    if text in {"", "all"}:
        return None
    if not re.fullmatch(r"[0-9]{1,2}", text) or int(text) > MOST_HOPS:
        raise InvalidInput(f"{name}: expected a number of hops from 0 to {MOST_HOPS}, or all")
    return int(text)


def _flag(query: Mapping[str, list[str]], name: str) -> bool:
    text = _last(query, name).lower()
    if text not in {"", "0", "1", "on", "off", "true", "false"}:
        raise InvalidInput(f"{name}: expected 1 or 0")
    return text in {"1", "on", "true"}


def _choice(query: Mapping[str, list[str]], name: str, choices: type[Choice]) -> Choice:
    text = _last(query, name)
    if not text:
        return next(iter(choices))
    if text not in set(choices):
        raise InvalidInput(f"{name}: expected one of {', '.join(choices)}")
    return choices(text)


def _names(query: Mapping[str, list[str]], name: str) -> tuple[str, ...]:
    values = sorted(set(query.get(name) or []))
    if len(values) > MOST_TYPES or any(len(value) > LONGEST_NAME or "\0" in value for value in values):
        raise InvalidInput(f"{name}: expected up to {MOST_TYPES} names of up to {LONGEST_NAME} characters")
    return tuple(values)


def _keys(query: Mapping[str, list[str]], name: str, patterns: tuple[re.Pattern[str], ...]) -> tuple[str, ...]:
    texts = [text.strip() for value in query.get(name) or [] for text in value.split(",")]
    keys = tuple(dict.fromkeys(text for text in texts if text))
    if len(keys) > MOST_ENTRIES:
        raise InvalidInput(f"{name}: expected up to {MOST_ENTRIES} nodes, not {len(keys)}")
    for key in keys:
        if not any(pattern.fullmatch(key) for pattern in patterns):
            raise InvalidInput(f"{name}: {key[:60]!r} is not the key of a node")
        if NODE_KEY.fullmatch(key):
            NodeRef.parse(key)
    return keys


def _rows(query: Mapping[str, list[str]]) -> tuple[Row, ...]:
    asked = {text.strip() for value in query.get("rows") or [] for text in value.split(",")} - {""}
    if unknown := asked - set(Row):
        raise InvalidInput(f"rows: expected some of {', '.join(Row)}, not {min(unknown)[:60]!r}")
    return tuple(row for row in Row if row in asked)


def _one_node(query: Mapping[str, list[str]], name: str) -> str:
    text = _last(query, name)
    return NodeRef.parse(text).key if text else ""


def _selected(query: Mapping[str, list[str]]) -> str:
    text = _last(query, "selected")
    if text and not CLUSTER_KEY.fullmatch(text):
        return NodeRef.parse(text).key
    return text
