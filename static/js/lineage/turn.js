// From one picture to the next: which elements go, stay and come, and from where to where the cards move.

import { cardsFirst, SLICE } from "./slices.js";

/** @typedef {import("./cytoscape.js").Element} Element */
/** @typedef {{x: number, y: number}} Point */

const FEW = 60; // cards and arrows that come in one frame

/**
 * Exchange the elements of the drawing for `wanted`. The card `anchor`, else the base, keeps its place on the screen;
 * new cards come out of it, or stand in their places at once when more is to come.
 *
 * @param {import("./drawing.js").Drawing} drawing @param {Map<string, Element>} wanted @param {string} anchor
 * @returns {{moves: import("./glide.js").Move[], later: Element[]}} the movement of every card to its place, and what is
 *   still to be added: many arrows, or many cards in their places and then their arrows
 */
export function turnInto(drawing, wanted, anchor) {
  const { cy, graph } = drawing;
  /** @type {Map<string, Point>} */
  const places = new Map(
    cy.nodes().map((/** @type {import("./cytoscape.js").Node} */ node) => [node.id(), { ...node.position() }]),
  );
  const fixed = [anchor, graph.base].find((id) => places.has(id) && wanted.has(id)) ?? graph.base;
  const target = { x: 0, y: 0, ...wanted.get(fixed)?.position };
  const stood = places.get(fixed) ?? target;
  const shift = { x: target.x - stood.x, y: target.y - stood.y };
  const birth = places.get(anchor) ?? stood;
  /** @type {Element[]} */
  let later = [];
  cy.batch(() => {
    const missing = exchange(drawing, wanted);
    const cards = missing.findIndex(({ group }) => group === "edges");
    const count = cards < 0 ? missing.length : cards;
    const first = missing.length <= FEW ? missing.length : count > SLICE ? 0 : count;
    drawing.add(missing.slice(0, first));
    later = missing.slice(first);
  });
  cy.panBy({ x: -shift.x * cy.zoom(), y: -shift.y * cy.zoom() });
  const moves = [...wanted.values()]
    .filter((element) => element.group === "nodes" && drawing.node(element.data.id).nonempty())
    .map(({ data, position }) => {
      const to = { x: 0, y: 0, ...position }; // a copy: the renderer keeps the original and moves it
      const isNew = !places.has(data.id);
      const start = places.get(data.id) ?? birth;
      const from = isNew && later.length ? to : { x: start.x + shift.x, y: start.y + shift.y };
      return { node: drawing.node(data.id), from, to, isNew };
    });
  cy.batch(() => {
    for (const { node, from: start, to } of moves) if (start !== to) node.position(start);
  });
  return { moves, later };
}

/**
 * Take away what is gone and change what is different; return what is missing, cards first.
 *
 * @param {import("./drawing.js").Drawing} drawing @param {Map<string, Element>} wanted
 */
function exchange(drawing, wanted) {
  const { cy } = drawing;
  const data = new Map([...wanted].map(([id, element]) => [id, JSON.stringify(element.data)]));
  cy.elements().forEach((element) => {
    const id = element.id();
    if (data.get(id) === drawing.data.get(id)) return;
    const now = wanted.get(id);
    if (!now || element.group() === "edges") element.remove();
    else element.removeData().data(now.data);
  });
  drawing.data = data;
  return cardsFirst([...wanted.values()].filter((element) => drawing.node(element.data.id).empty()));
}
