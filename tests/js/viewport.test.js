import assert from "node:assert/strict";
import { test } from "node:test";

import { firstView, fit, moveIntoView, RULER_HEIGHT } from "../../static/js/lineage/viewport.js";

const size = { width: 1200, height: 720 };

/** @param {{zoom: number, pan: {x: number, y: number}}} view @param {{x: number, y: number}} place */
const onScreen = ({ zoom, pan }, place) => ({ x: place.x * zoom + pan.x, y: place.y * zoom + pan.y });

test("fit shows all of a large drawing and never enlarges a small one", () => {
  const box = { x1: -3000, y1: -900, x2: 2000, y2: 700 };
  const view = fit(box, size);
  for (const corner of [
    { x: box.x1, y: box.y1 },
    { x: box.x2, y: box.y2 },
  ]) {
    const { x, y } = onScreen(view, corner);
    assert.ok(x >= 0 && x <= size.width && y >= RULER_HEIGHT && y <= size.height, `${x}, ${y}`);
  }
  assert.equal(fit({ x1: -50, y1: -20, x2: 50, y2: 20 }, size).zoom, 1);
});

test("the first view is readable, with the base in the middle", () => {
  const view = firstView({ x1: -3000, y1: -2000, x2: 3000, y2: 2000 }, { x: 0, y: 0 }, size);
  assert.equal(view.zoom, 0.75);
  assert.equal(onScreen(view, { x: 0, y: 0 }).x, 600);
});

test("a base at the end does not leave half the window empty", () => {
  const view = firstView({ x1: -100, y1: -30, x2: 5000, y2: 30 }, { x: 0, y: 0 }, size);
  assert.ok(onScreen(view, { x: -100, y: 0 }).x < 40);
});

test("a card in view is not moved, one outside comes in wholly", () => {
  assert.deepEqual(moveIntoView({ x1: 100, y1: 100, x2: 300, y2: 150 }, size), { x: 0, y: 0 });
  assert.deepEqual(moveIntoView({ x1: -76, y1: 100, x2: 124, y2: 150 }, size), { x: 100, y: 0 });
  assert.ok(moveIntoView({ x1: 1150, y1: 700, x2: 1350, y2: 750 }, size).y < 0);
});
