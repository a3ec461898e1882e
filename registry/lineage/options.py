"""What the Custom panel offers: types with their counts, and what each switch would do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facet:
    """An artifact type or a job type in the hop window, filters not applied. `value` is what the address says."""

    value: str
    count: int
    is_lower_bound: bool = False
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facets:
    """What there is to choose from. `generated` counts what the SDK made by itself, shown or not; `beyond_up` and
    `beyond_down` the edges that lead on from where a hop limit stopped.
    """

    artifact_types: tuple[Facet, ...] = ()
    job_types: tuple[Facet, ...] = ()
    generated: int = 0
    beyond_up: int = 0
    beyond_down: int = 0
    beyond_is_lower_bound: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch of the view: how many cards are drawn now and after turning it.

    `is_useful` is false when turning it on changes nothing: there is nothing extended, generated or clustered.
    `is_limited` says that the drawing budget would keep some clusters.
    """

    name: str
    is_on: bool
    cards: int
    cards_after: int
    is_limited: bool = False

    @property
    def is_useful(self) -> bool:
        return self.is_on or self.cards_after != self.cards

    @property
    def text(self) -> str:
        """The effect in words: "Draws 65 cards instead of 18"."""
        if not self.is_useful:
            return "Changes nothing here"
        after = f"{self.cards_after:,} card{'' if self.cards_after == 1 else 's'}"
        return f"Draws {after} instead of {self.cards:,}"


@dataclass(frozen=True, slots=True)
class Switches:
    """The three switches of the panel."""

    extended: Switch
    generated: Switch
    expand: Switch
