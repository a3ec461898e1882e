// The course of the arrows: S-curves that leave and arrive horizontally.

/** @typedef {import("./cytoscape.js").Node} Node */
/** @typedef {import("./cytoscape.js").Edge} Edge */

/** Where an arrow leaves a card, from its middle; it arrives at the mirrored place. @type {Record<string, [number, number]>} */
const PORTS = { card: [100, 0], base: [105, 0], cluster: [106, -5], more: [0, 0] };
const RING = 5; // around the base
const ARROW_GAP = 2;
const LONG = 120; // longer than the gap between two columns
const TURN = 29; // half the gap
const CLEARANCE = 8; // between an arrow that passes and a card
const CORNER = 30; // how soon a turn is done
const NUMBER_AT = 22; // from the tip of an arrow to its number
const NUMBER_STEP = 24; // to the next arrow's
const MOST_BEHIND = 3;

/** @typedef {{x: number, y: number}} Point */
/** @typedef {{x: number, y: number, half: number, reach?: number}} Obstacle a card: its middle, half its height, half its width */

/** @param {Node} node @returns {[number, number]} */
export function portOf(node) {
  const shape = node.data("base") ? "base" : node.data("shape");
  if (isDown(node)) return [0, node.height() / 2 + (shape === "base" ? RING : 0)];
  return shape === "more" ? [node.data("width") / 2, 0] : PORTS[shape];
}

/** Where an arrow reaches a card, from its middle. @param {Node} node @returns {[number, number]} */
export function arrivalOf(node) {
  const [x, y] = portOf(node);
  return isDown(node) ? [x, -y - ARROW_GAP] : [-x - ARROW_GAP, y];
}

/**
 * How far before their tips merged arrows have their numbers: those that meet at a card one behind the other.
 *
 * @param {import("./types.js").GraphEdge[]} edges @returns {number[]}
 */
export function numberPlaces(edges) {
  /** @type {Map<string, number>} */
  const met = new Map();
  return edges.map(({ target, count, via }) => {
    const before = met.get(target) ?? 0;
    if (count && !via) met.set(target, before + 1);
    return NUMBER_AT + NUMBER_STEP * Math.min(before, MOST_BEHIND);
  });
}

/** @param {Node} node */
const isDown = (node) => Boolean(node.cy().scratch("isDown"));

/** Exchange the axes: what holds for arrows to the right then holds for arrows down. @template {Point} T @param {T} point */
const turned = (point) => ({ ...point, x: point.y, y: point.x });

/**
 * The height at which a long arrow passes the cards between its ends: the nearest one that covers none of them.
 *
 * @param {Point} from @param {Point} to @param {Obstacle[]} cards
 */
export function laneFor(from, to, cards) {
  const between = cards.filter(({ x, reach = 106 }) => x - reach > from.x && x + reach < to.x);
  const reach = (/** @type {Obstacle} */ card) => card.half + CLEARANCE;
  const isFree = (/** @type {number} */ y) => between.every((card) => Math.abs(card.y - y) >= reach(card));
  const detour = (/** @type {number} */ y) => Math.abs(y - from.y) + Math.abs(y - to.y);
  const lanes = [
    from.y,
    to.y,
    ...between.flatMap((card) => [card.y - reach(card) - 4, card.y + reach(card) + 4]),
  ].filter(isFree);
  return lanes.length ? lanes.reduce((best, y) => (detour(y) < detour(best) ? y : best)) : from.y;
}

/**
 * The control points of a long arrow: a turn into its lane in the first gap, out of it in the last one.
 *
 * @param {Point} from @param {Point} to @param {number} lane @returns {Point[]}
 */
export function lanePoints(from, to, lane) {
  const [first, last] = [from.x + TURN, to.x - TURN];
  return [
    { x: first, y: from.y },
    { x: first, y: lane },
    { x: first + CORNER, y: lane },
    { x: last - CORNER, y: lane },
    { x: last, y: lane },
    { x: last, y: to.y },
  ];
}

/**
 * The control points of an arrow that leads back: around its own cards and those between them.
 *
 * @param {Point} from @param {Point} to @param {Obstacle[]} cards @returns {Point[]}
 */
