"""What stands around the drawing: chips of the filters that are on, the Custom panel, exports, saved views."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs

from registry.forms.lineage import LineageRequest, ViewChange
from registry.lineage.export import FORMATS
from registry.lineage.options import Switch
from registry.lineage.picture import Lineage
from registry.lineage.rows import Row
from registry.lineage.view import MOST_HOPS, Chip, Colour, Orientation, ViewState
from registry.queries.lineage import get_switches
from registry.queries.saved_views import list_views
from registry.views.lineage_export import file_stem
from registry.views.lineage_tab import Tab, address_query, with_mark
from registry.views.request import Request

SWITCH_LABELS = {
    "extended": ("Include extended lineage", "Also off the direct path, lighter"),
    "generated": ("Include generated artifacts", "Made by the SDK: code, jobs"),
    "expand": ("Expand clusters", "Draws every member of every cluster"),
}
COLOUR_LABELS = {
    Colour.KIND: "Kind",
    Colour.TYPE: "Artifact type",
    Colour.JOB: "Job type",
    Colour.STATE: "Run state",
}
ROW_LABELS = {
    Row.STATE: "Run state",
    Row.CREATED: "Created, started",
    Row.DURATION: "Run duration",
    Row.AUTHOR: "Author",
    Row.SIZE: "Artifact size",
    Row.DESCRIPTION: "Description, notes",
}
ORIENTATION_LABELS = {Orientation.RIGHT: "Left to right", Orientation.DOWN: "Top to bottom"}


@dataclass(frozen=True, slots=True)
class FilterChip:
    """An active filter and the address without it."""

    key: str
    label: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class SwitchRow:
    """A switch of the panel and what turning it does, in words."""

    switch: Switch
    label: str
    note: str


def bar_context(request: Request, tab: Tab, asked: LineageRequest, lineage: Lineage) -> dict[str, Any]:
    """The values of the bar and of the notes about what is not drawn."""
    view = replace(asked.view, selected="")
    here = replace(asked, view=view, saved=None)
    names = {node.key: node.name for node in lineage.nodes}
    chips = [_chip(request, tab, here, chip, names) for chip in _grouped(view, lineage)]
    is_alone = lineage.visible == 1 and lineage.total > 1 and not lineage.hidden
    plain_query = address_query(request, replace(asked, view=view, is_list=False, is_custom=False))
    return {
        "chips": chips,
        "reset_url": tab.link(request, here, _plain(view)),
        "custom_url": tab.url + with_mark(address_query(request, replace(here, is_custom=not asked.is_custom))),
        "is_custom": asked.is_custom,
        "is_filtered_out": is_alone,
        "others": lineage.total - lineage.visible,
        "smallest_fix": chips[0] if is_alone and len(chips) > 1 else None,
        "exports": [
            (name, form.label, f"{tab.url}/export/{name}{with_mark(plain_query)}") for name, form in FORMATS.items()
        ],
        "file_stem": file_stem(tab.name),
        "saved_views": _saved_views(request, tab),
        "saved": asked.saved,
    }


def custom_context(request: Request, tab: Tab, asked: LineageRequest, lineage: Lineage) -> dict[str, Any]:
    """The values of the Custom panel; weighing its switches costs up to four walks."""
    view = asked.view
    weighed = get_switches(viewer=request.viewer, base=tab.base, view=view)
    here = replace(asked, view=replace(view, selected=""), saved=None, is_custom=True)
    kept = ViewState(focus=view.focus, hidden=view.hidden, extracted=view.extracted, expanded=view.expanded)
    closed = replace(here, is_custom=False)
    return {
        "facets": lineage.facets,
        "chosen_types": len(view.types),
        "chosen_jobs": len(view.jobs),
        "switches": [_switch_row(switch) for switch in (weighed.extended, weighed.generated, weighed.expand)],
        "orientations": [(choice.value, label, choice is view.orientation) for choice, label in _orientations()],
        "colours": [(choice.value, label, choice is view.colour) for choice, label in COLOUR_LABELS.items()],
        "card_rows": [(row.value, label, row in view.rows) for row, label in ROW_LABELS.items()],
        "most_hops": MOST_HOPS,
        "reach_up": max([-node.level for node in lineage.nodes] + [0]),
        "reach_down": max([node.level for node in lineage.nodes] + [0]),
        "kept_query": address_query(request, replace(here, view=kept)),
        "reset_url": tab.link(request, here, replace(_plain(view), selected="")),
        "close_url": tab.url + with_mark(address_query(request, closed)),
    }


def _plain(view: ViewState) -> ViewState:
    """The view without all that has a chip; what was hidden and extracted by hand stays."""
    return replace(view.reset(), expanded=(), orientation=Orientation.RIGHT, colour=Colour.KIND, rows=())


def _orientations() -> list[tuple[Orientation, str]]:
    return list(ORIENTATION_LABELS.items())


def _switch_row(switch: Switch) -> SwitchRow:
    label, note = SWITCH_LABELS[switch.name]
    words = f"{note}. {switch.text}" if not switch.is_useful else switch.text
    return SwitchRow(switch, label, f"{words}; the largest clusters stay" if switch.is_limited else words)


def _grouped(view: ViewState, lineage: Lineage) -> list[Chip]:
    """The chips, those of several types or job types as one: "Types 5 of 6"."""
    chips = list(view.chips())
    groups = (
        ("type", "Types", view.types, len(lineage.facets.artifact_types), replace(view, types=())),
        ("job", "Job types", view.jobs, len(lineage.facets.job_types), replace(view, jobs=())),
    )
    for key, label, chosen, known, without in groups:
        if len(chosen) > 1:
            at = next(place for place, chip in enumerate(chips) if chip.key == key)
            chips = [chip for chip in chips if chip.key != key]
            chips.insert(at, Chip(key, label, f"{len(chosen)} of {max(known, len(chosen))}", without))
    if view.expanded:
        count = len(view.expanded)
        chips.append(Chip("expanded", "Expanded", f"{count} cluster{'' if count == 1 else 's'}", _folded(view)))
    if view.orientation is Orientation.DOWN:
        chips.append(Chip("orientation", "Top to bottom", "", replace(view, orientation=Orientation.RIGHT)))
    if view.colour is not Colour.KIND:
        plain = replace(view, colour=Colour.KIND)
        chips.append(Chip("colour", "Colour", COLOUR_LABELS[view.colour].lower(), plain))
    if view.rows:
        chips.append(Chip("rows", "Card rows", ", ".join(view.rows), replace(view, rows=())))
    return chips


def _folded(view: ViewState) -> ViewState:
    return replace(view, expanded=())


def _chip(request: Request, tab: Tab, here: LineageRequest, chip: Chip, names: dict[str, str]) -> FilterChip:
    value = names.get(chip.value, chip.value) if chip.key == "focus" else chip.value
    return FilterChip(chip.key, chip.label, value, tab.link(request, here, chip.without))


def _saved_views(request: Request, tab: Tab) -> list[dict[str, Any]]:
    rows = list_views(viewer=request.viewer, project_id=tab.frame.place.project_id, base=tab.base.key)
    found = []
    for row in rows:
        view = ViewState.parse(parse_qs(row.query, keep_blank_values=True))
        asked = LineageRequest(view=view, change=ViewChange(), is_list=False, saved=row.id)
        found.append({"row": row, "url": tab.url + with_mark(address_query(request, asked))})
    return found
