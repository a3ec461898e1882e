// What lies over the canvas and follows it: level ruler, toolbar of the card, zoom figure, dotted ground.

/** @typedef {import("./drawing.js").Drawing} Drawing */

const HALF_CARD = 100;
const HALF_LINE = 13;
const TIGHT = 125; // pixels between two columns below which the ruler drops the counts
const SHORTEST = 56; // and below which a heading would stand on the next
const LINE = 18; // the same from top to bottom
const TOOLBAR_GAP = 6;

export class Overlay {
  /** @param {HTMLElement} root the graph container @param {Drawing} drawing */
  constructor(root, drawing) {
    this.root = root;
    this.drawing = drawing;
    this.ruler = /** @type {HTMLElement} */ (root.querySelector(".ruler"));
    this.tools = /** @type {HTMLElement} */ (root.querySelector(".card-tools"));
    this.figure = /** @type {HTMLOutputElement} */ (root.querySelector(".zoom output"));
    this.pointed = "";
    this.request = 0;
    drawing.cy.on("viewport resize position", () => this.schedule());
    this.renew();
  }

  /** Build the ruler anew from the picture. */
  renew() {
    /** @type {Map<number, HTMLElement>} levels that stand in one column share a heading */
    const marks = new Map();
    for (const level of this.drawing.graph.levels) {
      const mark = marks.get(level.x) ?? document.createElement("span");
      marks.set(level.x, mark);
      const label = document.createElement("b");
      label.textContent = level.label;
      mark.append(label);
      if (level.level === 0) {
        label.className = "is-base";
        mark.classList.add("is-base");
      } else {
        const text = document.createElement("em");
        text.textContent = level.text;
        mark.append(text);
      }
    }
    this.marks = [...marks].map(([x, mark]) => ({ mark, x }));
    this.ruler.replaceChildren(...this.marks.map(({ mark }) => mark));
    this.schedule();
  }

  /** @param {string} id the card whose toolbar shows, "" for none */
  point(id) {
    this.pointed = id;
    this.schedule();
  }

  schedule() {
    this.request ||= requestAnimationFrame(() => {
      this.request = 0;
      if (!this.drawing.cy.destroyed()) this.#follow();
    });
  }

  #follow() {
    const { cy, graph } = this.drawing;
    const [zoom, pan] = [cy.zoom(), cy.pan()];
    const isDown = graph.orientation === "down";
    this.ruler.classList.toggle("is-down", isDown);
    for (const { mark, x } of this.marks ?? []) {
      mark.style.transform = isDown
        ? `translateY(${Math.round(x * zoom + pan.y - HALF_LINE)}px)`
        : `translateX(${Math.round((x - HALF_CARD) * zoom + pan.x)}px)`;
    }
    this.ruler.classList.toggle("is-tight", isDown || this.#isTight(zoom));
    this.#thin(zoom, isDown ? LINE : SHORTEST);
    const grid = Math.round(24 * Math.max(0.75, zoom));
    this.root.style.backgroundSize = `${grid}px ${grid}px`;
    this.root.style.backgroundPosition = `${pan.x}px ${pan.y}px`;
    this.figure.textContent = `${Math.round(zoom * 100)} %`;
    this.#placeTools(zoom);
  }

  /** Hide headings that would stand on one another; the base's comes first. @param {number} zoom @param {number} room */
  #thin(zoom, room) {
    /** @type {number[]} */
    const kept = [];
    const isBase = (/** @type {HTMLElement} */ mark) => Number(mark.classList.contains("is-base"));
    for (const { mark, x } of this.marks?.toSorted((a, b) => isBase(b.mark) - isBase(a.mark)) ?? []) {
      const isFree = kept.every((other) => Math.abs(other - x) * zoom >= room);
      mark.style.visibility = isFree ? "" : "hidden";
      if (isFree) kept.push(x);
    }
  }

  /** @param {number} zoom */
  #isTight(zoom) {
    const xs = [...new Set(this.drawing.graph.levels.map((level) => level.x))].sort((a, b) => a - b);
    return xs.some((x, i) => i > 0 && (x - xs[i - 1]) * zoom < TIGHT);
  }

  /** @param {number} zoom */
  #placeTools(zoom) {
    const node = this.drawing.node(this.pointed);
    this.tools.hidden = node.empty() || node.data("kind") === "locked";
    if (this.tools.hidden) return;
    const place = node.renderedPosition();
    const x = place.x + (node.width() / 2) * zoom - this.tools.offsetWidth;
    const above = place.y - (node.height() / 2) * zoom - this.tools.offsetHeight - TOOLBAR_GAP;
    const y = above < 0 ? place.y + (node.height() / 2) * zoom + TOOLBAR_GAP : above;
    this.tools.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }
}
