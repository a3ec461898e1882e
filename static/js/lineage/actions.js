// Clicks on anything with data-action, wherever it stands: bar, outline, toolbar, panel, popover.

import { savedPlaces } from "./places.js";
import { copyLink, exportAs, savePicture, toggleFullScreen } from "./share.js";
import { zoom } from "./zooming.js";

/** @typedef {import("./island.js").Island} Island */
/** @typedef {(island: Island, node: string, control: HTMLElement) => void} Action */

const CHANGES = ["hide", "hide-through", "show", "extract", "put-back", "put-all-back", "unfold", "fold"];

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
  focus: (island, node, control) =>
    island.refocus(control instanceof HTMLButtonElement && control.name ? control.value : node),
  step: (island, _node, control) => island.activate(control.dataset.ref ?? ""),
  "search-cluster": (island, _node, control) => {
    island.find.close();
    island.openCluster(control.dataset.cluster ?? "", control.dataset.text);
  },
  undo: (island) => island.loader.travel("undo"),
  redo: (island) => island.loader.travel("redo"),
  custom: (island) => island.custom.toggle(),
  "close-custom": (island) => island.custom.close(),
  hop: (island, _node, control) => island.custom.hop(control),
  "save-view": (island) => openSaving(island),
  rearrange: (island) => island.stage.rearrange(),
  keys: (island) => keyList(island)?.showModal(),
  "close-keys": (island) => keyList(island)?.close(),
  full: (island) => toggleFullScreen(island),
  png: (island, _node, control) => savePicture(island, control),
  export: (island, _node, control) => exportAs(island, control),
  "copy-link": (island) => copyLink(island),
};

/** @param {Island} island @returns {HTMLDialogElement | null} */
const keyList = (island) => island.root.querySelector("dialog.keys");

/** Open the menu of saved views at its name field. @param {Island} island */
function openSaving(island) {
  const menu = /** @type {HTMLDetailsElement | null} */ (island.root.querySelector(".saved-views"));
  const field = /** @type {HTMLInputElement | null | undefined} */ (menu?.querySelector('input[name="name"]'));
  // the click that asks for it ends first: as a click elsewhere it would close the menu
  setTimeout(() => {
    if (menu) menu.open = true;
    field?.focus();
  });
}

/** What a button stands for: its own value, in the toolbar of a card that of its counterpart in the outline. @param {HTMLElement} control @param {string} action @param {Island} island */
function valueBehind(control, action, island) {
  const isTool = control.closest(".card-tools") !== null;
  const entry = isTool ? island.outline.entry(island.pointedBy(control)) : null;
  const button = entry?.querySelector(`button[data-action="${action}"]`) ?? control;
  return button instanceof HTMLButtonElement ? button.value : "";
}

/** Follow a link to another view of this tab. @param {Island} island @param {HTMLAnchorElement} link */
function go(island, link) {
  if (link.dataset.nodeRef) island.find.show(link);
  else island.loader.go(new URL(link.href).search, island.graph.focus ?? island.graph.base);
}

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
    if (control instanceof HTMLAnchorElement && action === "go") {
      go(island, control);
      event.preventDefault();
      return;
    }
    const node = valueBehind(control, action, island) || island.pointedBy(control);
    if (CHANGES.includes(action)) island.change({ [action]: node }, anchorOf(island, node, control));
    else if (ACTIONS[action]) ACTIONS[action](island, node, control);
    else return;
    event.preventDefault();
  };
  const onPress = (/** @type {PointerEvent} */ event) => {
    const control = event.target instanceof Element ? event.target.closest('[data-action="unfold"]') : null;
    if (!(control instanceof HTMLElement) || event.button !== 0) return;
    island.loader.foresee({ unfold: valueBehind(control, "unfold", island) || island.pointedBy(control) });
  };
  island.root.addEventListener("click", onClick, { signal });
  island.root.addEventListener("pointerdown", onPress, { signal });
  const onSubmit = (/** @type {SubmitEvent} */ event) => {
    const form =
      event.target instanceof HTMLFormElement && event.target.matches("[data-save-view]") ? event.target : null;
    const positions = form?.querySelector('[name="positions"]');
    if (!form || !(positions instanceof HTMLInputElement)) return;
    positions.value = JSON.stringify(savedPlaces(island.graph, island.places));
    form.action = form.action.replace(/\?.*$/, "") + location.search;
  };
  island.root.addEventListener("submit", onSubmit, { signal });
}
