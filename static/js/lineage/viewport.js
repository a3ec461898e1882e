// Where the drawing stands on the screen: first view, fit, zoom steps. Pure arithmetic.

/** @typedef {{zoom: number, pan: {x: number, y: number}}} Viewport */
/** @typedef {{x1: number, y1: number, x2: number, y2: number}} Box of the drawing, in its own units */
/** @typedef {{width: number, height: number}} Size */

export const RULER_HEIGHT = 26;
const DOCK_HEIGHT = 48;
const MARGIN = 24;
const SMALLEST_FIRST = 0.75;

/**
 * @param {{x: number, y: number, width: number, height: number}[]} nodes by their middles
 * @returns {Box}
 */
export function boxAround(nodes) {
  return {
    x1: Math.min(...nodes.map((node) => node.x - node.width / 2)),
    y1: Math.min(...nodes.map((node) => node.y - node.height / 2)),
    x2: Math.max(...nodes.map((node) => node.x + node.width / 2)),
    y2: Math.max(...nodes.map((node) => node.y + node.height / 2)),
  };
}

/** @param {number} value @param {number} low @param {number} high */
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** @param {Box} box @param {Size} size */
function fittingZoom(box, size) {
  const width = size.width - 2 * MARGIN;
  const height = size.height - RULER_HEIGHT - DOCK_HEIGHT - 2 * MARGIN;
  return Math.min(width / Math.max(1, box.x2 - box.x1), height / Math.max(1, box.y2 - box.y1));
}

/**
 * Show everything, between the ruler and the docks, at most life-size.
 *
 * @param {Box} box @param {Size} size @returns {Viewport}
 */
export function fit(box, size) {
  const zoom = clamp(fittingZoom(box, size), 0.05, 1);
  const free = size.height - RULER_HEIGHT - DOCK_HEIGHT;
  return {
    zoom,
    pan: {
      x: (size.width - (box.x1 + box.x2) * zoom) / 2,
      y: RULER_HEIGHT + (free - (box.y1 + box.y2) * zoom) / 2,
    },
  };
}

/**
 * The first view: the base in the middle at a readable scale, moved sideways so that no room is wasted.
 *
 * @param {Box} box @param {{x: number, y: number}} base @param {Size} size @returns {Viewport}
 */
export function firstView(box, base, size) {
  const zoom = clamp(fittingZoom(box, size), SMALLEST_FIRST, 1);
  const width = (box.x2 - box.x1) * zoom;
  let x = size.width / 2 - base.x * zoom;
  if (width <= size.width - 2 * MARGIN) x = (size.width - (box.x1 + box.x2) * zoom) / 2;
  else x = clamp(x, size.width - MARGIN - box.x2 * zoom, MARGIN - box.x1 * zoom);
  const [top, bottom] = [RULER_HEIGHT + MARGIN, size.height - DOCK_HEIGHT - MARGIN];
  let y = (top + bottom) / 2 - base.y * zoom;
  if ((box.y2 - box.y1) * zoom <= bottom - top) y = clamp(y, top - box.y1 * zoom, bottom - box.y2 * zoom);
  return { zoom, pan: { x, y } };
}

/**
 * The smallest move of `pan` that brings a card wholly into view.
 *
 * @param {{x1: number, y1: number, x2: number, y2: number}} card on the screen @param {Size} size
 * @returns {{x: number, y: number}}
 */
export function moveIntoView(card, size) {
  const along = (
    /** @type {number} */ low,
    /** @type {number} */ high,
    /** @type {number} */ from,
    /** @type {number} */ to,
  ) => (low < from ? from - low : high > to ? to - high : 0);
  return {
    x: along(card.x1, card.x2, MARGIN, size.width - MARGIN),
    y: along(card.y1, card.y2, RULER_HEIGHT + MARGIN, size.height - DOCK_HEIGHT),
  };
}
