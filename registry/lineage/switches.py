"""What turning each switch of a view would draw, found by drawing it."""

from __future__ import annotations

from dataclasses import replace

from registry.lineage.drawing import Drawing, draw
from registry.lineage.far_base import with_base
from registry.lineage.graph import NodeRef
from registry.lineage.options import Switch, Switches
from registry.lineage.remembered import RememberedSource
from registry.lineage.source import EdgeSource
from registry.lineage.view import ViewState
from registry.lineage.walk import walk


def weigh_switches(source: EdgeSource, base: NodeRef, view: ViewState) -> Switches:
    """Draw the view as it is and with each switch turned; the walks share what they read.

    Raises `NotFound` when `source` does not know the node to start from.
    """
    remembered = RememberedSource(source)

    def drawn(changed: ViewState) -> Drawing:
        found = walk(remembered, base, changed)
        return with_base(remembered, found, changed, draw(found, changed))

    now = drawn(view)
    turned = {
        "extended": drawn(replace(view, extended=not view.extended)),
        "generated": drawn(replace(view, generated=not view.generated)),
        "expand": drawn(replace(view, expand=not view.expand)),
    }
    switches = {
        name: Switch(
            name=name,
            is_on=bool(getattr(view, name)),
            cards=len(now.cards),
            cards_after=len(after.cards),
            is_limited=after.is_limited,
        )
        for name, after in turned.items()
    }
    return Switches(**switches)
