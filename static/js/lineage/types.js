// The shapes of the graph's JSON, as registry/lineage/elements.py writes it. Types only.

/** @typedef {"state" | "created" | "duration" | "author" | "size" | "description"} RowName */

/**
 * @typedef {object} GraphNode
 * @property {string} id stable key, such as "run-7"
 * @property {"run" | "artifact" | "cluster" | "locked"} kind
 * @property {"run" | "artifact"} [member_kind]
 * @property {string} type
 * @property {string} name
 * @property {number} level
 * @property {number} x
 * @property {number} y
 * @property {string} [state]
 * @property {boolean} [base]
 * @property {string | true} [extracted]
 * @property {boolean} [locked]
 * @property {[string, "" | "lock" | "sys"][]} [aliases]
 * @property {number} [more_aliases]
 * @property {string} [deleted]
 * @property {[string, string, string][]} [stale] alias, what was used, what holds it now
 * @property {string[]} [registry]
 * @property {boolean} [focus]
 * @property {number} [colour]
 * @property {[RowName, string][]} [rows] further rows of the card, each with its text
 * @property {number} [count]
 * @property {boolean} [lower_bound]
 * @property {[string, number][]} [states]
 * @property {number} [up]
 * @property {number} [down]
 */

/**
 * @typedef {object} GraphEdge
 * @property {string} source
 * @property {string} target
 * @property {"used" | "logged"} kind
 * @property {number} [count]
 * @property {boolean} [back]
 * @property {number} [via]
 * @property {boolean} [extended]
 */

/** @typedef {{level: number, label: string, text: string, x: number}} GraphLevel */

/**
 * @typedef {object} Graph
 * @property {string} base
 * @property {string} [focus]
 * @property {"right" | "down"} [orientation]
 * @property {[number, string, number][]} [legend] colour, what it means, how many
 * @property {number} visible
 * @property {number} total
 * @property {boolean} total_is_lower_bound
 * @property {boolean} complete
 * @property {GraphLevel[]} levels
 * @property {GraphNode[]} nodes
 * @property {GraphEdge[]} edges
 */

export {};
