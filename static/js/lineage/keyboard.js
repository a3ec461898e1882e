// Every action of the graph by keyboard: arrows walk, Enter previews, h hides, e extracts or puts back, Esc closes.

import { closeTop } from "./tops.js";
import { step } from "./walk.js";
import { zoom } from "./zooming.js";

/** @typedef {import("./island.js").Island} Island */

/** Right and down that an arrow key means. @type {Record<string, [number, number]>} */
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 24; // how far a key moves a card

/** Which node a key is meant for, and where it was pressed. @param {Island} island @param {Element} target */
function meant(island, target) {
  const entry = target.closest(".outline [data-node]");
  if (entry instanceof HTMLElement) return { place: "outline", node: entry.dataset.node ?? "" };
  const member = target.closest("[data-member]");
  if (member instanceof HTMLElement) return { place: "members", node: member.dataset.member ?? "" };
  if (island.panel.element.contains(target)) return { place: "panel", node: island.panel.node };
  if (island.drawing?.container.contains(target)) {
    return { place: "canvas", node: island.attention?.focused || island.attention?.selected || island.graph.base };
  }
  return { place: "", node: "" };
}

/** @param {Island} island @param {string} place @param {string} node @param {string} key */
function walk(island, place, node, key) {
  const isListed = place === "outline" && island.isList && (key === "ArrowUp" || key === "ArrowDown");
  const next = isListed ? island.outline.beside(node, key) : step(island.graph, node, key);
  if (!next) return;
  if (place === "outline") island.outline.button(next)?.focus();
  else island.focus(next);
}

/** Move a card as dragging does. @param {Island} island @param {string} node @param {string} key */
function move(island, node, key) {
  const card = island.drawing?.node(node);
  if (!card || card.empty()) return;
  const [right, down] = DIRECTIONS[key];
  const { x, y } = card.position();
  card.position({ x: x + right * STEP, y: y + down * STEP });
  card.emit("drag").emit("dragfree");
  island.stage.focus(node);
}

/** @param {Island} island @param {string} node */
function extractOrPutBack(island, node) {
  const row = island.root.querySelector(
    `[data-member="${CSS.escape(node)}"] :is([data-action="extract"], [data-action="put-back"])`,
  );
  if (row instanceof HTMLElement) row.click();
  else if (island.facts(node)?.extracted) island.change({ "put-back": node }, node);
  else if (island.facts(node)?.kind === "cluster") island.openCluster(node);
}

/** @param {Island} island @param {string} node @param {"hide" | "hide-through"} how */
function hide(island, node, how) {
  const canBeHidden = island.outline.entry(node)?.querySelector('[data-action="hide"]');
  if (canBeHidden) island.change({ [how]: node }, node);
  else if (island.facts(node)) island.announce("The base and the focus cannot be hidden.");
}

/** @param {Island} island @param {string} node */
function foldOrUnfold(island, node) {
  const control = island.outline.entry(node)?.querySelector('[data-action="unfold"], [data-action="fold"]');
  if (control instanceof HTMLElement) control.click();
}

/** @param {Island} island @param {string} node */
function refocus(island, node) {
  const facts = island.facts(node);
  if (facts && facts.kind !== "cluster" && facts.kind !== "locked") island.refocus(node);
  else island.announce("Only a run or an artifact can be focused.");
}

/** @param {Island} island @param {"zoom-in" | "zoom-out" | "fit"} what */
function zoomBy(island, what) {
  if (island.drawing) zoom(island.drawing, what);
}

/** Keys for a node. @type {Record<string, (island: Island, node: string, place: string) => void>} */
const NODE_KEYS = {
  h: (island, node, place) => place !== "members" && hide(island, node, "hide"),
  H: (island, node, place) => place !== "members" && hide(island, node, "hide-through"),
  e: extractOrPutBack,
  x: foldOrUnfold,
  f: refocus,
};

/** Keys for the whole view, wherever the focus is on the tab. @type {Record<string, (island: Island) => void>} */
const VIEW_KEYS = {
  "/": (island) => island.find.focus(),
  u: (island) => island.loader.travel("undo"),
  U: (island) => island.loader.travel("redo"),
  c: (island) => island.custom.toggle(),
  "?": (island) => /** @type {HTMLDialogElement | null} */ (island.root.querySelector("dialog.keys"))?.showModal(),
  "+": (island) => zoomBy(island, "zoom-in"),
  "-": (island) => zoomBy(island, "zoom-out"),
  0: (island) => zoomBy(island, "fit"),
};

/** The focus in the outline or on the canvas draws the ring on a card. @param {Island} island @param {Element} target */
function followFocus(island, target) {
  const entry = target.closest(".outline [data-node]");
  if (entry instanceof HTMLElement && entry.dataset.node) {
    island.stage.focus(entry.dataset.node);
    if (entry.dataset.node !== island.outline.current) island.outline.rove(entry.dataset.node, island.isList);
  } else if (!island.stage.element.contains(target)) island.stage.focus("");
  else if (target === island.drawing?.container && target.matches(":focus-visible:not(.is-pressed)")) {
    island.focus(island.attention?.focused || island.attention?.selected || island.outline.current);
  }
}

/** @param {Island} island @param {AbortSignal} signal */
export function attachKeyboard(island, signal) {
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (closeTop(island)) event.preventDefault();
      return;
    }
    if (event.target.matches("select, textarea, input:not([type=checkbox])") || event.target.closest("dialog")) return;
    const { place, node } = meant(island, event.target);
    const isArrow = event.key in DIRECTIONS && (place === "canvas" || place === "outline");
    if (isArrow && event.shiftKey && place === "canvas") move(island, node, event.key);
    else if (isArrow) walk(island, place, node, event.key);
    else if (event.key === "Enter" && place === "canvas") island.activate(node);
    else if (place && NODE_KEYS[event.key]) NODE_KEYS[event.key](island, node, place);
    else if (VIEW_KEYS[event.key]) VIEW_KEYS[event.key](island);
    else return;
    event.preventDefault();
  };
  const onFocus = (/** @type {FocusEvent} */ event) => {
    if (event.target instanceof Element) followFocus(island, event.target);
  };
  island.root.addEventListener("keydown", onKey, { signal });
  // what was clicked may be gone, and the focus with it: the keys of the view hold on, but "/" is the site's search
  const onLostKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.target === document.body && event.key !== "/") onKey(event);
  };
  document.addEventListener("keydown", onLostKey, { signal });
  island.root.addEventListener("focusin", onFocus, { signal });
}
