// The graph container: its states, the drawing in it, and what floats above the drawing.
/// <reference path="./globals.d.ts" />

import { Attention } from "./attention.js";
import { Drawing } from "./drawing.js";
import { Overlay } from "./overlay.js";
import { hangUnder } from "./popover.js";
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

  /** @param {Graph} graph @param {string} selected */
  async start(graph, selected) {
    if (this.element.dataset.lineageState === "empty") {
      this.#finish(graph, "empty");
      return;
    }
    const container = /** @type {HTMLElement} */ (this.element.querySelector(".graph-cy"));
    const { signal } = this.island.aborter;
    this.drawing = await Drawing.create(container, graph, signal);
    this.overlay = new Overlay(this.element, this.drawing);
    this.attention = new Attention(this.drawing, () => this.#pointTools());
    attachZooming(this.element, this.drawing, signal);
    this.#listen(signal);
    await this.drawing.drawn();
    this.#finish(graph, "ready");
    if (selected) this.island.preview(selected);
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const { cy } = /** @type {Drawing} */ (this.drawing);
    cy.on("tap", (/** @type {{target: any}} */ event) => {
      if (event.target === cy) {
        if (this.island.members.isOpen) this.island.closeCluster();
        else if (this.island.panel.isOpen) this.island.closePanel();
      } else if (event.target.isNode()) this.island.activate(event.target.id());
    });
    const tools = /** @type {HTMLElement} */ (this.element.querySelector(".card-tools"));
    for (const name of ["pointerenter", "focusin", "focusout"]) {
      tools.addEventListener(name, () => this.#pointTools(), { signal });
    }
    // the renderer sees the pointer only while it is over the canvas
    const onLeave = (/** @type {PointerEvent} */ event) => {
      const to = event.relatedTarget;
      const isInside = to instanceof Node && (tools.contains(to) || this.drawing?.container.contains(to));
      if (!isInside) this.attention?.hover("");
    };
    for (const part of [tools, this.drawing?.container]) part?.addEventListener("pointerleave", onLeave, { signal });
    const resize = new ResizeObserver(() => cy.resize());
    resize.observe(this.element);
    signal.addEventListener("abort", () => resize.disconnect());
  }

  /** The toolbar stands by the hovered card, else by the focused one; while it is in use it stays. */
  #pointTools() {
    const tools = /** @type {HTMLElement} */ (this.element.querySelector(".card-tools"));
    clearTimeout(this.pause);
    const hovered = this.attention?.hovered;
    if (hovered) {
      this.#equipTools(hovered);
      return;
    }
    if (tools.matches(":hover") || tools.contains(document.activeElement)) return;
    this.pause = setTimeout(() => {
      if (!tools.matches(":hover") && !this.attention?.hovered) this.#equipTools(this.attention?.focused ?? "");
    }, 120);
  }

  /** @param {string} id */
  #equipTools(id) {
    const facts = this.island.facts(id);
    const tools = /** @type {HTMLElement} */ (this.element.querySelector(".card-tools"));
    const show = (/** @type {string} */ selector, /** @type {boolean} */ isShown) => {
      const control = tools.querySelector(selector);
      if (control instanceof HTMLElement) control.hidden = !isShown;
    };
    const isCluster = facts?.kind === "cluster";
    show('[data-action="hide"]', !facts?.base);
    show('[data-action="put-back"]', Boolean(facts?.extracted));
    show('button[data-action="open"]', isCluster);
    show('a[data-action="open"]', !isCluster);
    const link = tools.querySelector("a");
    if (link) link.href = this.island.outline.page(id);
    tools.setAttribute("aria-label", facts ? `Actions for ${facts.name}` : "");
    this.overlay?.point(facts ? id : "");
  }

  /** @param {Graph} graph @param {string} anchor */
  async show(graph, anchor) {
    if (!this.drawing || !this.attention || !this.overlay) return;
    this.drawing.update(graph, anchor);
    this.attention.refresh();
    this.overlay.renew();
    this.#equipTools(this.attention.hovered || this.attention.focused);
    await this.drawing.drawn();
    this.#finish(graph, "ready");
  }

  /** @param {Graph} graph @param {State} state */
  #finish(graph, state) {
    const { dataset } = this.element;
    dataset.visible = String(graph.visible);
    dataset.total = String(graph.total);
    dataset.complete = String(graph.complete);
    const shown = this.element.querySelector("[data-shown]");
    const view = this.island.root.querySelector("#lineage-view");
    if (shown && view instanceof HTMLElement) shown.textContent = view.dataset.shown ?? "";
    this.element.classList.toggle(
      "has-bridges",
      graph.edges.some((edge) => edge.via),
    );
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

  /** @param {string} id "" for none */
  select(id) {
    this.attention?.select(id);
  }

  /** @param {string} id "" for none */
  focus(id) {
    this.attention?.focus(id);
    this.#pointTools();
    if (id) this.#reveal(id);
  }

  /** After the panel came or went: the canvas has another size, and the selected card stays in view. */
  makeRoom() {
    this.drawing?.cy.resize();
    if (this.attention?.selected) this.#reveal(this.attention.selected);
  }

  /** @param {string} id */
  #reveal(id) {
    const node = this.drawing?.node(id);
    if (!this.drawing || node.empty() || !this.element.clientWidth) return; // in the list nothing is drawn
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
