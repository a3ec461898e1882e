// Moving many cards at once, with their arrows bent once a frame.

/**
 * @typedef {object} Move
 * @property {import("./cytoscape.js").Collection} node
 * @property {{x: number, y: number}} from
 * @property {{x: number, y: number}} to
 * @property {boolean} isNew a card that fades in
 */

const STILL = 0.5; // moves shorter than this are not seen
const FAINTEST = 0.3; // a new card is seen from the first frame

/** @param {number} share of the time @returns {number} share of the way, fast at first */
const ease = (share) => 1 - (1 - share) ** 3;

/**
 * Move the cards, which stand where they come from, within `duration` ms, at once when that is 0. Return a function that
 * ends the movement at its goal.
 *
 * @param {import("./cytoscape.js").Core} cy @param {Move[]} moves @param {number} duration
 * @param {{frame: (edges: import("./cytoscape.js").Edges) => void, end: () => void}} on
 */
export function glide(cy, moves, duration, on) {
  let request = 0;
  let hasEnded = false;
  const fades = (/** @type {Move} */ move) => move.isNew && duration > 0;
  const wayOf = (/** @type {Move} */ { from, to }) => Math.hypot(to.x - from.x, to.y - from.y);
  const moving = moves.filter((move) => fades(move) || wayOf(move) > (move.isNew ? 0 : STILL));
  const place = (/** @type {number} */ share) => {
    const way = ease(share);
    cy.batch(() => {
      for (const move of moving) {
        const { node, from, to } = move;
        node.position({ x: from.x + (to.x - from.x) * way, y: from.y + (to.y - from.y) * way });
        if (!fades(move)) continue;
        if (share < 1) node.style("opacity", FAINTEST + (1 - FAINTEST) * way);
        else node.removeStyle("opacity");
      }
    });
    on.frame(moving.reduce((all, { node }) => all.union(node.connectedEdges()), cy.collection()));
  };
  const finish = () => {
    if (hasEnded) return;
    hasEnded = true;
    cancelAnimationFrame(request);
    if (cy.destroyed()) return;
    place(1);
    on.end();
  };
  if (!duration) {
    finish();
    return finish;
  }
  let start = 0;
  const frame = (/** @type {number} */ now) => {
    start ||= now; // nothing moves in the first frame, which paints the new cards
    const share = (now - start) / duration;
    if (share >= 1 || cy.destroyed()) finish();
    else {
      if (share > 0) place(share);
      request = requestAnimationFrame(frame);
    }
  };
  cy.batch(() => {
    for (const { node, isNew } of moving) if (isNew) node.style("opacity", FAINTEST);
  });
  request = requestAnimationFrame(frame);
  return finish;
}
