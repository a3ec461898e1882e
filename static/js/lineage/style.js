// Cytoscape's style sheet, made from the theme's colours.

import { ROW_HEIGHT } from "./card-size.js";
import { arrivalOf, portOf } from "./curves.js";
import { attentionStyles } from "./style-attention.js";

/** @typedef {import("./cytoscape.js").Node} Node */
/** @typedef {import("./cytoscape.js").Edge} Edge */

const FONT = 13;
const SMALLEST_TEXT = 8; // pixels of the canvas, which has two or more for one of the screen

/** @param {import("./cards.js").CardPainter} painter */
function cardStyles(painter) {
  const t = painter.tokens;
  return [
    {
      selector: "node",
      style: {
        shape: "round-rectangle",
        "corner-radius": 8,
        width: 200,
        height: "data(height)",
        "background-color": t.card,
        "border-width": 1,
        "border-color": t["card-border"],
        "background-image": "data(image)",
        "background-width": "100%",
        "background-height": "100%",
        "background-clip": "node",
        label: "data(text)",
        color: t.text,
        "font-family": t.font,
        "font-size": FONT,
        "font-weight": 500,
        "min-zoomed-font-size": SMALLEST_TEXT,
        "text-halign": "right",
        "text-valign": "center",
        "text-margin-x": -150,
        "text-margin-y": 9.5,
        "overlay-opacity": 0,
        "underlay-shape": "round-rectangle",
      },
    },
    // the further rows stand under the name
    {
      selector: "node[?hasRows]",
      style: { "text-wrap": "wrap", "text-max-width": "1000px", "line-height": ROW_HEIGHT / FONT },
    },
    {
      selector: 'node.far[shape="card"]',
      style: {
        "background-image": "data(farImage)",
        label: "data(farText)",
        "border-width": 2,
        "font-size": 20,
        "text-margin-x": -148,
        "text-margin-y": 0,
      },
    },
    {
      selector: 'node[shape="cluster"]',
      style: { width: 212, "background-opacity": 0, "border-width": 0, label: "" },
    },
    {
      selector: 'node[shape="more"]',
      style: {
        width: "data(width)",
        height: 22,
        "corner-radius": 11,
        "background-color": t.canvas,
        "background-image": "none",
        "border-style": "dashed",
        "border-color": t["line-control"],
        events: "no",
        "text-halign": "center",
        "text-margin-x": 0,
        "text-margin-y": 0.5,
        "font-size": 11.5,
        color: t["text-2"],
      },
    },
    {
      selector: 'node[state="deleted"]',
      style: {
        "background-color": t["surface-2"],
        "border-style": "dotted",
        "border-width": 1.5,
        "border-color": t["line-control"],
        color: t["text-3"],
      },
    },
    {
      selector: 'node[kind="locked"]',
      style: {
        "background-color": t["surface-2"],
        "border-style": "dashed",
        "border-color": t["line-control"],
        color: t["text-3"],
      },
    },
    {
      selector: "node[?base]",
      style: {
        "border-color": t.accent,
        "outline-width": 2,
        "outline-offset": 3,
        "outline-color": t.accent,
        "bounds-expansion": 16,
        "background-image": (/** @type {Node} */ node) => [node.data("image"), painter.baseTag()],
        "background-clip": ["node", "none"],
        "background-image-containment": ["inside", "over"],
        "background-width": ["100%", 38],
        "background-height": ["100%", 16],
        "background-width-relative-to": "inner",
        "background-position-x": [0, 12],
        "background-position-y": [0, -12],
      },
    },
    {
      selector: "node.far[?base]",
      style: {
        "background-image": (/** @type {Node} */ node) => [node.data("farImage"), painter.baseTag()],
        "outline-width": 5,
      },
    },
  ];
}

/** @param {import("../lib/tokens.js").Tokens} t @param {boolean} isBig */
function edgeStyles(t, isBig) {
  return [
    {
      selector: "edge",
      style: {
        width: 1.25,
        "line-color": t.edge,
        "target-arrow-color": t.edge,
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.85,
        "curve-style": isBig ? "straight" : "unbundled-bezier",
        "edge-distances": "endpoints",
        events: "no",
        "source-endpoint": (/** @type {Edge} */ edge) => portOf(edge.source()).join(" "),
        "target-endpoint": (/** @type {Edge} */ edge) => arrivalOf(edge.target()).join(" "),
        "font-family": t.font,
        "font-size": 11,
        "font-weight": 600,
        color: t["text-2"],
        "text-background-color": t.card,
        "text-background-opacity": 1,
        "text-background-shape": "round-rectangle",
        "text-background-padding": 3,
        "text-border-width": 1,
        "text-border-color": t["line-2"],
        "text-border-opacity": 1,
      },
    },
    { selector: "edge[?extended]", style: { "line-opacity": 0.6 } },
    { selector: "edge[?back]", style: { "line-style": "dashed", "line-dash-pattern": [6, 4] } },
    {
      selector: "edge[label]",
      style: { "target-label": "data(label)", "target-text-offset": "data(numberAt)", width: 2 },
    },
    {
      selector: "edge[via]",
      style: {
        "line-style": "dotted",
        width: 2,
        "source-label": "data(via)",
        "source-text-offset": 96,
        "font-weight": 500,
        color: t["text-3"],
        "text-background-color": t.canvas,
        "text-border-width": 0,
      },
    },
    // between neighbouring columns there is room for one such text only
    { selector: "edge.short[via]", style: { "source-label": "" } },
    {
      selector: "edge.short.lone[via], edge.short.lit[via]",
      style: { label: "data(viaShort)", "text-wrap": "wrap", "font-size": 10 },
    },
    {
      selector: "edge[?frontier]",
      style: { "line-style": "dashed", "line-dash-pattern": [3, 3], "target-arrow-shape": "none" },
    },
  ];
}

/**
 * @param {import("./cards.js").CardPainter} painter @param {boolean} isBig more than 300 nodes: straight arrows
 * @returns {any} the renderer's own types ask for literals where these are texts
 */
export function styleSheet(painter, isBig) {
  return [...cardStyles(painter), ...edgeStyles(painter.tokens, isBig), ...attentionStyles(painter.tokens)];
}
