// How large cards are. The layout on the server counts with the same numbers. Pure.

export const CARD_HEIGHT = 52;
export const ROW_HEIGHT = 18;
const CLUSTER_HEIGHT = 74;

/** The height of a node's card with its further rows, or of its cluster. @param {import("./types.js").GraphNode} node */
export function heightOf(node) {
  return node.kind === "cluster" ? CLUSTER_HEIGHT : CARD_HEIGHT + ROW_HEIGHT * (node.rows?.length ?? 0);
}
