"""The rule of five: which nodes of one level are drawn as clusters. Pure, stepwise, deterministic."""

from __future__ import annotations

import enum
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from registry.lineage.graph import Kind, NodeRef, Side
from registry.lineage.source import GroupFacts

FEWEST_CLUSTERED: Final = 5
FEWEST_MEMBERS: Final = 2
MOST_GROUPS: Final = 20
EXACT_LEVEL: Final = 200


class Step(enum.StrEnum):
    """How alike the members of a cluster are, from most to least."""

    CONNECTIONS = "connections"  # the same name or job type, and the same neighbours
    NAME = "name"
    TYPE = "type"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Item:
    """A node of the level, seen as the grouping sees it; `neighbours` are keys on the level before."""

    ref: NodeRef
    facts: GroupFacts
    neighbours: frozenset[str]


@dataclass(frozen=True, slots=True)
class LevelName:
    """Which level of which side; one kind lives there."""

    side: Side
    level: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Group:
    """A future cluster: its key is the same whoever of its members is extracted."""

    key: str
    step: Step
    type: str
    name: str
    has_one_type: bool
    items: tuple[Item, ...]


def group_level(where: LevelName, items: Sequence[Item], *, is_small: bool) -> list[Group]:
    """The groups of a level; items that are in none stand alone.

    Each step groups only what is still loose, and a step is taken only while five or more items are loose, or
    while there are more than 20 groups to draw, which starts again one step coarser. On a level that is not
    small the steps start at the type.
    """
    if len(items) < FEWEST_CLUSTERED:
        return []
    steps = list(Step) if is_small else [Step.TYPE, Step.LEVEL]
    groups = _group_from(where, items, steps)
    while len(groups) > MOST_GROUPS:
        steps = steps[1:]
        groups = _group_from(where, items, steps)
    return groups


def _group_from(where: LevelName, items: Sequence[Item], steps: Sequence[Step]) -> list[Group]:
    loose = sorted(items, key=lambda item: -item.ref.id)
    groups: list[Group] = []
    for step in steps:
        if len(loose) < FEWEST_CLUSTERED:
            break
        parts: dict[tuple[str, ...], list[Item]] = defaultdict(list)
        for item in loose:
            parts[likeness(step, item)].append(item)
        alike = sorted(name for name, part in parts.items() if len(part) >= FEWEST_MEMBERS)
        groups += [_group(where, step, name, parts[name]) for name in alike]
        loose = [item for item in loose if len(parts[likeness(step, item)]) < FEWEST_MEMBERS]
    return groups


def likeness(step: Step, item: Item) -> tuple[str, ...]:
    """What two items must share to be alike at this step."""
    match step:
        case Step.CONNECTIONS:
            return (item.facts.name_key, *sorted(item.neighbours))
        case Step.NAME:
            return (item.facts.name_key,)
        case Step.TYPE:
            return (item.facts.type,)
        case Step.LEVEL:
            return ()


def _group(where: LevelName, step: Step, alike: tuple[str, ...], items: list[Item]) -> Group:
    has_one_type = len({item.facts.type for item in items}) == 1
    has_one_name = len({item.facts.name_key for item in items}) == 1
    facts = items[0].facts
    return Group(
        key=cluster_key(where, step, alike),
        step=step,
        type=facts.type if has_one_type else "",
        has_one_type=has_one_type,
        name=facts.name if has_one_name and step in {Step.CONNECTIONS, Step.NAME} else "",
        items=tuple(items),
    )


def cluster_key(where: LevelName, step: Step, alike: tuple[str, ...]) -> str:
    """The stable key of a cluster: a hash of where it is and what its members share."""
    text = "\0".join((where.side, str(where.level), where.kind, step, *alike))
    return f"cluster-{hashlib.sha256(text.encode()).hexdigest()[:10]}"
