// Clicks on anything with data-action, wherever it stands: bar, outline, toolbar, panel, popover.

import { zoom } from "./zooming.js";

/** @typedef {import("./island.js").Island} Island */
/** @typedef {(island: Island, node: string, control: HTMLElement) => void} Action */

const CHANGES = ["hide", "show", "extract", "put-back", "put-all-back"];

/** @type {Record<string, Action>} */
const ACTIONS = {
  preview: (island, node) => island.preview(node),
  open: (island, node) => island.openCluster(node),
  close: (island) => island.closePanel(),
  "close-cluster": (island) => island.closeCluster(),
  more: (island, _node, control) => island.members.more(control),
  list: (island) => island.toggleList(),
  retry: (island) => island.loader.retry(),
  "zoom-in": (island) => island.drawing && zoom(island.drawing, "zoom-in"),
  "zoom-out": (island) => island.drawing && zoom(island.drawing, "zoom-out"),
  fit: (island) => island.drawing && zoom(island.drawing, "fit"),
};

/** The card that keeps its place while the view changes. @param {Island} island @param {string} node @param {HTMLElement} control */
function anchorOf(island, node, control) {
  if (island.members.element.contains(control)) return island.members.cluster;
  const from = island.facts(node)?.extracted;
  return island.facts(node) || typeof from !== "string" ? node : from;
}

/** Go to the node that a link names, if it is drawn. @param {Island} island @param {HTMLElement} link */
function walk(island, link) {
  const node = link.dataset.ref ?? (link.getAttribute("href") ?? "").replace("#outline-", "");
  if (!island.facts(node)) return false;
  if (link.dataset.ref) island.preview(node);
  else island.outline.button(node)?.focus();
  return true;
}

/** @param {Island} island @param {AbortSignal} signal */
export function attachActions(island, signal) {
  const onClick = (/** @type {MouseEvent} */ event) => {
    const control = event.target instanceof Element ? event.target.closest("[data-action]") : null;
    if (!(control instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const action = control.dataset.action ?? "";
    if (action === "walk") {
      if (walk(island, control)) event.preventDefault();
      return;
    }
    if (control instanceof HTMLAnchorElement && action === "open") return; // a page of its own
    const value = control instanceof HTMLButtonElement ? control.value : "";
    const node = value || island.pointedBy(control);
    if (CHANGES.includes(action)) island.change({ [action]: node }, anchorOf(island, node, control));
    else if (ACTIONS[action]) ACTIONS[action](island, node, control);
    else return;
    event.preventDefault();
  };
  island.root.addEventListener("click", onClick, { signal });
}
