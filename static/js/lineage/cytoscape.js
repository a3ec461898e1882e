// The one place that knows where the vendored renderer lies; the types are those that the island uses.

// @ts-expect-error -- the types are those of the CommonJS build, which has no default export
import cytoscape from "../../vendor/cytoscape/cytoscape.esm.min.mjs";

/** @typedef {{group: "nodes" | "edges", data: Record<string, any>, position?: {x: number, y: number}, grabbable?: boolean}} Element */
/** @typedef {any} Core the instance */
/** @typedef {any} Collection nodes and edges of an instance, also a single one */

export { cytoscape };
