// The graph container: its states, the drawing in it, and what floats above the drawing.
/// <reference path="./globals.d.ts" />

import { Attention } from "./attention.js";
import { Drawing } from "./drawing.js";
import { Minimap } from "./minimap.js";
import { showNotes } from "./notes.js";
import { Overlay } from "./overlay.js";
import { hangUnder } from "./popover.js";
import { CardTools } from "./tools.js";
import { moveIntoView } from "./viewport.js";
import { attachZooming } from "./zooming.js";

/** @typedef {import("./types.js").Graph} Graph */
/** @typedef {"loading" | "ready" | "empty" | "failed"} State */

export class Stage {
  /** @param {HTMLElement} element the graph container @param {import("./island.js").Island} island */
  constructor(element, island) {
    this.element = element;
    this.island = island;
    /** @type {Drawing | undefined} */
    this.drawing = undefined;
  }

  /** @param {State} state */
  setState(state) {
    this.element.dataset.lineageState = state;
    this.element.setAttribute("aria-busy", String(state === "loading"));
  }

  /** @param {string} message @param {string} requestId */
  fail(message, requestId) {
    const put = (/** @type {string} */ selector, /** @type {string} */ text) => {
      const place = this.element.querySelector(selector);
      if (place) place.textContent = text;
    };
    put("[data-fail-reason]", message);
    put("[data-fail-request]", requestId ? `Request ${requestId}` : "");
    this.setState("failed");
  }

  /** @returns {import("./loader.js").Places} */
  get places() {
    return Object.fromEntries(this.drawing?.dragged ?? []);
  }

  /** @param {import("./loader.js").Places} places */
  set places(places) {
    if (this.drawing) this.drawing.dragged = new Map(Object.entries(places));
  }

  /** @param {Graph} graph @param {string} selected @param {import("./loader.js").Places | undefined} places */
  async start(graph, selected, places) {
    if (this.element.dataset.lineageState === "empty") {
      this.#finish(graph, "empty");
      return;
    }
    const container = /** @type {HTMLElement} */ (this.element.querySelector(".graph-cy"));
    const { signal } = this.island.aborter;
    this.drawing = await Drawing.create(container, graph, signal, places ?? {});
    this.overlay = new Overlay(this.element, this.drawing);
    this.attention = new Attention(this.drawing, () => this.tools?.point());
    this.tools = new CardTools(this.island, this.overlay, this.attention, signal);
    new Minimap(this.element, this.drawing, signal);
    attachZooming(this.element, this.drawing, signal);
    this.#listen(signal);
    await this.drawing.drawn();
    this.#finish(graph, "ready");
    if (selected) this.island.preview(selected);
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const { cy } = /** @type {Drawing} */ (this.drawing);
    cy.on("tap", (/** @type {{target: unknown}} */ event) => {
      if (event.target !== cy) return;
      if (this.island.members.isOpen) this.island.closeCluster();
      else if (this.island.panel.isOpen) this.island.closePanel();
    });
    cy.on("tap", "node", (/** @type {{target: import("./cytoscape.js").Node}} */ event) => {
      this.attention?.focus(""); // the keys are for the card that was clicked, not for the last they led to
      this.island.activate(event.target.id());
    });
    cy.on("dragfree", "node", () => this.island.loader.keepPlaces());
    const resize = new ResizeObserver(() => cy.resize());
    resize.observe(this.element);
    signal.addEventListener("abort", () => resize.disconnect());
  }

  /**
   * @param {Graph} graph @param {string} anchor
   * @param {() => void} [arrive] takes in the rest of the view: when the cards are on screen, which the reader waits for;
   *   in the list at once
   */
  async show(graph, anchor, arrive = () => {}) {
    const isFirst = this.island.isList || !this.drawing;
    if (isFirst) arrive();
    if (!this.drawing || !this.attention || !this.overlay) return;
    await this.drawing.update(graph, anchor);
    this.attention.refresh();
    this.overlay.renew();
    await this.drawing.drawn();
    if (!isFirst) arrive();
    this.tools?.equip(this.attention.hovered || this.attention.focused);
    this.#finish(graph, "ready");
  }

  /** @param {Graph} graph @param {State} state */
  #finish(graph, state) {
    const { dataset } = this.element;
    dataset.visible = String(graph.visible);
    dataset.total = String(graph.total);
    dataset.complete = String(graph.complete);
    const shown = this.element.querySelector("[data-shown]");
    if (shown) shown.textContent = this.island.view.dataset.shown ?? "";
    showNotes(this.element, this.island.view, graph);
    this.offerRearranging();
    this.setState(state);
    window.lineageReady = graph.nodes.length;
    window.lineagePlace = (id) => this.#placeOf(id);
  }

  /** Where a card stands in the window, for programs that point at it. @param {string} id */
  #placeOf(id) {
    const node = this.drawing?.node(id);
    if (!node || node.empty()) return null;
    const { left, top } = this.element.getBoundingClientRect();
    const { x, y } = node.renderedPosition();
    return { x: left + x, y: top + y, width: node.renderedWidth(), height: node.renderedHeight() };
  }

  /** "Rearrange" is there while cards are not where the layout put them. */
  offerRearranging() {
    const button = this.element.querySelector('[data-action="rearrange"]');
    if (button instanceof HTMLElement) button.hidden = !this.drawing?.dragged.size;
  }

  /** Forget where cards were dragged to. */
  rearrange() {
    this.places = {};
    this.show(this.island.graph, "");
    this.island.loader.keepPlaces();
    this.island.announce("Every card is back in its place");
  }

  /** @param {string} id "" for none */
  select(id) {
    this.attention?.select(id);
  }

  /** @param {string} id "" for none */
  focus(id) {
    this.attention?.focus(id);
    if (!id) {
      this.tools?.point();
      return;
    }
    this.tools?.equip(id); // at once: the next key may lead to it
    this.#reveal(id);
  }

  /** After the panel came or went: the canvas has another size, and the selected card stays in view. */
  makeRoom() {
    this.drawing?.cy.resize();
    if (this.attention?.selected) this.#reveal(this.attention.selected);
  }

  /** @param {string} id */
  #reveal(id) {
    const node = this.drawing?.node(id);
    if (!this.drawing || !node || node.empty() || !this.element.clientWidth) return; // in the list nothing is drawn
    const { width, height } = this.drawing.size();
    const panel = this.island.panel.element.getBoundingClientRect(); // a sheet over the canvas on narrow screens
    const box = this.element.getBoundingClientRect();
    const isSheet = panel.height > 0 && panel.left < box.right && panel.top < box.bottom;
    const free = isSheet ? Math.max(120, panel.top - box.top) : height;
    this.drawing.cy.panBy(moveIntoView(node.renderedBoundingBox(), { width, height: free }));
  }

  /** Hang a popover under a card. @param {HTMLElement} popover @param {string} id */
  place(popover, id) {
    if (this.drawing) hangUnder(this.drawing, popover, id);
  }
}
