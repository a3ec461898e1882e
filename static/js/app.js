// Every page: attaches behaviours to what is there and to what htmx brings, and takes them off what it removes.
import { attach as branch } from "./behaviours/branch.js";
import { attach as copy } from "./behaviours/copy.js";
import { attach as menu } from "./behaviours/menu.js";
import { attach as scrollHere } from "./behaviours/scroll-here.js";
import { attach as searchKey } from "./behaviours/search-key.js";
import { attach as themeToggle } from "./behaviours/theme-toggle.js";
import { attach as toast } from "./behaviours/toast.js";
import { loadHtmx } from "./lib/htmx.js";

/** @typedef {(element: HTMLElement) => (() => void) | void} Attach */
/** @type {Record<string, Attach>} */
const behaviours = {
  branch,
  copy,
  menu,
  "scroll-here": scrollHere,
  "search-key": searchKey,
  "theme-toggle": themeToggle,
  toast,
};
/** @type {WeakMap<Element, Array<() => void>>} */
const cleanups = new WeakMap();

/** @param {HTMLElement} element */
function start(element) {
  if (cleanups.has(element)) return;
  const names = (element.dataset.behaviour ?? "").split(" ");
  const found = names.map((name) => behaviours[name]?.(element)).filter((cleanup) => cleanup !== undefined);
  cleanups.set(element, /** @type {Array<() => void>} */ (found));
}

/** @param {Element | Document} root */
function startAll(root) {
  if (root instanceof HTMLElement && root.dataset.behaviour) start(root);
  for (const element of root.querySelectorAll("[data-behaviour]")) start(/** @type {HTMLElement} */ (element));
}

/** htmx is fetched at the first click on something of it, in the tree; the click is then done again. */
async function onFirstClick(/** @type {MouseEvent} */ event) {
  const link = event.target instanceof Element ? event.target.closest("[hx-get]") : null;
  if (!(link instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  await loadHtmx();
  document.removeEventListener("click", onFirstClick, { capture: true });
  link.click();
}

document.addEventListener("click", onFirstClick, { capture: true });
startAll(document);
document.addEventListener("htmx:load", (event) => startAll(/** @type {CustomEvent} */ (event).detail.elt));
document.addEventListener("htmx:beforeCleanupElement", (event) => {
  const element = /** @type {CustomEvent} */ (event).detail.elt;
  for (const cleanup of cleanups.get(element) ?? []) cleanup();
  cleanups.delete(element);
});
document.addEventListener("htmx:configRequest", (event) => {
  const { verb, headers } = /** @type {CustomEvent} */ (event).detail;
  const token = document.querySelector('meta[name="csrf-token"]')?.getAttribute("content");
  if (verb !== "get" && token) headers["X-CSRFToken"] = token;
});
