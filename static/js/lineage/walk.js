// Where an arrow key leads: along the edges sideways, within the column up and down. Pure.

/** @typedef {import("./types.js").GraphNode} GraphNode */
/** @typedef {import("./types.js").GraphEdge} GraphEdge */
/** @typedef {{nodes: GraphNode[], edges: GraphEdge[], orientation?: "right" | "down"}} Walkable */

const SAME_COLUMN = 60;

/** @param {GraphNode[]} nodes @param {GraphNode} from @param {number} [weight] how much a column counts */
function nearest(nodes, from, weight = 0) {
  const cost = (/** @type {GraphNode} */ node) => Math.abs(node.y - from.y) + weight * Math.abs(node.x - from.x);
  return nodes.toSorted((a, b) => cost(a) - cost(b) || (a.id < b.id ? -1 : 1))[0];
}

/**
 * The next card of the column; past its end the first of the next column, so that two keys lead everywhere.
 *
 * @param {GraphNode[]} nodes @param {GraphNode} from @param {1 | -1} sign down or up
 */
function alongColumn(nodes, from, sign) {
  const ahead = nodes.filter((node) => Math.abs(node.x - from.x) < SAME_COLUMN && (node.y - from.y) * sign > 0);
  if (ahead.length) return nearest(ahead, from);
  const beyond = nodes.filter((node) => (node.x - from.x) * sign >= SAME_COLUMN);
  return beyond.toSorted((a, b) => (a.x - b.x) * sign || (a.y - b.y) * sign)[0];
}

/** The key that means in a picture from left to right what `key` means from top to bottom. @type {Record<string, string>} */
const TURNED = { ArrowDown: "ArrowRight", ArrowUp: "ArrowLeft", ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" };

/** @param {Walkable} graph @returns {Walkable} */
function turned(graph) {
  return { nodes: graph.nodes.map((node) => ({ ...node, x: node.y, y: node.x })), edges: graph.edges };
}

/**
 * The node that `key` leads to from the node `id`; undefined when it leads nowhere.
 *
 * Left and right follow an arrow to its nearest end; without one they go to the nearest card on that side.
 *
 * @param {Walkable} graph
 * @param {string} id
 * @param {string} key "ArrowLeft", "ArrowRight", "ArrowUp" or "ArrowDown"
 * @returns {string | undefined}
 */
export function step(graph, id, key) {
  if (graph.orientation === "down") return step(turned(graph), id, TURNED[key] ?? key);
  const from = graph.nodes.find((node) => node.id === id);
  if (!from) return undefined;
  if (key === "ArrowUp" || key === "ArrowDown") return alongColumn(graph.nodes, from, key === "ArrowUp" ? -1 : 1)?.id;
  const isRight = key === "ArrowRight";
  const ends = new Set(
    graph.edges
      .filter((edge) => (isRight ? edge.source : edge.target) === id)
      .map((edge) => (isRight ? edge.target : edge.source)),
  );
  const connected = nearest(
    graph.nodes.filter((node) => ends.has(node.id)),
    from,
  );
  if (connected) return connected.id;
  const beyond = graph.nodes.filter((node) => (isRight ? node.x - from.x : from.x - node.x) > SAME_COLUMN);
  return nearest(beyond, from, 3)?.id;
}
