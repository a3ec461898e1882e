// The pieces that cards are painted from, as SVG text.

import { textWidth } from "../lib/measure.js";
import { CARD_HEIGHT, ROW_HEIGHT } from "./card-size.js";

/** @typedef {import("../lib/tokens.js").Tokens} Tokens */

const GLYPHS = {
  run: '<circle cx="8" cy="8" r="6.25"/><path d="M6.6 5.6v4.8L10.6 8z" fill="currentColor" stroke="none"/>',
  artifact: '<path d="M8 1.75 13.5 4.9v6.2L8 14.25 2.5 11.1V4.9z"/><path d="M2.7 5 8 8l5.3-3M8 8v6"/>',
  lock: '<rect x="3.25" y="7" width="9.5" height="6.5" rx="1.5"/><path d="M5.25 7V5a2.75 2.75 0 0 1 5.5 0v2"/>',
  trash: '<path d="M2.5 4.25h11M6 4V2.5h4V4M4 4.25l.6 9.25h6.8l.6-9.25M6.7 7v4M9.3 7v4"/>',
  clock: '<circle cx="8" cy="8" r="6.25"/><path d="M8 4.5V8l2.5 1.5"/>',
  ok: '<path d="m3 8.5 3.25 3.25L13 5"/>',
  fail: '<path d="m4 4 8 8M12 4l-8 8"/>',
  spin: '<path d="M8 1.75A6.25 6.25 0 1 1 1.75 8"/><circle cx="8" cy="8" r="2" fill="currentColor" stroke="none"/>',
  registry:
    '<rect x="2.25" y="2.25" width="3.25" height="11.5" rx=".8"/><rect x="5.5" y="2.25" width="3.25" height="11.5" rx=".8"/><path d="m10.3 3.3 2-.5 2.5 10-2 .5z"/>',
  hourglass: '<path d="M4 2h8M4 14h8M5 2c0 4 6 4 6 6s-6 2-6 6M11 2c0 4-6 4-6 6s6 2 6 6"/>',
  calendar: '<rect x="2.5" y="3.5" width="11" height="10" rx="1.5"/><path d="M2.5 6.75h11M5.5 2v3M10.5 2v3"/>',
  person: '<circle cx="8" cy="5.25" r="2.75"/><path d="M2.75 13.75c.5-3 2.5-4.25 5.25-4.25s4.75 1.25 5.25 4.25"/>',
  disk: '<ellipse cx="8" cy="4" rx="5.25" ry="2"/><path d="M2.75 4v8c0 1.1 2.35 2 5.25 2s5.25-.9 5.25-2V4M2.75 8c0 1.1 2.35 2 5.25 2s5.25-.9 5.25-2"/>',
  lines: '<path d="M2.5 4h11M2.5 8h11M2.5 12h6.5"/>',
  search: '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.25 3.25"/>',
};

/** @typedef {keyof typeof GLYPHS} GlyphName */

/** @type {Record<import("./types.js").RowName, GlyphName>} */
const ROW_GLYPHS = {
  state: "run",
  created: "calendar",
  duration: "hourglass",
  author: "person",
  size: "disk",
  description: "lines",
};

// what XML cannot hold, and halves of character pairs, which an address cannot
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** @param {string} text */
export const escapeXml = (text) =>
  text.replace(UNWRITABLE, "\ufffd").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

/** @param {GlyphName} name @param {number} x @param {number} y @param {number} size @param {string} colour */
export function glyph(name, x, y, size, colour) {
  const stroke = 1.5 * Math.max(1, 14 / size);
  return (
    `<g transform="translate(${x} ${y}) scale(${size / 16})" fill="none" stroke="${colour}" color="${colour}" ` +
    `stroke-width="${stroke}" stroke-linecap="round" stroke-linejoin="round">${GLYPHS[name]}</g>`
  );
}

/** The signs before the further rows of a card. @param {import("./types.js").GraphNode} node @param {string} colour */
export function rowSigns(node, colour) {
  const top = (/** @type {number} */ at) => CARD_HEIGHT - 5 + at * ROW_HEIGHT;
  return (node.rows ?? []).map(([row], at) => glyph(ROW_GLYPHS[row], 18.5, top(at), 13, colour)).join("");
}

/**
 * The kind's sign: a circle for runs, a rounded square for artifacts, grey for what is gone or locked.
 *
 * @param {"run" | "artifact" | "lock"} name @param {number} x @param {number} y @param {Tokens} tokens
 * @param {boolean} [isGhost]
 */
export function tile(name, x, y, tokens, isGhost = false) {
  const ink = isGhost ? tokens["text-3"] : name === "run" ? tokens.run : tokens.art;
  const ground = isGhost ? tokens["surface-3"] : name === "run" ? tokens["run-tint"] : tokens["art-tint"];
  const shape =
    name === "run"
      ? `<circle cx="${x + 15}" cy="${y + 15}" r="15" fill="${ground}"/>`
      : `<rect x="${x}" y="${y}" width="30" height="30" rx="8" fill="${ground}"/>`;
  return shape + glyph(name, x + 6, y + 6, 18, ink);
}

/** @param {number} width @param {number} height @param {Tokens} tokens @param {string} content */
export function svgUri(width, height, tokens, content) {
  const font = escapeXml(tokens.font.replaceAll('"', "'"));
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-family="${font}">${content}</svg>`;
  return `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;
}

/**
 * @param {string} text @param {number} x @param {number} y @param {number} size @param {number} weight
 * @param {string} colour @param {string} [more]
 */
export function svgText(text, x, y, size, weight, colour, more = "") {
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${colour}"${more}>${escapeXml(text)}</text>`;
}

/** @param {string} text @param {Tokens} tokens @param {boolean} hasGlyph */
export const badgeWidth = (text, tokens, hasGlyph) =>
  Math.ceil(textWidth(text, `500 10.5px ${tokens.font}`)) + 8 + (hasGlyph ? 11 : 0);
