// The next view arrives: the page takes the fragment in without losing what the reader is doing.

import { parameter } from "../lib/address.js";
import { exchange } from "../lib/fill.js";
import { homeOffsets } from "./places.js";

/** @typedef {import("./island.js").Island} Island */

/** The fragment takes the place of the old one; what is being typed in goes over. @param {Island} island @param {HTMLElement} fresh */
function exchangeView(island, fresh) {
  const { field } = island.find;
  const isTyping = document.activeElement === field;
  const hadFocus = island.view.contains(document.activeElement);
  const focused = document.activeElement?.closest("[data-node]");
  const kept = island.view.querySelector("[data-keep]");
  if (kept) fresh.querySelector("[data-keep]")?.replaceWith(kept);
  exchange(island.view, fresh);
  if (isTyping) field.focus();
  return {
    needsFocus: hadFocus && !isTyping,
    focused: focused instanceof HTMLElement ? (focused.dataset.node ?? "") : "",
  };
}

/** The first member of a cluster that has just been expanded. @param {HTMLElement} fresh @param {string} cluster */
function memberOf(fresh, cluster) {
  const fold = fresh.querySelector(`[data-action="fold"][value="${CSS.escape(cluster)}"]`);
  return fold?.closest("[data-node]")?.getAttribute("data-node") ?? "";
}

/** Take in the list and what else the fragment holds beside the picture. @param {Island} island @param {HTMLElement} fresh @param {string} anchor */
function takeInView(island, fresh, anchor) {
  const { needsFocus, focused } = exchangeView(island, fresh);
  island.root.classList.toggle("is-list", fresh.dataset.list === "true");
  island.announce(fresh.dataset.announce || fresh.dataset.shown || "");
  const next = [focused, anchor, memberOf(fresh, anchor)].find((node) => island.facts(node)) ?? island.graph.base;
  island.outline.rove(next, island.isList);
  if (needsFocus) island.outline.button(island.outline.current)?.focus({ preventScroll: true });
}

/**
 * @param {Island} island @param {HTMLElement} fresh @param {string} anchor the card that keeps its place
 * @param {import("./loader.js").Places} [places] of dragged cards
 */
export async function takeIn(island, fresh, anchor, places) {
  island.graph = island.read("lineage-graph", fresh);
  const known = places ?? homeOffsets(island.graph, island.read("lineage-places", fresh));
  if (known) island.stage.places = known;
  const ring = island.attention?.focused;
  await island.stage.show(island.graph, anchor, () => takeInView(island, fresh, anchor));
  if (ring && !island.facts(ring)) island.stage.focus(island.outline.current); // its card is gone: a neighbour takes it
  if (island.members.isOpen && !island.facts(island.members.cluster)) island.closeCluster();
  else island.members.refresh();
  island.custom.refresh();
  island.live.renew();
  const selected = parameter(location.search, "selected");
  if (selected && island.panel.node === selected) await island.fillPanel(selected);
  else if (selected) island.preview(selected);
  else if (island.panel.isOpen) island.closePanel();
}

/** Undo and redo are offered where there is something to undo. @param {Island} island */
export function offerSteps(island) {
  const { canUndo, canRedo } = island.loader.steps;
  for (const [action, isThere] of Object.entries({ undo: canUndo, redo: canRedo })) {
    const button = island.root.querySelector(`[data-action="${action}"]`);
    if (button instanceof HTMLButtonElement) button.disabled = !isThere;
  }
  island.stage.offerRearranging();
}
