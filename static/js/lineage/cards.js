// The pictures behind the cards: one SVG per (kind, type, state, badges), never one per node.

import { textWidth } from "../lib/measure.js";
import { shortenMiddle } from "../lib/shorten.js";
import { badgesOf, fitBadges, paintBadge } from "./badges.js";
import { CARD_HEIGHT, heightOf } from "./card-size.js";
import { badgeWidth, glyph, rowSigns, svgText, svgUri, tile } from "./glyphs.js";

/** @typedef {import("./types.js").GraphNode} GraphNode */
/** @typedef {import("../lib/tokens.js").Tokens} Tokens */

const TEXT_LEFT = 50;
const RIGHT = 192;
const NARROWEST_TYPE = 62;
const LETTER_SPACING = 0.5;
/** @type {Record<string, [import("./glyphs.js").GlyphName, string]>} glyph and colour of a run's state */
const STATE_SIGNS = {
  finished: ["ok", "run"],
  running: ["spin", "run"],
  failed: ["fail", "danger"],
  crashed: ["fail", "danger"],
  killed: ["fail", "text-3"],
};

/** @param {GraphNode} node */
const isGhost = (node) => node.kind === "locked" || node.state === "deleted";

/** @param {GraphNode} node @returns {"run" | "artifact" | "lock"} */
function signOf(node) {
  if (node.kind === "locked") return "lock";
  return (node.member_kind ?? node.kind) === "run" ? "run" : "artifact";
}

/** Paints and remembers the pictures of one theme. */
export class CardPainter {
  /** @param {Tokens} tokens */
  constructor(tokens) {
    this.tokens = tokens;
    /** @type {Map<string, string>} */
    this.pictures = new Map();
  }

