"""The layered layout: columns, order inside them, heights. Deterministic, and the same for everyone."""

from registry.lineage.layout.boxes import Box, Layout
from registry.lineage.layout.layered import lay_out

__all__ = ["Box", "Layout", "lay_out"]
