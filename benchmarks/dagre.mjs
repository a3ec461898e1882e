// Lays graphs out with dagre: reads [{nodes: [[key, width, height]], edges: [[source, target]]}] from standard input,
// writes [{milliseconds, places: {key: [x, y]}}].
// node benchmarks/dagre.mjs <folder of the unpacked package @dagrejs/dagre>

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const require = createRequire(import.meta.url);
const dagre = require(resolve(process.argv[2]));

const answers = JSON.parse(readFileSync(0, "utf8")).map((/** @type {any} */ asked) => {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 26, ranksep: 58 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [key, width, height] of asked.nodes) graph.setNode(key, { width, height });
  for (const [source, target] of asked.edges) graph.setEdge(source, target);
  const started = performance.now();
  dagre.layout(graph);
  const milliseconds = performance.now() - started;
  const places = Object.fromEntries(asked.nodes.map(([key]) => [key, [graph.node(key).x, graph.node(key).y]]));
  return { milliseconds, places };
});
process.stdout.write(JSON.stringify(answers));