  /** @param {string[]} key @param {() => string} paint */
  #remembered(key, paint) {
    const text = key.join("\n");
    let picture = this.pictures.get(text);
    if (picture === undefined) {
      picture = paint();
      this.pictures.set(text, picture);
    }
    return picture;
  }

  /** @param {GraphNode} node */
  card(node) {
    const badges = badgesOf(node);
    const more = node.more_aliases ?? 0;
    const key = [
      node.kind,
      node.type,
      node.state ?? "",
      String(more),
      String(node.colour ?? 0),
      ...(node.rows ?? []).map(([row]) => row),
      ...badges.map((badge) => badge.kind + badge.text),
    ];
    return this.#remembered(key, () => this.#paintCard(node, badges, more));
  }

  /** @param {GraphNode} node @param {import("./badges.js").Badge[]} badges @param {number} more */
  #paintCard(node, badges, more) {
    const { tokens } = this;
    const state = node.kind === "run" ? STATE_SIGNS[node.state ?? ""] : undefined;
    let right = RIGHT;
    const height = heightOf(node);
    let svg = this.#stripe(node, height - 16) + tile(signOf(node), 10, 11, tokens, isGhost(node));
    svg += rowSigns(node, tokens["text-3"]);
    if (state) {
      svg += glyph(state[0], right - 14, 10, 13, tokens[state[1]]);
      right -= 19;
    }
    const type = (node.kind === "locked" ? "restricted" : node.type).toUpperCase();
    const room = right - TEXT_LEFT - 4 - Math.min(this.#typeWidth(type), NARROWEST_TYPE);
    const painted = fitBadges(badges, more, room, tokens);
    for (const badge of painted.reverse()) {
      const [width] = paintBadge(badge, 0, 8, tokens);
      svg += paintBadge(badge, right - width, 8, tokens)[1];
      right -= width + 4;
    }
    return svgUri(200, height, tokens, svg + this.#typeLine(type, right - TEXT_LEFT - 2));
  }

  /** The colour of its type, job type or state, at the left edge. @param {GraphNode} node @param {number} height */
  #stripe(node, height) {
    if (!node.colour) return "";
    return `<rect x="3" y="8" width="4" height="${height}" rx="2" fill="${this.tokens[`hue-${node.colour}`]}"/>`;
  }

  /** @param {string} type */
  #typeWidth(type) {
    return textWidth(type, `600 10.5px ${this.tokens.font}`) + LETTER_SPACING * type.length;
  }

  /** @param {string} type @param {number} width */
  #typeLine(type, width, left = TEXT_LEFT) {
    const text = shortenMiddle(type, (shorter) => this.#typeWidth(shorter) <= width);
    return svgText(text, left, 21, 10.5, 600, this.tokens["text-3"], ` letter-spacing="${LETTER_SPACING}"`);
  }

  /**
   * A cluster of 212 × 74: the upper card is 64 high, two more edges show below it.
   *
   * @param {GraphNode} node @param {boolean} isSelected
   */
  cluster(node, isSelected) {
    const { tokens } = this;
    const line = isSelected ? tokens.accent : tokens["card-border"];
    const fits = (/** @type {string} */ text) => textWidth(text, `600 12.5px ${tokens.font}`) <= 152;
    let svg =
      `<rect x="12.5" y="54" width="187" height="19" rx="7" fill="${tokens["surface-2"]}" stroke="${line}"/>` +
      `<rect x="6.5" y="48" width="199" height="20.5" rx="8" fill="${tokens.card}" stroke="${line}"/>` +
      `<rect x=".75" y=".75" width="210.5" height="62.5" rx="8.5" fill="${tokens.card}" stroke="${line}" stroke-width="${isSelected ? 1.5 : 1}"/>`;
    svg += this.#stripe(node, 48) + tile(signOf(node), 10, 13, tokens) + glyph("search", 189, 11, 13, tokens["text-3"]);
    svg += this.#typeLine(node.type.toUpperCase(), 134, 49);
    svg += svgText(shortenMiddle(node.name, fits), 49, 38, 12.5, 600, tokens.text);
    svg += node.states?.length ? this.#stateBar(node.states) : this.#bubbles(node);
    return svgUri(212, 74, tokens, svg);
  }

  /** @param {[string, number][]} states */
  #stateBar(states) {
    const total = states.reduce((sum, [, count]) => sum + count, 0) || 1;
    let x = 49;
    return states
      .map(([state, count]) => {
        const width = Math.max(4, (150 * count) / total - 2);
        const colour = state === "running" ? "run-line" : (STATE_SIGNS[state]?.[1] ?? "line-control");
        const bar = `<rect x="${x}" y="49" width="${width}" height="4" rx="2" fill="${this.tokens[colour]}"/>`;
        x += width + 2;
        return bar;
      })
      .join("");
  }

  /** @param {GraphNode} node */
  #bubbles(node) {
    let x = 49;
    const aliases = badgesOf(node).filter((badge) => badgeWidth(badge.text, this.tokens, true) < 110);
    return fitBadges(aliases, 0, 150, this.tokens)
      .map((badge) => {
        const [width, svg] = paintBadge(badge, x, 43.5, this.tokens);
        x += width + 4;
        return svg;
      })
      .join("");
  }

  /**
   * What is left of a card below half size: a larger sign.
   *
   * @param {GraphNode} node
   */
  far(node) {
    const hasFailed = node.kind === "run" && STATE_SIGNS[node.state ?? ""]?.[0] === "fail";
    const height = heightOf(node);
    return this.#remembered(
      ["far", node.kind, String(isGhost(node)), String(hasFailed), String(node.colour ?? 0), String(height)],
      () => {
        const middle = (height - CARD_HEIGHT) / 2;
        const sign = `<g transform="translate(-3.5 ${middle - 7.5}) scale(1.3)">${tile(signOf(node), 8, 10.8, this.tokens, isGhost(node))}</g>`;
        const cross = hasFailed ? glyph("fail", 178, 6, 16, this.tokens.danger) : "";
        return svgUri(200, height, this.tokens, this.#stripe(node, height - 16) + sign + cross);
      },
    );
  }

  baseTag() {
    const { tokens } = this;
    return this.#remembered(["base"], () => {
      const ground = `<rect width="38" height="16" rx="8" fill="${tokens["accent-fill"]}"/>`;
      return svgUri(
        38,
        16,
        tokens,
        ground + svgText("base", 19, 11.8, 10.5, 600, tokens["on-accent"], ' text-anchor="middle"'),
      );
    });
  }
}
