// Which badges a card shows and how: aliases, "deleted 3 Mar", stale. What does not fit becomes "+n".

import { shortenMiddle } from "../lib/shorten.js";
import { badgeWidth, glyph, svgText } from "./glyphs.js";

/** @typedef {import("./types.js").GraphNode} GraphNode */
/** @typedef {import("../lib/tokens.js").Tokens} Tokens */
/** @typedef {{kind: "gone" | "stale" | "lock" | "registry" | "alias" | "more", text: string}} Badge */

const MOST_SHOWN = 2;
const GAP = 4;
const NARROWEST = 44;
/** @type {Record<string, import("./glyphs.js").GlyphName>} */
const BADGE_GLYPHS = { gone: "trash", stale: "clock", lock: "lock", registry: "registry" };

/**
 * All badges of a node, the most telling first.
 *
 * @param {GraphNode} node
 * @returns {Badge[]}
 */
export function badgesOf(node) {
  const order = ["lock", "", "sys"];
  const aliases = [...(node.aliases ?? [])].sort((a, b) => order.indexOf(a[1]) - order.indexOf(b[1]));
  /** @type {Badge[]} */
  const badges = aliases.map(([text, flag]) => ({ kind: flag === "lock" ? "lock" : "alias", text }));
  if (node.registry?.length) badges.push({ kind: "registry", text: String(node.registry.length) });
  if (node.stale?.length) badges.unshift({ kind: "stale", text: "stale" });
  if (node.state === "deleted")
    badges.unshift({ kind: "gone", text: node.deleted ? `deleted ${node.deleted}` : "deleted" });
  return badges;
}

/**
 * The badges that fit into `room` pixels, at most two, then "+n" for the rest.
 *
 * @param {Badge[]} badges @param {number} more how many further aliases the node has @param {number} room
 * @param {Tokens} tokens
 * @returns {Badge[]}
 */
export function fitBadges(badges, more, room, tokens) {
  const width = (/** @type {Badge} */ badge) => badgeWidth(badge.text, tokens, badge.kind in BADGE_GLYPHS);
  for (let shown = Math.min(MOST_SHOWN, badges.length); shown > 0; shown -= 1) {
    const chosen = badges.slice(0, shown);
    const rest = badges.length - shown + more;
    if (rest) chosen.push({ kind: "more", text: `+${rest}` });
    const needed = chosen.reduce((sum, badge) => sum + width(badge) + GAP, -GAP);
    if (needed <= room) return chosen;
    const space = room - (needed - width(chosen[0]));
    if (shown === 1 && space >= NARROWEST) {
      if (chosen[0].kind === "gone") return [{ ...chosen[0], text: "deleted" }, ...chosen.slice(1)]; // the date can go
      const fits = (/** @type {string} */ text) => width({ ...chosen[0], text }) <= space;
      return [{ ...chosen[0], text: shortenMiddle(chosen[0].text, fits) }, ...chosen.slice(1)];
    }
  }
  const all = badges.length + more;
  return all ? [{ kind: "more", text: `+${all}` }] : [];
}

/**
 * Paint one badge; return its width and SVG.
 *
 * @param {Badge} badge @param {number} x @param {number} y @param {Tokens} tokens
 * @returns {[number, string]}
 */
export function paintBadge(badge, x, y, tokens) {
  const sign = BADGE_GLYPHS[badge.kind];
  const width = badgeWidth(badge.text, tokens, Boolean(sign));
  const [ground, line, ink] =
    badge.kind === "lock"
      ? [tokens["accent-tint"], tokens["accent-line"], tokens.accent]
      : badge.kind === "stale"
        ? [tokens["warn-tint"], tokens["warn-line"], tokens.warn]
        : [tokens["surface-3"], "none", tokens["text-2"]];
  const shape = `<rect x="${x + 0.5}" y="${y + 0.5}" width="${width - 1}" height="15" rx="7.5" fill="${ground}" stroke="${line}"/>`;
  const text = svgText(badge.text, x + 4 + (sign ? 11 : 0), y + 11.6, 10.5, 500, ink);
  return [width, shape + (sign ? glyph(sign, x + 4, y + 3.5, 9, ink) : "") + text];
}
