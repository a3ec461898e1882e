import assert from "node:assert/strict";
import { test } from "node:test";

import { shortenEnd, shortenMiddle } from "../../static/js/lib/shorten.js";

const atMost = (/** @type {number} */ length) => (/** @type {string} */ text) => Array.from(text).length <= length;

test("a name that fits stays as it is", () => {
  assert.equal(shortenMiddle("zoo:v1", atMost(6)), "zoo:v1");
});

test("the middle goes, the version stays", () => {
  assert.equal(shortenMiddle("very_long_collection_name:v12", atMost(16)), "very_lon…ame:v12");
});

test("the version stays even where nothing else fits", () => {
  assert.equal(shortenMiddle("collection:v123", atMost(2)), "…:v123");
});

test("as much as fits is kept, at every width", () => {
  const name = "abcdefghijklmnop:v7";
  for (let width = 5; width < name.length; width += 1) {
    const text = shortenMiddle(name, atMost(width));
    assert.equal(text.length, width);
    assert.ok(text.endsWith(":v7"));
  }
});

test("pairs of code units are not split", () => {
  const text = shortenMiddle("🦁🐯🐻🐼🐨🦊🐰🐭", atMost(5));
  assert.ok(text.isWellFormed());
  assert.equal(Array.from(text).length, 5);
});

test("a colon that is no version is cut like the rest", () => {
  assert.equal(shortenMiddle("model:verylongthing", atMost(8)), "model…ng");
});

test("prose loses its end", () => {
  assert.equal(shortenEnd("All animals", atMost(11)), "All animals");
  assert.equal(shortenEnd("All animals of the zoo", atMost(13)), "All animals…");
  assert.equal(shortenEnd("🦁🐯🐻🐼", atMost(3)), "🦁🐯…");
  assert.equal(shortenEnd("zoo", atMost(0)), "…");
});
