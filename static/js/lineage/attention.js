// What the reader points at: hover, selection, keyboard focus, and the lineage that they light.

import { lightInSlices } from "./slices.js";

/** @typedef {import("./cytoscape.js").Node} Node */

const PAUSE = 80; // before the first card lights up; between cards there is none

export class Attention {
  /** @param {import("./drawing.js").Drawing} drawing @param {(node: string) => void} onPointed */
  constructor(drawing, onPointed) {
    this.drawing = drawing;
    this.onPointed = onPointed;
    this.hovered = "";
    this.selected = "";
    this.focused = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    drawing.cy.on("mouseover", "node", (/** @type {{target: Node}} */ event) => this.hover(event.target.id()));
    drawing.cy.on("mouseout", "node", () => this.hover(""));
    drawing.cy.on("repainted", () => this.refresh());
  }

  /** @param {string} id "" for none */
  hover(id) {
    const wasOnCard = Boolean(this.hovered);
    this.hovered = id;
    this.#mark("hover", id);
    this.drawing.container.classList.toggle("is-pointing", Boolean(id));
    this.onPointed(id);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.light(), id && !wasOnCard ? PAUSE : 0);
  }

  /** @param {string} id "" for none */
  select(id) {
    this.selected = id;
    this.#paintCluster();
    this.#mark("selected", id);
    this.light();
  }

  /** @param {string} id "" for none */
  focus(id) {
    this.focused = id;
    this.#mark("focused", id);
  }

  /** After an exchange of the picture: mark again what is still there. */
  refresh() {
    const has = (/** @type {string} */ id) => Boolean(id) && this.drawing.node(id).nonempty();
    if (!has(this.hovered)) this.hovered = "";
    if (!has(this.focused)) this.focused = "";
    if (!has(this.selected)) this.selected = "";
    this.focus(this.focused);
    this.select(this.selected);
  }

  /** @param {string} name @param {string} id */
  #mark(name, id) {
    this.drawing.cy.batch(() => {
      this.drawing.cy.nodes(`.${name}`).removeClass(name);
      if (id) this.drawing.node(id).addClass(name);
    });
  }

  #paintCluster() {
    const { cy, graph, painter } = this.drawing;
    for (const node of graph.nodes) {
      if (node.kind !== "cluster") continue;
      const isSelected = node.id === this.selected;
      const element = cy.getElementById(node.id);
      if (isSelected || element.scratch("wasSelected")) element.data("image", painter.cluster(node, isSelected));
      element.scratch("wasSelected", isSelected);
    }
  }

  /** Light the lineage of the selected card, else of the hovered one; dim the rest. */
  light() {
    const { cy, graph } = this.drawing;
    if (cy.destroyed()) return;
    const id = this.selected || (this.hovered === graph.base ? "" : this.hovered);
    const isThere = id !== "" && cy.getElementById(id).nonempty();
    const extracted = graph.nodes.filter((node) => node.extracted === id).map((node) => node.id);
    const marked = new Set(isThere ? [id, ...extracted] : []);
    const nodes = cy.nodes().filter((/** @type {Node} */ one) => marked.has(one.id()));
    lightInSlices(this.drawing, nodes.union(nodes.predecessors()).union(nodes.successors()));
  }
}
