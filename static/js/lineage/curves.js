// The course of the arrows: S-curves that leave and arrive horizontally.

/** @typedef {import("./cytoscape.js").Collection} Collection */

/** Where an arrow leaves a card, from its middle; it arrives at the mirrored place. */
const PORTS = { card: [100, 0], base: [105, 0], cluster: [106, -5], more: [0, 0] };
const ARROW_GAP = 2;
const LONG = 120; // longer than the gap between two columns
const TURN = 29; // half the gap

/** @param {Collection} node @returns {[number, number]} */
export function portOf(node) {
  if (node.data("shape") === "more") return [node.data("width") / 2, 0];
  return PORTS[node.data("base") ? "base" : node.data("shape")];
}

/**
 * Two control points between the ends, in the order of the arrow.
 *
 * @param {{x: number, y: number}} from @param {{x: number, y: number}} to
 * @param {number} fanOut how many arrows leave the source @param {number} fanIn how many reach the target
 */
export function controlPoints(from, to, fanOut, fanIn) {
  const dx = to.x - from.x;
  if (dx < 0) {
    const below = Math.max(from.y, to.y) + 70; // a back edge passes under its cards
    return [{ x: from.x + 90, y: below }, { x: to.x - 90, y: below }];
  }
  const share = fanOut > fanIn ? 0.36 : fanIn > fanOut ? 0.64 : 0.5; // the trunk stays near the busier end
  const middle = dx > LONG ? to.x - TURN : from.x + dx * share;
  return [{ x: middle, y: from.y }, { x: middle, y: to.y }];
}

/**
 * A point as Cytoscape wants it: the share of the way along the straight line, and the distance from it.
 *
 * @param {{x: number, y: number}} point @param {{x: number, y: number}} from @param {{x: number, y: number}} to
 */
export function alongLine(point, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const squared = dx * dx + dy * dy || 1;
  const [px, py] = [point.x - from.x, point.y - from.y];
  return { weight: (px * dx + py * dy) / squared, distance: (py * dx - px * dy) / Math.sqrt(squared) };
}

/** @param {Collection} edge */
export function bend(edge) {
  const [source, target] = [edge.source(), edge.target()];
  const [[sourceX, sourceY], [targetX, targetY]] = [portOf(source), portOf(target)];
  const from = { x: source.position("x") + sourceX, y: source.position("y") + sourceY };
  const to = { x: target.position("x") - targetX - ARROW_GAP, y: target.position("y") + targetY };
  const points = controlPoints(from, to, source.scratch("fanOut") ?? 1, target.scratch("fanIn") ?? 1);
  const places = points.map((point) => alongLine(point, from, to));
  edge.style({
    "control-point-weights": places.map((place) => place.weight),
    "control-point-distances": places.map((place) => place.distance),
  });
}

/** Bend every arrow of the drawing. @param {import("./cytoscape.js").Core} cy */
export function bendAll(cy) {
  cy.nodes().forEach((/** @type {Collection} */ node) => {
    node.scratch("fanOut", 0);
    node.scratch("fanIn", 0);
  });
  cy.edges().forEach((/** @type {Collection} */ edge) => {
    edge.source().scratch("fanOut", edge.source().scratch("fanOut") + 1);
    edge.target().scratch("fanIn", edge.target().scratch("fanIn") + 1);
  });
  cy.batch(() => cy.edges().forEach(bend));
}
