// How cards and arrows look that the reader points at.

/** @param {import("../lib/tokens.js").Tokens} t */
export function attentionStyles(t) {
  return [
    {
      selector: 'node.hover[shape="card"]',
      style: { "border-color": t["text-3"], "underlay-color": t.text, "underlay-padding": 3, "underlay-opacity": 0.06 },
    },
    {
      selector: 'node.selected[shape="card"]',
      style: {
        "border-width": 2,
        "border-color": t.accent,
        "underlay-color": t.accent,
        "underlay-padding": 5,
        "underlay-opacity": 0.16,
      },
    },
    { selector: "node.focused", style: { "outline-width": 2, "outline-offset": 2, "outline-color": t.accent } },
    { selector: "node.focused[?base]", style: { "outline-width": 4 } },
    { selector: "node.dim", style: { opacity: 0.42 } },
    {
      selector: "edge.lit",
      style: {
        "line-color": t.accent,
        "target-arrow-color": t.accent,
        width: 2,
        "z-index": 5,
        "arrow-scale": 1,
        color: t.accent,
        "text-border-color": t["accent-line"],
      },
    },
    {
      selector: "edge.dim",
      style: { opacity: 0.28, "text-opacity": 0, "text-background-opacity": 0, "text-border-opacity": 0 },
    },
    { selector: "core", style: { "active-bg-opacity": 0, "selection-box-opacity": 0 } },
  ];
}
