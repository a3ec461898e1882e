// Taking the picture elsewhere: files, the link, the whole screen.

import { savedPlaces } from "./places.js";

/** @typedef {import("./island.js").Island} Island */

const LARGEST = 8000; // pixels on a side that browsers paint for sure

/** The theme that the page shows, whoever chose it. */
function shownTheme() {
  const { theme } = document.documentElement.dataset;
  return theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

/** The form that asks for the picture as it is here: dragged cards, theme. @param {Island} island */
function filledForm(island) {
  const form = /** @type {HTMLFormElement} */ (island.root.querySelector("[data-export-form]"));
  const put = (/** @type {string} */ name, /** @type {string} */ value) => {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = value;
  };
  put("positions", JSON.stringify(savedPlaces(island.graph, island.places)));
  put("theme", shownTheme());
  return form;
}

/** Save the picture in the format of a link. @param {Island} island @param {HTMLElement} link */
export function exportAs(island, link) {
  if (!(link instanceof HTMLAnchorElement)) return;
  const form = filledForm(island);
  form.action = link.href;
  form.submit();
  island.announce(`${link.textContent?.trim()} is being saved`);
}

/** @param {string} svg @returns {Promise<Blob | null>} */
async function painted(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(2, LARGEST / Math.max(image.naturalWidth, image.naturalHeight, 1));
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * scale;
  canvas.height = image.naturalHeight * scale;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve));
}

/**
 * Save the picture as pixels: the same drawing as the SVG file. The canvas on screen would not do, for it has not yet
 * loaded the pictures of cards that were never in view.
 *
 * @param {Island} island @param {HTMLElement} control `data-stem` is the name of the file without its ending
 */
export async function savePicture(island, control) {
  const source = island.root.querySelector('[data-export="svg"]');
  if (!(source instanceof HTMLAnchorElement)) return;
  const response = await fetch(source.href, { method: "POST", body: new FormData(filledForm(island)) });
  const blob = response.ok ? await painted(await response.text()) : null;
  if (!blob) {
    island.announce("The picture could not be made.");
    return;
  }
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
