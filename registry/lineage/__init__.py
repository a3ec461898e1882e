"""The lineage graph as pure code: the bounded walk, grouping, layout and drawing. Nothing here imports Django."""
