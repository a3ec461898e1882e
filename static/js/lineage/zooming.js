// Zooming by wheel, pinch and buttons.

import { fit } from "./viewport.js";

const STEP = 1.25;
const WHEEL = 400; // pixels of wheel for a factor of e

/**
 * Ctrl+wheel and pinch always zoom; the plain wheel does once the graph has the focus.
 *
 * @param {HTMLElement} root the graph container @param {import("./drawing.js").Drawing} drawing
 * @param {AbortSignal} signal
 */
export function attachZooming(root, drawing, signal) {
  const { cy, container } = drawing;
  const onWheel = (/** @type {WheelEvent} */ event) => {
    if (!(event.target instanceof Node && container.contains(event.target))) return;
    event.stopPropagation(); // the renderer's own wheel would take every turn
    const isOurs = event.ctrlKey || event.metaKey || container.contains(document.activeElement);
    if (!isOurs) return;
    event.preventDefault();
    const box = container.getBoundingClientRect();
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    cy.zoom({ level: cy.zoom() * Math.exp((-event.deltaY * lines) / WHEEL), renderedPosition: at });
  };
  root.addEventListener("wheel", onWheel, { capture: true, passive: false, signal });
  const onPress = () => {
    container.classList.add("is-pressed"); // a focus by pointer shows no ring until a key is used
    container.focus({ preventScroll: true });
  };
  // the renderer, which listens to the same two, takes the focus away from whatever has it
  for (const press of ["mousedown", "touchstart"]) container.addEventListener(press, onPress, { signal });
  const onOther = () => container.classList.remove("is-pressed");
  for (const other of ["keydown", "blur"]) container.addEventListener(other, onOther, { signal });
}

/** @param {import("./drawing.js").Drawing} drawing @param {"zoom-in" | "zoom-out" | "fit"} what */
export function zoom(drawing, what) {
  const { cy } = drawing;
  const { width, height } = drawing.size();
  if (what === "fit") cy.viewport(fit(drawing.box(), { width, height }));
  else {
    const level = cy.zoom() * (what === "zoom-in" ? STEP : 1 / STEP);
    cy.zoom({ level, renderedPosition: { x: width / 2, y: height / 2 } });
  }
}
