"""The parameters of the lineage page: the view that is shown, and the one change that a button asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from registry.core.errors import InvalidInput
from registry.lineage.graph import CLUSTER_KEY, NodeRef
from registry.lineage.view import ViewState

CHANGES: Final = ("hide", "show", "extract", "put-back", "put-all-back")
SHOW_ALL: Final = "all"
LONGEST_SEARCH: Final = 128
LONGEST_CURSOR: Final = 512


@dataclass(frozen=True, slots=True)
class ViewChange:
    """One step from a view to the next, such as hiding `key`; an empty `action` is no step."""

    action: str = ""
    key: str = ""

    def __bool__(self) -> bool:
        return bool(self.action)


@dataclass(frozen=True, slots=True)
class LineageRequest:
    """A view, the change to be made to it, and whether the list is shown instead of the drawing."""

    view: ViewState
    change: ViewChange
    is_list: bool

    @property
    def query(self) -> str:
        """The canonical query of the view, without the change."""
        parts = [self.view.to_query(), "list=1" if self.is_list else ""]
        return "&".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class MemberSearch:
    """What is asked of a cluster's member list."""

    cluster: str
    text: str
    after: str | None


def parse_lineage(query: Mapping[str, list[str]]) -> LineageRequest:
    """Read the parameters of the page. Raises `InvalidInput`, naming the parameter."""
    asked = [ViewChange(name, query[name][-1].strip()) for name in CHANGES if query.get(name)]
    if len(asked) > 1:
        raise InvalidInput(f"{asked[1].action}: only one change of the view at a time")
    change = asked[0] if asked else ViewChange()
    is_list = (query.get("list") or [""])[-1] == "1"
    return LineageRequest(view=ViewState.parse(query), change=change, is_list=is_list)


def parse_node(query: Mapping[str, list[str]]) -> NodeRef:
    """Read the node that a preview is asked for. Raises `InvalidInput`."""
    return NodeRef.parse((query.get("node") or [""])[-1])


def parse_member_search(query: Mapping[str, list[str]]) -> MemberSearch:
    """Read the parameters of a cluster's member list. Raises `InvalidInput`, naming the parameter."""
    cluster, text, after = ((query.get(name) or [""])[-1] for name in ("cluster", "q", "after"))
    if not CLUSTER_KEY.fullmatch(cluster):
        raise InvalidInput(f"cluster: {cluster[:60]!r} is not the key of a cluster")
    if len(text) > LONGEST_SEARCH or "\0" in text:
        raise InvalidInput(f"q: expected up to {LONGEST_SEARCH} characters")
    if len(after) > LONGEST_CURSOR:
        raise InvalidInput("after: bad cursor")
    return MemberSearch(cluster, text.strip(), after or None)


def changed_view(view: ViewState, change: ViewChange, members: tuple[str, ...] = ()) -> ViewState:
    """Return the view after the change; `members` are the extracted members of the cluster of `put-all-back`.

    Raises `InvalidInput` for a key that is none, or when the view grows too large for an address.
    """
    hidden, extracted = list(view.hidden), list(view.extracted)
    if change.action == "hide":
        hidden.append(change.key)
    elif change.action == "show":
        hidden = [] if change.key == SHOW_ALL else [key for key in hidden if key != change.key]
    elif change.action == "extract":
        extracted.append(change.key)
    elif change.action == "put-back":
        extracted = [key for key in extracted if key != change.key]
    elif change.action == "put-all-back":
        extracted = [key for key in extracted if key not in members]
    lists = ViewState.parse({"hidden": hidden, "extracted": extracted})
    gone = change.key if change.action == "hide" else ""
    selected = "" if view.selected == gone else view.selected
    return replace(view, hidden=lists.hidden, extracted=lists.extracted, selected=selected)
