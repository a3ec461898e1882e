import assert from "node:assert/strict";
import { test } from "node:test";

import {
  alongLine,
  backPoints,
  controlPoints,
  laneFor,
  lanePoints,
  numberPlaces,
} from "../../static/js/lineage/curves.js";

const from = { x: 100, y: 0 };

test("an arrow leaves and arrives horizontally", () => {
  const to = { x: 158, y: 80 };
  const [first, last] = controlPoints(from, to, 1, 1);
  assert.equal(first.y, from.y);
  assert.equal(last.y, to.y);
});

test("the trunk stays near the end where more arrows meet", () => {
  const to = { x: 200, y: 80 };
  assert.ok(controlPoints(from, to, 5, 1)[0].x < controlPoints(from, to, 1, 5)[0].x);
});

test("a long arrow passes no card between its ends", () => {
  const to = { x: 616, y: 0 };
  const cards = [
    { x: 0, y: 0, half: 26 },
    { x: 358, y: 0, half: 26 },
    { x: 358, y: 78, half: 26 },
    { x: 716, y: 0, half: 26 },
  ];
  const lane = laneFor(from, to, cards);
  for (const card of cards.slice(1, 3)) assert.ok(Math.abs(card.y - lane) > 30, `${lane} crosses ${card.y}`);
  assert.equal(lanePoints(from, to, lane).at(2)?.y, lane);
});

test("an arrow that leads back goes around its own cards", () => {
  const cards = [
    { x: 0, y: 0, half: 26 },
    { x: 258, y: 40, half: 37 },
    { x: 516, y: 0, half: 26 },
  ];
  const lane = backPoints({ x: 616, y: 0 }, { x: -102, y: 0 }, cards)[2].y;
  for (const card of cards) assert.ok(Math.abs(card.y - lane) > card.half);
});

test("with nothing between it stays straight", () => {
  assert.equal(laneFor(from, { x: 616, y: 40 }, [{ x: 358, y: 300, half: 26 }]), 0);
});

test("a place is told as a share of the way and a distance", () => {
  const { weight, distance } = alongLine({ x: 5, y: 3 }, { x: 0, y: 0 }, { x: 10, y: 0 });
  assert.deepEqual([weight, distance], [0.5, 3]);
});

test("merged arrows that meet have their numbers one behind the other", () => {
  const edges = [
    { source: "a", target: "x", count: 5 },
    { source: "b", target: "x" },
    { source: "c", target: "x", count: 9 },
    { source: "d", target: "y", count: 2 },
    { source: "e", target: "x", count: 3 },
  ];
  const places = numberPlaces(edges.map((edge) => ({ kind: "used", ...edge })));
  assert.equal(places[3], places[0]);
  assert.equal(new Set([places[0], places[2], places[4]]).size, 3);
});
