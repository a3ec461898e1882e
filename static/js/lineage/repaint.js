// The same picture in the colours of another theme.

import { readTokens } from "../lib/tokens.js";
import { CardPainter } from "./cards.js";
import { addInSlices, cardsFirst, pause, SLICE } from "./slices.js";

/**
 * Paint everything anew. The renderer reckons the looks of all elements at once when the style changes, so many of them
 * are taken away before it does, and come back in slices.
 *
 * @param {import("./drawing.js").Drawing} drawing
 */
export async function repaint(drawing) {
  const { cy, graph } = drawing;
  const painter = new CardPainter(readTokens());
  drawing.painter = painter;
  const fresh = drawing.wanted();
  if (fresh.size > SLICE) {
    cy.elements().remove();
    drawing.restyle();
    await pause();
    if (drawing.graph !== graph || drawing.painter !== painter || cy.destroyed()) return; // what came draws itself
    await addInSlices(drawing, cardsFirst([...fresh.values()]));
  } else {
    cy.batch(() => {
      for (const node of cy.nodes()) node.data(fresh.get(node.id())?.data ?? {});
    });
    drawing.restyle();
  }
  drawing.bendAll();
  cy.emit("repainted");
}
