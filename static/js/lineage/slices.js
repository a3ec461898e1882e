// Working on many elements in slices, so that the page keeps answering.

/** @typedef {import("./cytoscape.js").Element} Element */
/** @typedef {import("./cytoscape.js").Node | import("./cytoscape.js").Edge} One */

export const SLICE = 300; // elements whose looks are worked out at once
const FIRST_SLICE = 100; // the first of many also make the renderer ready, and are on screen soonest

/** Let the browser answer the reader before the next piece of work. */
export const pause = () => new Promise((resolve) => setTimeout(resolve, 0));
/** Let the renderer do its part of the work, which it does in the next frame. */
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));

/** In the order in which they can be added: cards before their arrows. @param {Element[]} elements */
export const cardsFirst = (elements) => [
  ...elements.filter(({ group }) => group === "nodes"),
  ...elements.filter(({ group }) => group === "edges"),
];

/**
 * Add the elements, unless another picture or another theme comes meanwhile.
 *
 * @param {import("./drawing.js").Drawing} drawing @param {Element[]} elements cards before their arrows
 */
export async function addInSlices(drawing, elements) {
  const { graph, painter } = drawing;
  const isMany = elements.length > SLICE;
  let at = 0;
  while (at < elements.length) {
    if (drawing.graph !== graph || drawing.painter !== painter || drawing.cy.destroyed()) return;
    const end = at + (isMany && at === 0 ? FIRST_SLICE : SLICE);
    drawing.add(elements.slice(at, end));
    at = end;
    await (isMany ? nextFrame() : pause());
  }
}

/** The same once what is there already is on screen. @param {import("./drawing.js").Drawing} drawing @param {Element[]} elements */
export async function addAfterFrame(drawing, elements) {
  await nextFrame();
  await addInSlices(drawing, elements);
}

/** Let every card show as much as it should at this size. @param {import("./drawing.js").Drawing} drawing */
export async function simplifyInSlices(drawing) {
  const { cy, isFar } = drawing;
  const nodes = cy.nodes();
  for (let at = 0; at < nodes.length; at += SLICE) {
    if (at > 0) await nextFrame();
    if (drawing.isFar !== isFar || cy.destroyed()) return;
    cy.batch(() => nodes.slice(at, at + SLICE).toggleClass("far", isFar));
  }
}

/**
 * Light the arrows among `lit` and dim what is not among it, or nothing when it is empty. The next call ends this one.
 *
 * @param {import("./drawing.js").Drawing} drawing @param {import("./cytoscape.js").Collection} lit
 */
export async function lightInSlices(drawing, lit) {
  const { cy, graph } = drawing;
  drawing.lit = lit;
  const isLit = (/** @type {One} */ one) => one.isEdge() && lit.has(one);
  const isDim = (/** @type {One} */ one) => lit.nonempty() && !lit.has(one);
  const changing = cy
    .elements()
    .filter((one) => one.hasClass("lit") !== isLit(one) || one.hasClass("dim") !== isDim(one))
    .sort((one, other) => Number(isLit(other)) - Number(isLit(one)));
  for (let at = 0; at < changing.length; at += SLICE) {
    if (at > 0) await nextFrame();
    if (drawing.lit !== lit || drawing.graph !== graph || cy.destroyed()) return;
    cy.batch(() => {
      for (const one of changing.slice(at, at + SLICE))
        one.toggleClass("lit", isLit(one)).toggleClass("dim", isDim(one));
    });
  }
}
