// From the graph's JSON to Cytoscape's elements: cards, clusters, frontier pills, arrows.

import { textWidth } from "../lib/measure.js";
import { shortenEnd, shortenMiddle } from "../lib/shorten.js";
import { heightOf } from "./card-size.js";
import { numberPlaces } from "./curves.js";
import { boxAround } from "./viewport.js";

/** @typedef {import("./types.js").GraphNode} GraphNode */
/** @typedef {import("./cards.js").CardPainter} CardPainter */

const NAME_WIDTH = 142;
const FAR_NAME_WIDTH = 140;
const COLUMN_GAP = 58;
const WIDE_PILL = 64;
const NARROW_PILL = 38;

/** The size of a node, which the style sheet repeats. @param {Record<string, any>} data */
export function sizeOf(data) {
  if (data.shape === "more") return { width: data.width, height: 22 };
  return { width: data.shape === "cluster" ? 212 : 200, height: data.height };
}

/** The box around all that has a place. @param {{data: Record<string, any>, position?: {x: number, y: number}}[]} elements */
export const boxOf = (elements) =>
  boxAround(elements.flatMap(({ data, position }) => (position ? [{ ...position, ...sizeOf(data) }] : [])));

/** @param {number} count */
const short = (count) => (count < 10_000 ? String(count) : `${Math.floor(count / 1000)}k`);

/** @param {GraphNode} node @param {CardPainter} painter */
export function nodeFacts(node, painter) {
  const { font } = painter.tokens;
  const fitsIn = (/** @type {number} */ width, /** @type {string} */ face) => (/** @type {string} */ text) =>
    textWidth(text, `${face} ${font}`) <= width;
  const name = node.kind === "locked" ? "No access" : node.name;
  const isCluster = node.kind === "cluster";
  const fits = fitsIn(NAME_WIDTH, "500 13px");
  const lines = [shortenMiddle(name, fits), ...(node.rows ?? []).map(([, text]) => shortenEnd(text, fits))];
  return {
    id: node.id,
    shape: isCluster ? "cluster" : "card",
    kind: node.kind,
    member_kind: node.member_kind ?? "",
    state: node.state ?? "",
    base: Boolean(node.base),
    height: heightOf(node),
    hasRows: lines.length > 1,
    text: isCluster ? "" : lines.join("\n"),
    image: isCluster ? painter.cluster(node, false) : painter.card(node),
    farText: isCluster ? "" : shortenMiddle(name, fitsIn(FAR_NAME_WIDTH, "500 20px")),
    farImage: isCluster ? "" : painter.far(node),
  };
}

/**
 * The pill "+12 up" beside a node whose further neighbours were cut: narrow where it would cover another card.
 *
 * @param {GraphNode} node @param {"up" | "down"} way @param {GraphNode[]} nodes
 */
function frontierPill(node, way, nodes) {
  const sign = way === "up" ? -1 : 1;
  const count = node[way] ?? 0;
  const half = node.kind === "cluster" ? 106 : 100;
  const middle = (/** @type {number} */ width) => node.x + sign * (half + 12 + width / 2);
  const isCovering = nodes.some(
    (other) =>
      other !== node && Math.abs(other.x - middle(WIDE_PILL)) < 106 + WIDE_PILL / 2 && Math.abs(other.y - node.y) < 48,
  );
  const width = isCovering ? NARROW_PILL : WIDE_PILL;
  const x = isCovering ? node.x + sign * (half + COLUMN_GAP / 2) : middle(width);
  const below = node.kind === "cluster" ? -5 : 0; // the middle of a cluster's upper card
  return pillElements(node, way, {
    right: x - node.x,
    below,
    width,
    text: isCovering ? `+${short(count)}` : `+${short(count)} ${way}`,
  });
}

/** The same in a picture from top to bottom: over or under the card. @param {GraphNode} node @param {"up" | "down"} way */
function pillBelow(node, way) {
  const half = heightOf(node) / 2;
  const below = (way === "up" ? -1 : 1) * (half + 12 + 11);
  return pillElements(node, way, { right: 0, below, width: WIDE_PILL, text: `+${short(node[way] ?? 0)} ${way}` });
}

/** @param {GraphNode} node @param {"up" | "down"} way @param {Record<string, string | number>} pill */
function pillElements(node, way, pill) {
  const id = `more-${way}-${node.id}`;
  const position = { x: node.x + Number(pill.right), y: node.y + Number(pill.below) };
  const ends = way === "up" ? { source: id, target: node.id } : { source: node.id, target: id };
  return [
    { group: "nodes", data: { ...pill, id, shape: "more", of: node.id }, position, grabbable: false },
    { group: "edges", data: { id: `${id}-edge`, ...ends, frontier: true } },
  ];
}

/** @param {import("./types.js").GraphEdge} edge @param {number} numberAt from its tip to its number */
function edgeElement(edge, numberAt) {
  const facts = { id: `${edge.source}>${edge.target}${edge.via ? "~" : ""}`, source: edge.source, target: edge.target };
  const label = edge.count && !edge.via ? { label: short(edge.count), numberAt } : {};
  const via = edge.via ? { via: `via ${short(edge.via)} hidden`, viaShort: `via ${short(edge.via)}\nhidden` } : {};
  return {
    group: "edges",
    data: { ...facts, ...label, ...via, back: Boolean(edge.back), extended: Boolean(edge.extended) },
  };
}

/**
 * @param {import("./types.js").Graph} graph
 * @param {CardPainter} painter
 * @returns {import("./cytoscape.js").Element[]}
 */
export function elementsOf(graph, painter) {
  const cards = graph.nodes.map((node) => ({
    group: "nodes",
    data: nodeFacts(node, painter),
    position: { x: node.x, y: node.y },
    grabbable: true,
  }));
  const places = numberPlaces(graph.edges);
  const edges = graph.edges.map((edge, place) => edgeElement(edge, places[place]));
  const ways = /** @type {const} */ (["up", "down"]);
  const pills = graph.nodes.flatMap((node) =>
    ways
      .filter((way) => node[way])
      .flatMap((way) => (graph.orientation === "down" ? pillBelow(node, way) : frontierPill(node, way, graph.nodes))),
  );
  return /** @type {import("./cytoscape.js").Element[]} */ ([...cards, ...edges, ...pills]);
}
