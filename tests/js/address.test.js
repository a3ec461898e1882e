import assert from "node:assert/strict";
import { test } from "node:test";

import { parameter, withParameters } from "../../static/js/lib/address.js";

test("a parameter is set, replaced and removed", () => {
  assert.equal(withParameters("", { selected: "run-1" }), "?selected=run-1");
  assert.equal(withParameters("?selected=run-1", { selected: "run-2" }), "?selected=run-2");
  assert.equal(withParameters("?selected=run-1", { selected: null }), "");
});

test("the rest of the address stays, commas readable", () => {
  const search = "?hidden=run-1,artifact-2&list=1";
  assert.equal(withParameters(search, { selected: "run-3" }), "?hidden=run-1,artifact-2&list=1&selected=run-3");
  assert.equal(withParameters(search, {}), search);
});

test("names from outside cannot add parameters", () => {
  assert.equal(withParameters("", { q: "a&b=c#d" }), "?q=a%26b%3Dc%23d");
});

test("a parameter is read, absent is empty", () => {
  assert.equal(parameter("?a=1&b=", "a"), "1");
  assert.equal(parameter("?a=1&b=", "c"), "");
});
