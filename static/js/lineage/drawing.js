// The canvas: draws a graph, and turns one picture into the next without losing the reader's place.

import { onThemeChange, readTokens } from "../lib/tokens.js";
import { CardPainter } from "./cards.js";
import { bend, bendAll } from "./curves.js";
import { cytoscape } from "./cytoscape.js";
import { elementsOf } from "./elements.js";
import { glide } from "./glide.js";
import { styleSheet } from "./style.js";
import { firstView } from "./viewport.js";

/** @typedef {import("./types.js").Graph} Graph */
/** @typedef {import("./cytoscape.js").Collection} Collection */

const MOST_CURVED = 300;
const MOST_GLIDING = 200;
const FAR_BELOW = 0.5;

export class Drawing {
  /**
   * @param {HTMLElement} container @param {Graph} graph @param {AbortSignal} signal
   */
  constructor(container, graph, signal) {
    this.container = container;
    this.graph = graph;
    this.painter = new CardPainter(readTokens());
    this.isFar = false;
    /** @type {Map<string, {x: number, y: number}>} */
    this.dragged = new Map();
    this.cy = cytoscape({
      container,
      elements: elementsOf(graph, this.painter),
      style: styleSheet(this.painter, this.#isBig),
      layout: { name: "preset" },
      minZoom: 0.05,
      maxZoom: 2.5,
      boxSelectionEnabled: false,
      autounselectify: true,
      pixelRatio: Math.max(2, devicePixelRatio), // text stays sharp at fractional zoom
    });
    for (const canvas of container.querySelectorAll("canvas")) canvas.setAttribute("aria-hidden", "true");
    this.#bendAll();
    this.cy.on("position", "node", (/** @type {{target: Collection}} */ event) => {
      if (!this.isGliding && !this.#isBig) event.target.connectedEdges().forEach((/** @type {Collection} */ edge) => bend(edge));
    });
    this.cy.on("drag", "node", (/** @type {{target: Collection}} */ event) => this.#bringPills(event.target));
    this.cy.on("dragfree", "node", (/** @type {{target: Collection}} */ event) => this.#keepDragged(event.target));
    this.cy.on("viewport", () => this.#simplify());
    this.showFirst();
    onThemeChange(() => this.repaint(), signal);
    signal.addEventListener("abort", () => this.cy.destroy());
  }

  get #isBig() {
    return this.graph.nodes.length > MOST_CURVED;
  }

  #bendAll() {
    if (!this.#isBig) bendAll(this.cy);
  }

  /** Resolve when the next frame is on screen. @returns {Promise<void>} */
  drawn() {
    return new Promise((resolve) => {
      this.cy.one("render", () => requestAnimationFrame(() => resolve()));
      this.cy.forceRender();
    });
  }

  size() {
    return { width: this.cy.width(), height: this.cy.height() };
  }

  /** The box around the cards, without what attention adds. */
  box() {
    return this.cy.elements().boundingBox({ includeOverlays: false, includeUnderlays: false });
  }

  showFirst() {
    this.cy.viewport(firstView(this.box(), this.node(this.graph.base).position(), this.size()));
    this.#simplify();
  }

  /** @param {string} id @returns {Collection} */
  node(id) {
    return this.cy.getElementById(id);
  }

  /** A card keeps its frontier pills beside it. @param {Collection} node */
  #bringPills(node) {
    for (const way of ["up", "down"]) {
      const pill = this.node(`more-${way}-${node.id()}`);
      if (pill.nonempty()) pill.position({ x: node.position("x") + pill.data("offset"), y: node.position("y") });
    }
  }

  /** Remember how far the reader has dragged a card from its place. @param {Collection} node */
  #keepDragged(node) {
    const home = this.graph.nodes.find(({ id }) => id === node.id());
    if (home) this.dragged.set(home.id, { x: node.position("x") - home.x, y: node.position("y") - home.y });
  }

  /** The elements of the picture by id, dragged cards where they were left. */
  #wanted() {
    const elements = elementsOf(this.graph, this.painter);
    for (const { data, position } of elements) {
      const offset = this.dragged.get(data.of ?? data.id);
      if (offset && position) Object.assign(position, { x: position.x + offset.x, y: position.y + offset.y });
    }
    return new Map(elements.map((element) => [element.data.id, element]));
  }

  /** Below half size the cards show less. */
  #simplify() {
    const isFar = this.cy.zoom() < FAR_BELOW;
    if (isFar === this.isFar) return;
    this.isFar = isFar;
    this.cy.batch(() => this.cy.nodes().toggleClass("far", isFar));
  }

  /** Paint everything anew in the colours of the theme. */
  repaint() {
    this.painter = new CardPainter(readTokens());
    const fresh = this.#wanted();
    this.cy.batch(() => {
      this.cy.nodes().forEach((/** @type {Collection} */ node) => node.data(fresh.get(node.id())?.data ?? {}));
    });
    this.cy.style(styleSheet(this.painter, this.#isBig));
    this.#bendAll();
  }

  /**
   * Replace the picture by `graph`. The card `anchor` (or the base) keeps its place on the screen, the others glide
   * to theirs, new ones come out of the anchor's place.
   *
   * @param {Graph} graph @param {string} anchor
   */
  update(graph, anchor) {
    this.graph = graph;
    const wanted = this.#wanted();
    const places = new Map(this.cy.nodes().map((/** @type {Collection} */ node) => [node.id(), { ...node.position() }]));
    const fixed = [anchor, graph.base].find((id) => places.has(id) && wanted.has(id)) ?? graph.base;
    const birth = places.get(anchor) ?? places.get(fixed);
    const target = wanted.get(fixed)?.position ?? { x: 0, y: 0 };
    const shift = { x: target.x - (places.get(fixed)?.x ?? target.x), y: target.y - (places.get(fixed)?.y ?? target.y) };
    this.cy.batch(() => this.#exchange(wanted));
    this.cy.panBy({ x: -shift.x * this.cy.zoom(), y: -shift.y * this.cy.zoom() });
    this.cy.style(styleSheet(this.painter, this.#isBig));
    this.#bendAll();
    const moves = [...wanted.values()]
      .filter((element) => element.group === "nodes" && element.position)
      .map((element) => {
        const from = places.get(element.data.id) ?? birth ?? target;
        return {
          node: this.node(element.data.id),
          from: { x: from.x + shift.x, y: from.y + shift.y },
          to: { .../** @type {{x: number, y: number}} */ (element.position) }, // the renderer keeps and moves the original
          isNew: !places.has(element.data.id),
        };
      });
    this.#move(moves);
  }

  /** @param {import("./glide.js").Move[]} moves */
  #move(moves) {
    const isCalm = moves.length > MOST_GLIDING || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.stopGliding?.();
    this.isGliding = true;
    this.stopGliding = glide(this.cy, moves, isCalm ? 0 : 200, {
      frame: () => this.#bendAll(),
      end: () => {
        this.isGliding = false;
      },
    });
  }

  /** @param {Map<string, import("./cytoscape.js").Element>} wanted */
  #exchange(wanted) {
    this.cy.elements().forEach((/** @type {Collection} */ element) => {
      const now = wanted.get(element.id());
      if (!now || element.isEdge()) element.remove();
      else element.data(now.data);
    });
    const missing = [...wanted.values()].filter((element) => this.node(element.data.id).empty());
    this.cy.add(missing.filter((element) => element.group === "nodes"));
    this.cy.add(missing.filter((element) => element.group === "edges"));
    this.cy.nodes().toggleClass("far", this.isFar);
  }
}
