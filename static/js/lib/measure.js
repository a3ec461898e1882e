// Widths of texts in pixels, remembered.

/** @type {Map<string, number>} */
const widths = new Map();
const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
const MOST_REMEMBERED = 20_000;

/**
 * @param {string} text
 * @param {string} font as in CSS, such as "500 13px serif"
 */
export function textWidth(text, font) {
  const key = `${font}\n${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > MOST_REMEMBERED) widths.clear();
    if (context.font !== font) context.font = font;
    width = context.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}
