import assert from "node:assert/strict";
import { test } from "node:test";

import { step } from "../../static/js/lineage/walk.js";

/*  raw ──► split ──► zoo ──┬──► train-a (y 40)
    other                   └──► train-b (y -60)   */
const node = (/** @type {string} */ id, /** @type {number} */ x, /** @type {number} */ y) => ({ id, x, y });
const edge = (/** @type {string} */ source, /** @type {string} */ target) => ({ source, target });
const graph = /** @type {any} */ ({
  nodes: [
    node("raw", -516, 0),
    node("other", -516, 90),
    node("split", -258, 0),
    node("zoo", 0, 0),
    node("train-a", 258, 40),
    node("train-b", 258, -60),
  ],
  edges: [edge("raw", "split"), edge("split", "zoo"), edge("zoo", "train-a"), edge("zoo", "train-b")],
});

test("left and right follow the arrows to the nearest end", () => {
  assert.equal(step(graph, "zoo", "ArrowRight"), "train-a");
  assert.equal(step(graph, "zoo", "ArrowLeft"), "split");
});

test("up and down stay in the column", () => {
  assert.equal(step(graph, "train-a", "ArrowUp"), "train-b");
  assert.equal(step(graph, "train-b", "ArrowDown"), "train-a");
  assert.equal(step(graph, "train-a", "ArrowDown"), undefined);
});

test("past the end of a column they go on in the next one", () => {
  assert.equal(step(graph, "zoo", "ArrowDown"), "train-b");
  assert.equal(step(graph, "train-b", "ArrowUp"), "zoo");
  assert.equal(step(graph, "split", "ArrowUp"), "other");
  assert.equal(step(graph, "raw", "ArrowUp"), undefined);
  const turned = {
    ...graph,
    orientation: "down",
    nodes: graph.nodes.map((/** @type {any} */ one) => ({ ...one, x: one.y, y: one.x })),
  };
  assert.equal(step(turned, "zoo", "ArrowRight"), "train-b");
});

test("a card without an arrow on that side leads to the nearest card there", () => {
  assert.equal(step(graph, "other", "ArrowRight"), "split");
  assert.equal(step(graph, "train-a", "ArrowRight"), undefined);
});

test("who is not drawn leads nowhere", () => {
  assert.equal(step(graph, "run-9", "ArrowRight"), undefined);
});
