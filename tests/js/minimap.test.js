import assert from "node:assert/strict";
import { test } from "node:test";

import { scaleOf, tokenOf } from "../../static/js/lineage/minimap.js";

test("every corner of the drawing lies on the map", () => {
  const size = { width: 336, height: 168 };
  for (const box of [
    { x1: -1000, y1: -20, x2: 4000, y2: 600 },
    { x1: 5, y1: -9000, x2: 20, y2: 1 },
    { x1: 0, y1: 0, x2: 0, y2: 0 },
  ]) {
    const { scale, left, top } = scaleOf(box, size);
    for (const [x, y] of [
      [box.x1, box.y1],
      [box.x2, box.y2],
    ]) {
      assert.ok(x * scale + left >= 0 && x * scale + left <= size.width);
      assert.ok(y * scale + top >= 0 && y * scale + top <= size.height);
    }
  }
});

test("the map shows the colour that the cards show, and the base apart", () => {
  /** @type {import("../../static/js/lineage/types.js").GraphNode} */
  const node = { id: "run-1", kind: "run", type: "train", name: "t", level: 0, x: 0, y: 0 };
  assert.equal(tokenOf(node), "run");
  assert.equal(tokenOf({ ...node, colour: 3 }), "hue-3");
  assert.equal(tokenOf({ ...node, kind: "cluster", member_kind: "artifact" }), "art");
  assert.equal(tokenOf({ ...node, kind: "locked" }), "text-3");
  assert.equal(tokenOf({ ...node, base: true, colour: 3 }), "accent");
});
