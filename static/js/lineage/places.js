// Where cards were dragged to: the drawing keeps how far, a saved view keeps where. Pure.

/** @typedef {Record<string, [number, number]>} Places */
/** @typedef {{nodes: {id: string, x: number, y: number}[]}} Graph */

/**
 * How far the cards of a saved view are from where the layout puts them; undefined when none were moved.
 *
 * @param {Graph} graph @param {Places} saved
 * @returns {Places | undefined}
 */
export function homeOffsets(graph, saved) {
  const moved = graph.nodes.filter(({ id }) => saved[id]);
  if (!moved.length) return undefined;
  return Object.fromEntries(moved.map(({ id, x, y }) => [id, [saved[id][0] - x, saved[id][1] - y]]));
}

/** Where dragged cards are, for keeping. @param {Graph} graph @param {Places} offsets @returns {Places} */
export function savedPlaces(graph, offsets) {
  const moved = graph.nodes.filter(({ id }) => offsets[id]);
  return Object.fromEntries(moved.map(({ id, x, y }) => [id, [x + offsets[id][0], y + offsets[id][1]]]));
}
