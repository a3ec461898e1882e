// The one place that knows where the vendored renderer lies; the types are those that the island uses.

// @ts-expect-error -- the types are those of the CommonJS build, which has no default export
import renderer from "../../vendor/cytoscape/cytoscape.esm.min.mjs";

/** @typedef {{group: "nodes" | "edges", data: Record<string, any>, position?: {x: number, y: number}, grabbable?: boolean}} Element */
/** @typedef {import("../../vendor/cytoscape/cytoscape.esm.min.mjs").Core} Core the instance */
/** @typedef {import("../../vendor/cytoscape/cytoscape.esm.min.mjs").CollectionReturnValue} Collection nodes and edges, also what an id stands for */
/** @typedef {import("../../vendor/cytoscape/cytoscape.esm.min.mjs").NodeSingular} Node one card */
/** @typedef {import("../../vendor/cytoscape/cytoscape.esm.min.mjs").EdgeSingular} Edge one arrow */
/** @typedef {import("../../vendor/cytoscape/cytoscape.esm.min.mjs").EdgeCollection} Edges */

/** @type {(options?: import("../../vendor/cytoscape/cytoscape.esm.min.mjs").CytoscapeOptions) => Core} */
export const cytoscape = renderer;
