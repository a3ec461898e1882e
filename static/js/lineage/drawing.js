// The canvas: draws a graph, and turns one picture into the next without losing the reader's place.

import { onThemeChange, readTokens } from "../lib/tokens.js";
import { CardPainter } from "./cards.js";
import { bendAll, bendSome } from "./curves.js";
import { cytoscape } from "./cytoscape.js";
import { elementsOf, sizeOf } from "./elements.js";
import { glide } from "./glide.js";
import { styleSheet } from "./style.js";
import { turnInto } from "./turn.js";
import { boxAround, firstView } from "./viewport.js";

/** @typedef {import("./types.js").Graph} Graph */
/** @typedef {import("./cytoscape.js").Collection} Collection */

const MOST_CURVED = 300;
const MOST_GLIDING = 200;
const FAR_BELOW = 0.5;

const SLICE = 400; // elements whose looks are worked out at once

/** Let the browser answer the reader before the next piece of work. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 0));
/** Let the renderer do its part of the work, which it does in the next frame. */
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));

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
    for (const group of ["nodes", "edges"]) await drawing.#add(elements.filter((element) => element.group === group));
    drawing.#bendAll();
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
    this.cy.on("position", "node", (/** @type {{target: Collection}} */ event) => {
      if (!this.isGliding && !this.isBig) bendSome(this.cy, event.target.connectedEdges());
    });
    this.cy.on("drag", "node", (/** @type {{target: Collection}} */ event) => this.#bringPills(event.target));
    this.cy.on("dragfree", "node", (/** @type {{target: Collection}} */ event) => this.#keepDragged(event.target));
    this.cy.on("viewport", () => this.#simplify());
    onThemeChange(() => this.repaint(), signal);
    signal.addEventListener("abort", () => this.cy.destroy());
  }

  get isBig() {
    return this.graph.nodes.length > MOST_CURVED;
  }

  #bendAll() {
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
    return boxAround(
      this.cy.nodes().map((/** @type {Collection} */ node) => ({ ...node.position(), ...sizeOf(node.data()) })),
    );
  }

  /** @param {import("./cytoscape.js").Element[]} elements those of the first picture, not yet added */
  #showFirst(elements) {
    const cards = elements.filter(({ group }) => group === "nodes");
    const box = boxAround(cards.map(({ data, position }) => ({ x: 0, y: 0, ...position, ...sizeOf(data) })));
    const base = cards.find(({ data }) => data.id === this.graph.base)?.position ?? { x: 0, y: 0 };
    this.cy.viewport(firstView(box, base, this.size()));
  }

  /** Add many elements without keeping the page from answering. @param {import("./cytoscape.js").Element[]} elements */
  async #add(elements) {
    for (let at = 0; at < elements.length; at += SLICE) {
      this.cy.add(elements.slice(at, at + SLICE));
      if (elements.length > SLICE) await nextFrame();
      else await pause();
    }
  }

  /** @param {string} id @returns {Collection} */
  node(id) {
    return this.cy.getElementById(id);
  }

  /** A card keeps its frontier pills beside it. @param {Collection} node */
  #bringPills(node) {
    for (const way of ["up", "down"]) {
      const pill = this.node(`more-${way}-${node.id()}`);
      const { x, y } = node.position();
      if (pill.nonempty()) pill.position({ x: x + pill.data("right"), y: y + pill.data("below") });
    }
  }

  /** Remember how far the reader has dragged a card from its place. @param {Collection} node */
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
    this.cy.batch(() => this.cy.nodes().toggleClass("far", isFar));
  }

  /** Paint everything anew in the colours of the theme. */
  repaint() {
    this.painter = new CardPainter(readTokens());
    const fresh = this.wanted();
    this.cy.batch(() => {
      for (const node of this.cy.nodes()) node.data(fresh.get(node.id())?.data ?? {});
    });
    this.cy.style(styleSheet(this.painter, this.isBig));
    this.#bendAll();
  }

  /**
   * Replace the picture by `graph`; the card `anchor` (or the base) keeps its place on the screen.
   *
   * @param {Graph} graph @param {string} anchor
   */
  update(graph, anchor) {
    const wasBig = this.isBig;
    this.stopGliding?.();
    this.graph = graph;
    const isTurned = this.#turn();
    this.isGliding = true;
    const moves = turnInto(this, this.wanted(), anchor);
    if (this.isBig !== wasBig || isTurned) this.cy.style(styleSheet(this.painter, this.isBig));
    this.#bendAll();
    const isCalm = moves.length > MOST_GLIDING || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.stopGliding = glide(this.cy, moves, isCalm ? 0 : 200, {
      frame: (edges) => {
        if (!this.isBig) bendSome(this.cy, edges);
      },
      end: () => {
        this.isGliding = false;
        this.#bendAll();
      },
    });
  }
}