export function backPoints(from, to, cards) {
  const lane = laneFor({ x: to.x - TURN, y: from.y }, { x: from.x + TURN, y: to.y }, cards);
  return [
    { x: from.x + TURN, y: from.y },
    { x: from.x + TURN, y: lane },
    { x: from.x, y: lane },
    { x: to.x, y: lane },
    { x: to.x - TURN, y: lane },
    { x: to.x - TURN, y: to.y },
  ];
}

/**
 * Two control points between the ends, in the order of the arrow.
 *
 * @param {Point} from @param {Point} to
 * @param {number} fanOut how many arrows leave the source @param {number} fanIn how many reach the target
 */
export function controlPoints(from, to, fanOut, fanIn) {
  const dx = to.x - from.x;
  const share = fanOut > fanIn ? 0.36 : fanIn > fanOut ? 0.64 : 0.5; // the trunk stays near the busier end
  const middle = from.x + dx * share;
  return [
    { x: middle, y: from.y },
    { x: middle, y: to.y },
  ];
}

/**
 * A point as Cytoscape wants it: the share of the way along the straight line, and the distance from it.
 *
 * @param {Point} point @param {Point} from @param {Point} to
 */
export function alongLine(point, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const squared = dx * dx + dy * dy || 1;
  const [px, py] = [point.x - from.x, point.y - from.y];
  return { weight: (px * dx + py * dy) / squared, distance: (py * dx - px * dy) / Math.sqrt(squared) };
}

/** @param {import("./cytoscape.js").Core} cy @returns {Obstacle[]} */
function cardsOf(cy) {
  return cy.nodes('[shape != "more"]').map((/** @type {Node} */ node) => {
    const half = node.data("height") / 2;
    return isDown(node) ? { ...turned(node.position()), half: 106, reach: half } : { ...node.position(), half };
  });
}

/** @param {Point} from @param {Point} to @param {Obstacle[]} cards @param {[number, number]} fans */
function pointsBetween(from, to, cards, fans) {
  if (to.x < from.x) return backPoints(from, to, cards);
  return to.x - from.x > LONG ? lanePoints(from, to, laneFor(from, to, cards)) : controlPoints(from, to, ...fans);
}

/** @param {Edge} edge @param {Obstacle[]} cards */
function bend(edge, cards) {
  const [source, target] = [edge.source(), edge.target()];
  const place = (/** @type {Node} */ node, /** @type {[number, number]} */ [x, y]) => ({
    x: node.position("x") + x,
    y: node.position("y") + y,
  });
  const ends = [place(source, portOf(source)), place(target, arrivalOf(target))];
  const [from, to] = isDown(source) ? ends.map(turned) : ends;
  edge.toggleClass("short", to.x - from.x <= LONG);
  edge.toggleClass("lone", source.scratch("fanOut") === 1 && target.scratch("fanIn") === 1);
  const points = pointsBetween(from, to, cards, [source.scratch("fanOut") ?? 1, target.scratch("fanIn") ?? 1]);
  const sense = isDown(source) ? -1 : 1; // exchanging the axes mirrors the distances
  const places = points.map((point) => alongLine(point, from, to));
  const course = places.map(({ weight, distance }) => `${weight.toFixed(4)} ${distance.toFixed(2)}`).join();
  if (edge.scratch("course") === course) return; // most arrows only come along: a style costs more than its reckoning
  edge.scratch("course", course);
  edge.style({
    "control-point-weights": places.map(({ weight }) => weight),
    "control-point-distances": places.map(({ distance }) => sense * distance),
  });
}

/** Bend the arrows of `edges`. @param {import("./cytoscape.js").Core} cy @param {import("./cytoscape.js").Edges} edges */
export function bendSome(cy, edges) {
  const cards = cardsOf(cy);
  cy.batch(() => {
    for (const edge of edges) bend(edge, cards);
  });
}

/** Bend every arrow of the drawing. @param {import("./cytoscape.js").Core} cy */
export function bendAll(cy) {
  cy.nodes().forEach((/** @type {Node} */ node) => {
    node.scratch("fanOut", 0);
    node.scratch("fanIn", 0);
  });
  cy.edges().forEach((/** @type {Edge} */ edge) => {
    edge.source().scratch("fanOut", edge.source().scratch("fanOut") + 1);
    edge.target().scratch("fanIn", edge.target().scratch("fanIn") + 1);
  });
  bendSome(cy, cy.edges());
}
