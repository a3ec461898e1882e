// Where a popover hangs: under its card, inside the canvas.

import { RULER_HEIGHT } from "./viewport.js";

const GAP = 6;
const EDGE = 12;

/**
 * Place the popover under the card; the drawing moves up to make room for it.
 *
 * @param {import("./drawing.js").Drawing} drawing @param {HTMLElement} popover @param {string} id
 */
export function hangUnder(drawing, popover, id) {
  const node = drawing.node(id);
  if (node.empty()) return;
  const { width, height } = drawing.size();
  const options = { includeLabels: false, includeOverlays: false, includeUnderlays: false };
  const missing = node.renderedBoundingBox(options).y2 + GAP + popover.offsetHeight + EDGE - height;
  const free = node.renderedBoundingBox(options).y1 - RULER_HEIGHT - EDGE;
  drawing.cy.panBy({ x: 0, y: -Math.max(0, Math.min(missing, free)) });
  const box = node.renderedBoundingBox(options);
  const left = Math.min(box.x1, width - popover.offsetWidth - EDGE);
  const top = Math.min(box.y2 + GAP, height - popover.offsetHeight - EDGE);
  popover.style.left = `${Math.max(EDGE, Math.round(left))}px`;
  popover.style.top = `${Math.max(RULER_HEIGHT, Math.round(top))}px`;
}
