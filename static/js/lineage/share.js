// Taking the picture elsewhere: files, the link, the whole screen.

import { savedPlaces } from "./places.js";

/** @typedef {import("./island.js").Island} Island */
/** @typedef {import("../lib/tokens.js").Tokens} Tokens */

const LARGEST = 8000; // pixels on a side that browsers paint for sure
const LINE = 18; // of the foot
const MARGIN = 16;

/** The theme that the page shows, whoever chose it. */
function shownTheme() {
  const { theme } = document.documentElement.dataset;
  return theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

/**
 * Ask the server for the picture as a file, with the cards where they were dragged to and in the theme of the page.
 *
 * @param {Island} island @param {HTMLElement} link whose address is that of the file
 */
export function exportAs(island, link) {
  const form = island.root.querySelector("[data-export-form]");
  if (!(form instanceof HTMLFormElement) || !(link instanceof HTMLAnchorElement)) return;
  const put = (/** @type {string} */ name, /** @type {string} */ value) => {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = value;
  };
  put("positions", JSON.stringify(savedPlaces(island.graph, island.places)));
  put("theme", shownTheme());
  form.action = link.href;
  form.submit();
  island.announce(`${link.textContent?.trim()} is being saved`);
}

/** What stands under a picture: how much of the lineage it is, and what the colours mean. @param {Island} island */
const footOf = ({ graph, view }) => [
  { text: view.dataset.shown ?? "", token: "" },
  ...(graph.legend ?? []).map(([colour, text]) => ({ text, token: `hue-${colour}` })),
];

/**
 * The painted drawing with its foot, on a ground of the theme.
 *
 * @param {ImageBitmap} drawing @param {{text: string, token: string}[]} foot @param {Tokens} tokens @param {number} scale
 * @returns {Promise<Blob | null>}
 */
function withFoot(drawing, foot, tokens, scale) {
  const [margin, line] = [MARGIN * scale, LINE * scale];
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(drawing.width + 2 * margin, 320 * scale);
  canvas.height = drawing.height + 3 * margin + line * foot.length;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = tokens.canvas;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(drawing, margin, margin);
  context.font = `500 ${12 * scale}px ${tokens.font}`;
  context.textBaseline = "middle";
  for (const [at, { text, token }] of foot.entries()) {
    const y = drawing.height + 2 * margin + (at + 0.5) * line;
    const swatch = token ? 10 * scale : 0;
    context.fillStyle = tokens[token] ?? tokens["text-2"];
    context.fillRect(margin, y - swatch / 2, swatch, swatch);
    context.fillStyle = tokens["text-2"];
    context.fillText(text, margin + swatch * 1.6, y);
  }
  return new Promise((resolve) => canvas.toBlob(resolve));
}

/** @param {Island} island @param {HTMLElement} control `data-stem` is the name of the file without its ending */
export async function savePicture(island, control) {
  const { drawing } = island;
  if (!drawing) return;
  const bounds = drawing.box();
  const side = Math.max(bounds.x2 - bounds.x1, bounds.y2 - bounds.y1, 1);
  const scale = Math.min(2, LARGEST / side);
  const { tokens } = drawing.painter;
  const painted = await drawing.cy.png({ output: "blob-promise", full: true, scale });
  const blob = await withFoot(await createImageBitmap(painted), footOf(island), tokens, scale);
  if (!blob) return;
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
