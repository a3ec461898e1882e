// On narrow screens the preview is a sheet at the bottom: its upper edge is dragged to make it higher or lower.

const GRIP = 22; // pixels of the upper edge that can be held
const [LOWEST, HIGHEST] = [120, 0.86];

/** @param {HTMLElement} panel @param {() => void} onMoved @param {AbortSignal} signal */
export function attachSheet(panel, onMoved, signal) {
  const isSheet = () => getComputedStyle(panel).position === "absolute";
  let isHeld = false;
  const onDown = (/** @type {PointerEvent} */ event) => {
    const isOnGrip = event.clientY - panel.getBoundingClientRect().top < GRIP;
    if (!isSheet() || !isOnGrip || (event.target instanceof Element && event.target.closest("a, button"))) return;
    isHeld = true;
    panel.setPointerCapture(event.pointerId);
    event.preventDefault();
  };
  const onMove = (/** @type {PointerEvent} */ event) => {
    if (!isHeld) return;
    const room = panel.parentElement?.getBoundingClientRect();
    if (!room) return;
    const height = Math.min(Math.max(room.bottom - event.clientY, LOWEST), room.height * HIGHEST);
    panel.style.setProperty("--sheet", `${Math.round(height)}px`);
  };
  const onUp = () => {
    if (isHeld) onMoved();
    isHeld = false;
  };
  panel.addEventListener("pointerdown", onDown, { signal });
  panel.addEventListener("pointermove", onMove, { signal });
  panel.addEventListener("pointerup", onUp, { signal });
  panel.addEventListener("pointercancel", onUp, { signal });
}
