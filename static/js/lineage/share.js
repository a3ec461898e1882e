// Taking the picture elsewhere: PNG, the link, the whole screen.

/** @typedef {import("./island.js").Island} Island */

const LARGEST = 8000; // pixels on a side that browsers paint for sure

/** @param {Island} island @param {HTMLElement} control `data-stem` is the name of the file without its ending */
export async function savePicture(island, control) {
  const { drawing } = island;
  if (!drawing) return;
  const bounds = drawing.box();
  const side = Math.max(bounds.x2 - bounds.x1, bounds.y2 - bounds.y1, 1);
  const blob = await drawing.cy.png({
    output: "blob-promise",
    full: true,
    scale: Math.min(2, LARGEST / side),
    bg: drawing.painter.tokens.canvas,
  });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${control.dataset.stem}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  island.announce("Picture saved");
}

/** @param {Island} island */
export async function copyLink(island) {
  try {
    await navigator.clipboard.writeText(location.href);
    island.announce("Link copied");
  } catch {
    island.announce("The browser did not allow copying.");
  }
}

/** @param {Island} island */
export async function toggleFullScreen(island) {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await island.root.requestFullscreen();
  } catch {
    island.announce("The browser did not allow the full screen.");
  }
}

/** The button tells the state, however it came about. @param {Island} island @param {AbortSignal} signal */
export function followFullScreen(island, signal) {
  const onChange = () => {
    const isFull = document.fullscreenElement === island.root;
    island.root.querySelector('[data-action="full"]')?.setAttribute("aria-pressed", String(isFull));
  };
  document.addEventListener("fullscreenchange", onChange, { signal });
}
