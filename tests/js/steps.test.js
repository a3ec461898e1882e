import assert from "node:assert/strict";
import { test } from "node:test";

import { homeOffsets, savedPlaces } from "../../static/js/lineage/places.js";
import { Steps } from "../../static/js/lineage/steps.js";

/** Numbers that look random and are the same in every run. @param {number} seed */
function random(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

test("undo then redo is the identity, wherever one stands", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const next = random(seed);
    const steps = new Steps("0");
    for (let count = next(30); count > 0; count -= 1) {
      const what = next(4);
      if (what === 0) steps.undo();
      else if (what === 1) steps.redo();
      else steps.visit(String(next(6)));
      const here = steps.current;
      if (steps.canUndo) {
        steps.undo();
        assert.equal(steps.redo(), here);
      }
      if (steps.canRedo) {
        steps.redo();
        assert.equal(steps.undo(), here);
      }
      assert.equal(steps.current, here);
    }
  }
});

test("undoing everything leads back to the first view, through every view in turn", () => {
  const steps = new Steps("a");
  for (const view of ["b", "c", "c", "d"]) steps.visit(view);
  assert.deepEqual([steps.undo(), steps.undo(), steps.undo(), steps.undo()], ["c", "b", "a", undefined]);
  assert.deepEqual([steps.redo(), steps.redo(), steps.redo(), steps.redo()], ["b", "c", "d", undefined]);
});

test("a new view forgets what was undone", () => {
  const steps = new Steps("a");
  steps.visit("b");
  steps.undo();
  steps.visit("c");
  assert.equal(steps.redo(), undefined);
  assert.equal(steps.undo(), "a");
});

test("back and forward of the browser move within the steps", () => {
  const steps = new Steps("a");
  steps.visit("b");
  steps.arrive("a");
  assert.equal(steps.canRedo, true);
  steps.arrive("b");
  assert.equal(steps.canRedo, false);
  steps.arrive("elsewhere");
  assert.equal(steps.undo(), "b");
});

test("places of a saved view survive another layout", () => {
  const before = { nodes: [{ id: "run-1", x: 10, y: 20 }] };
  const after = {
    nodes: [
      { id: "run-1", x: 500, y: -40 },
      { id: "run-2", x: 0, y: 0 },
    ],
  };
  const saved = savedPlaces(before, { "run-1": [5, -7], "run-9": [1, 1] });
  assert.deepEqual(saved, { "run-1": [15, 13] });
  const offsets = homeOffsets(after, saved) ?? {};
  assert.deepEqual(savedPlaces(after, offsets), saved);
  assert.equal(homeOffsets(after, {}), undefined);
});
