// The canvas: draws a graph, and turns one picture into the next without losing the reader's place.

import { onThemeChange, readTokens } from "../lib/tokens.js";
import { CardPainter } from "./cards.js";
import { bendAll, bendSome } from "./curves.js";
import { cytoscape } from "./cytoscape.js";
import { boxOf, elementsOf } from "./elements.js";
import { glide } from "./glide.js";
import { repaint } from "./repaint.js";
import { addAfterFrame, addInSlices, cardsFirst, pause, simplifyInSlices } from "./slices.js";
import { styleSheet } from "./style.js";
import { turnInto } from "./turn.js";
import { firstView } from "./viewport.js";

/** @typedef {import("./types.js").Graph} Graph */
/** @typedef {import("./cytoscape.js").Node} Node */
/** @typedef {import("./cytoscape.js").Element} Element */

const MOST_CURVED = 300;
const MOST_GLIDING = 200;
const FAR_BELOW = 0.5;

export class Drawing {
  /**
   * Build the drawing in pieces short enough that the page never stalls.
   *
   * @param {HTMLElement} container @param {Graph} graph @param {AbortSignal} signal
   * @param {import("./loader.js").Places} places of dragged cards
   */
  static async create(container, graph, signal, places) {
    const drawing = new Drawing(container, graph);
    drawing.dragged = new Map(Object.entries(places));
    await pause();
    const elements = [...drawing.wanted().values()];
    drawing.data = new Map(elements.map(({ data }) => [data.id, JSON.stringify(data)]));
    drawing.#showFirst(elements);
    await pause();
    await addInSlices(drawing, cardsFirst(elements));
    drawing.bendAll();
    drawing.#listen(signal);
    return drawing;
  }

  /** @param {HTMLElement} container @param {Graph} graph */
  constructor(container, graph) {
    this.container = container;
    this.graph = graph;
    this.painter = new CardPainter(readTokens());
    this.isFar = false;
    /** How far the reader has dragged cards. @type {Map<string, [number, number]>} */
    this.dragged = new Map();
    /** What is lit now. @type {import("./cytoscape.js").Collection | undefined} */
    this.lit = undefined;
    /** What each element holds, to tell what changes. @type {Map<string, string>} */
    this.data = new Map();
    this.cy = cytoscape({
      container,
      style: styleSheet(this.painter, this.isBig),
      minZoom: 0.05,
      maxZoom: 2.5,
      boxSelectionEnabled: false,
      autounselectify: true,
      pixelRatio: Math.max(2, devicePixelRatio), // text stays sharp at fractional zoom
    });
    this.#turn();
    for (const canvas of container.querySelectorAll("canvas")) canvas.setAttribute("aria-hidden", "true");
  }

  /** The arrows follow the orientation. */
  #turn() {
    const isDown = this.graph.orientation === "down";
    const wasDown = Boolean(this.cy.scratch("isDown"));
    this.cy.scratch("isDown", isDown);
    return isDown !== wasDown;
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    this.cy.on("position", "node", (/** @type {{target: Node}} */ event) => {
      if (!this.isGliding && !this.isBig) bendSome(this.cy, event.target.connectedEdges());
    });
    this.cy.on("drag", "node", (/** @type {{target: Node}} */ event) => this.#bringPills(event.target));
    this.cy.on("dragfree", "node", (/** @type {{target: Node}} */ event) => this.#keepDragged(event.target));
    this.cy.on("viewport", () => this.#simplify());
    onThemeChange(() => repaint(this), signal);
    signal.addEventListener("abort", () => this.cy.destroy());
  }

  get isBig() {
    return this.graph.nodes.length > MOST_CURVED;
  }

  bendAll() {
    if (!this.isBig) bendAll(this.cy);
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

  /** The box around the cards and pills. */
  box() {
    const placeOf = (/** @type {Node} */ node) => ({ data: node.data(), position: node.position() });
    return boxOf(this.cy.nodes().map(placeOf));
  }

  /** @param {Element[]} elements those of the first picture, not yet added */
  #showFirst(elements) {
    const base = elements.find(({ data }) => data.id === this.graph.base)?.position ?? { x: 0, y: 0 };
    this.cy.viewport(firstView(boxOf(elements), base, this.size()));
  }

  /** @param {Element[]} elements cards before their arrows */
  add(elements) {
    const added = this.cy.add(elements);
    if (this.isFar) added.nodes().addClass("far");
  }

  /** @param {string} id @returns {import("./cytoscape.js").Collection} */
  node(id) {
    return this.cy.getElementById(id);
  }

  /** A card keeps its frontier pills beside it. @param {Node} node */
  #bringPills(node) {
    for (const way of ["up", "down"]) {
      const pill = this.node(`more-${way}-${node.id()}`);
      const { x, y } = node.position();
      if (pill.nonempty()) pill.position({ x: x + pill.data("right"), y: y + pill.data("below") });
    }
  }

  /** Remember how far the reader has dragged a card from its place. @param {Node} node */
  #keepDragged(node) {
    const home = this.graph.nodes.find(({ id }) => id === node.id());
    if (home) this.dragged.set(home.id, [node.position("x") - home.x, node.position("y") - home.y]);
  }

  /** The elements of the picture by id, dragged cards where they were left. */
  wanted() {
    const elements = elementsOf(this.graph, this.painter);
    for (const { data, position } of elements) {
      const offset = this.dragged.get(data.of ?? data.id);
      if (offset && position) Object.assign(position, { x: position.x + offset[0], y: position.y + offset[1] });
    }
    return new Map(elements.map((element) => [element.data.id, element]));
  }

  /** Below half size the cards show less. */
  #simplify() {
    const isFar = this.cy.zoom() < FAR_BELOW;
    if (isFar === this.isFar) return;
    this.isFar = isFar;
    simplifyInSlices(this);
  }

  /** Give every element the style of the theme and of this number of cards. */
  restyle() {
    this.cy.style(styleSheet(this.painter, this.isBig));
  }

  /**
   * Replace the picture by `graph`; the card `anchor` (or the base) keeps its place on the screen.
   *
   * @param {Graph} graph @param {string} anchor
   */
  async update(graph, anchor) {
    const wasBig = this.isBig;
    this.stopGliding?.();
    this.graph = graph;
    const isNewStyle = this.#turn() || this.isBig !== wasBig;
    this.isGliding = true;
    // while there are few elements: each takes the new style up
    if (isNewStyle && this.isBig) this.restyle();
    const { moves, later } = turnInto(this, this.wanted(), anchor);
    if (!later.length) this.bendAll();
    const isMuch = later.length > 0 || graph.nodes.length > MOST_GLIDING;
    const isCalm = isMuch || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.stopGliding = glide(this.cy, moves, isCalm ? 0 : 200, {
      frame: (edges) => {
        if (!this.isBig) bendSome(this.cy, edges);
      },
      end: () => {
        this.isGliding = false;
        this.bendAll();
      },
    });
    if (later.length) await addAfterFrame(this, later); // the cards are on screen before their arrows are reckoned
    if (isNewStyle && !this.isBig) this.restyle();
    if (later.length || isNewStyle) this.bendAll();
  }
}
