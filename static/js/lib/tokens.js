// The colours of the style sheet, for what is drawn on a canvas.

const COLOURS = [
  "surface-2",
  "surface-3",
  "canvas",
  "line-2",
  "line-control",
  "text",
  "text-2",
  "text-3",
  "accent",
  "accent-fill",
  "accent-tint",
  "accent-line",
  "on-accent",
  "run",
  "run-tint",
  "run-line",
  "art",
  "art-tint",
  "warn",
  "warn-tint",
  "warn-line",
  "danger",
  "edge",
  "card",
  "card-border",
  "hue-1",
  "hue-2",
  "hue-3",
  "hue-4",
  "hue-5",
  "hue-6",
  "hue-7",
  "hue-8",
];

/** @typedef {Record<string, string> & {font: string}} Tokens */

/**
 * Read the colours as the current theme (light, dark, forced colours) has them.
 *
 * @returns {Tokens}
 */
export function readTokens() {
  const probe = document.createElement("i");
  probe.style.forcedColorAdjust = "none"; // the tokens themselves are system colours then
  document.body.append(probe);
  /** @type {Tokens} */
  const tokens = { font: getComputedStyle(document.documentElement).fontFamily };
  for (const name of COLOURS) {
    probe.style.color = `var(--${name})`;
    tokens[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return tokens;
}

/**
 * Call `listener` whenever the theme changes, by the person's choice or the system's.
 *
 * @param {() => void} listener
 * @param {AbortSignal} signal
 */
export function onThemeChange(listener, signal) {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  signal.addEventListener("abort", () => observer.disconnect());
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", listener, { signal });
  }
}
