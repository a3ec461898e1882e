"""The parameters of the lineage page: the view that is shown, and the one change that a button asks for."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from registry.core.errors import InvalidInput
from registry.lineage.graph import CLUSTER_KEY, NodeRef
from registry.lineage.view import ViewState
from registry.services.saved_views import clean_positions

ADDED_TO: Final = {"hide": "hidden", "hide-through": "hidden", "extract": "extracted", "unfold": "expanded"}
TAKEN_FROM: Final = {"show": "hidden", "put-back": "extracted", "put-all-back": "extracted", "fold": "expanded"}
CHANGES: Final = (*ADDED_TO, *TAKEN_FROM)
SHOW_ALL: Final = "all"
LONGEST_SEARCH: Final = 128
LONGEST_CURSOR: Final = 512
LONGEST_POSITIONS: Final = 100_000


@dataclass(frozen=True, slots=True)
class ViewChange:
    """One step from a view to the next, such as hiding `key`; an empty `action` is no step."""

    action: str = ""
    key: str = ""

    def __bool__(self) -> bool:
        return bool(self.action)


@dataclass(frozen=True, slots=True)
class LineageRequest:
    """A view, the change to be made to it, whether the list is shown instead of the drawing and whether the Custom
    panel is open, and the saved view that gives moved cards their places, if any.
    """

    view: ViewState
    change: ViewChange
    is_list: bool
    is_custom: bool = False
    saved: int | None = None

    @property
    def marks(self) -> tuple[tuple[str, str], ...]:
        """The parameters beside the view."""
        flags = (("list", self.is_list), ("custom", self.is_custom))
        named = [(name, "1") for name, is_on in flags if is_on]
        return (*named, ("saved", str(self.saved))) if self.saved else tuple(named)


@dataclass(frozen=True, slots=True)
class MemberSearch:
    """What is asked of a cluster's member list."""

    cluster: str
    text: str
    after: str | None
    sort: str = "newest"
    state: str = ""
    type_name: str = ""
    name: str = ""
    counts_all: bool = False


def parse_lineage(query: Mapping[str, list[str]]) -> LineageRequest:
    """Read the parameters of the page. Raises `InvalidInput`, naming the parameter."""
    asked = [ViewChange(name, query[name][-1].strip()) for name in CHANGES if query.get(name)]
    if len(asked) > 1:
        raise InvalidInput(f"{asked[1].action}: only one change of the view at a time")
    change = asked[0] if asked else ViewChange()
    is_list, is_custom = ((query.get(name) or [""])[-1] == "1" for name in ("list", "custom"))
    saved = (query.get("saved") or [""])[-1]
    return LineageRequest(
        view=ViewState.parse(query),
        change=change,
        is_list=is_list,
        is_custom=is_custom,
        saved=int(saved) if re.fullmatch(r"[0-9]{1,18}", saved) and not change else None,
    )


def parse_node(query: Mapping[str, list[str]]) -> NodeRef:
    """Read the node that a preview is asked for. Raises `InvalidInput`."""
    return NodeRef.parse((query.get("node") or [""])[-1])


def parse_member_search(query: Mapping[str, list[str]]) -> MemberSearch:
    """Read the parameters of a cluster's member list. Raises `InvalidInput`, naming the parameter."""
    cluster, text, after = ((query.get(name) or [""])[-1] for name in ("cluster", "q", "after"))
    narrowing = {name: (query.get(f"member-{name}") or [""])[-1] for name in ("sort", "state", "type", "name", "count")}
    if any(len(value) > LONGEST_SEARCH or "\0" in value for value in narrowing.values()):
        raise InvalidInput(f"member: expected up to {LONGEST_SEARCH} characters")
    if not CLUSTER_KEY.fullmatch(cluster):
        raise InvalidInput(f"cluster: {cluster[:60]!r} is not the key of a cluster")
    if len(text) > LONGEST_SEARCH or "\0" in text:
        raise InvalidInput(f"q: expected up to {LONGEST_SEARCH} characters")
    if len(after) > LONGEST_CURSOR:
        raise InvalidInput("after: bad cursor")
    return MemberSearch(
        cluster,
        text.strip(),
        after or None,
        sort=narrowing["sort"] or "newest",
        state=narrowing["state"],
        type_name=narrowing["type"],
        name=narrowing["name"],
        counts_all=narrowing["count"] == "all",
    )


def parse_positions(text: str) -> dict[str, list[float]]:
    """Read where cards were dragged to, a JSON object of [x, y] by node. Raises `InvalidInput`."""
    try:
        positions = json.loads(text or "{}") if len(text) <= LONGEST_POSITIONS else None
    except (ValueError, RecursionError):
        positions = None
    if not isinstance(positions, dict):
        raise InvalidInput("positions: expected a JSON object of nodes and their [x, y]")
    return clean_positions(positions)


def parse_search(query: Mapping[str, list[str]]) -> str:
    """Read the text that is looked for in the graph. Raises `InvalidInput`."""
    text = (query.get("find") or [""])[-1].strip()
    if len(text) > LONGEST_SEARCH or "\0" in text:
        raise InvalidInput(f"find: expected up to {LONGEST_SEARCH} characters")
    return text


def changed_view(view: ViewState, change: ViewChange, others: tuple[str, ...] = ()) -> ViewState:
    """Return the view after the change.

    `others` are the extracted members of the cluster of `put-all-back`, and what only `hide-through` leads to. Raises
    `InvalidInput` for a key that is none, or when the view grows too large to be kept.
    """
    lists = {"hidden": list(view.hidden), "extracted": list(view.extracted), "expanded": list(view.expanded)}
    if name := ADDED_TO.get(change.action):
        lists[name] += [change.key, *others]
    elif name := TAKEN_FROM.get(change.action):
        gone = {change.key, *others}
        lists[name] = [] if SHOW_ALL in gone else [key for key in lists[name] if key not in gone]
    changed = ViewState.parse(lists)
    selected = "" if view.selected in set(changed.hidden) - set(view.hidden) else view.selected
    return replace(
        view, hidden=changed.hidden, extracted=changed.extracted, expanded=changed.expanded, selected=selected
    )
