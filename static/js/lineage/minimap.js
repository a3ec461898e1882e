// The map of the whole drawing, shown while a part of it is off screen; a press or drag on it moves the view.

import { heightOf } from "./card-size.js";

/** @typedef {import("./drawing.js").Drawing} Drawing */

const [WIDTH, HEIGHT] = [336, 168];
const PADDING = 8;

/**
 * How the drawing lies on the map. Pure.
 *
 * @param {import("./viewport.js").Box} box @param {{width: number, height: number}} size of the map
 */
export function scaleOf(box, size) {
  const [width, height] = [Math.max(1, box.x2 - box.x1), Math.max(1, box.y2 - box.y1)];
  const scale = Math.min((size.width - 2 * PADDING) / width, (size.height - 2 * PADDING) / height);
  return {
    scale,
    left: (size.width - width * scale) / 2 - box.x1 * scale,
    top: (size.height - height * scale) / 2 - box.y1 * scale,
  };
}

/** Which of the theme's colours a node has on the map: what "Colour by" tells, else its kind. @param {import("./types.js").GraphNode} node */
export function tokenOf(node) {
  if (node.base) return "accent";
  if (node.colour) return `hue-${node.colour}`;
  if (node.kind === "locked") return "text-3";
  return (node.member_kind ?? node.kind) === "run" ? "run" : "art";
}

export class Minimap {
  /** @param {HTMLElement} root the graph container @param {Drawing} drawing @param {AbortSignal} signal */
  constructor(root, drawing, signal) {
    this.drawing = drawing;
    this.element = /** @type {HTMLElement} */ (root.querySelector(".minimap"));
    this.canvas = /** @type {HTMLCanvasElement} */ (this.element.querySelector("canvas"));
    this.request = 0;
    drawing.cy.on("viewport resize position add remove", () => this.schedule());
    const onPointer = (/** @type {PointerEvent} */ event) => {
      if (event.type === "pointerdown") this.canvas.setPointerCapture(event.pointerId);
      else if (!this.canvas.hasPointerCapture(event.pointerId)) return;
      this.#moveTo(event);
    };
    this.canvas.addEventListener("pointerdown", onPointer, { signal });
    this.canvas.addEventListener("pointermove", onPointer, { signal });
    this.schedule();
  }

  schedule() {
    this.request ||= requestAnimationFrame(() => {
      this.request = 0;
      if (!this.drawing.cy.destroyed()) this.#draw();
    });
  }

  #draw() {
    const { cy, painter, graph } = this.drawing;
    const box = this.drawing.box();
    const shown = cy.extent();
    const isAll = shown.x1 <= box.x1 && shown.y1 <= box.y1 && shown.x2 >= box.x2 && shown.y2 >= box.y2;
    this.element.hidden = isAll;
    if (isAll) return;
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.map = scaleOf(box, { width: WIDTH, height: HEIGHT });
    const { scale, left, top } = this.map;
    const t = painter.tokens;
    context.clearRect(0, 0, WIDTH, HEIGHT);
    for (const node of graph.nodes) {
      const card = this.drawing.node(node.id);
      if (card.empty()) continue; // it comes with the next slice
      const { x, y } = card.position();
      context.fillStyle = t[tokenOf(node)];
      const [width, height] = [Math.max(4, 200 * scale), Math.max(3, heightOf(node) * scale)];
      context.fillRect(x * scale + left - width / 2, y * scale + top - height / 2, width, height);
    }
    const view = [shown.x1 * scale + left, shown.y1 * scale + top, shown.w * scale, shown.h * scale];
    context.strokeStyle = t.accent;
    context.lineWidth = 3;
    context.strokeRect(view[0], view[1], view[2], view[3]);
  }

  /** @param {PointerEvent} event */
  #moveTo(event) {
    if (!this.map) return;
    const { cy } = this.drawing;
    const box = this.canvas.getBoundingClientRect();
    const at = {
      x: (((event.clientX - box.left) / box.width) * WIDTH - this.map.left) / this.map.scale,
      y: (((event.clientY - box.top) / box.height) * HEIGHT - this.map.top) / this.map.scale,
    };
    const { width, height } = this.drawing.size();
    cy.pan({ x: width / 2 - at.x * cy.zoom(), y: height / 2 - at.y * cy.zoom() });
  }
}
