// The toolbar of a card: it stands by the hovered card, else by the focused one, and offers what its outline entry does.

const ACTIONS = ["hide", "put-back", "unfold", "fold", "focus"];

export class CardTools {
  /**
   * @param {import("./island.js").Island} island @param {import("./overlay.js").Overlay} overlay
   * @param {import("./attention.js").Attention} attention @param {AbortSignal} signal
   */
  constructor(island, overlay, attention, signal) {
    this.island = island;
    this.overlay = overlay;
    this.attention = attention;
    this.element = overlay.tools;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.pause = undefined;
    for (const name of ["pointerenter", "focusin", "focusout"]) {
      this.element.addEventListener(name, () => this.point(), { signal });
    }
    // the renderer sees the pointer only while it is over the canvas
    const { container } = attention.drawing;
    const onLeave = (/** @type {PointerEvent} */ event) => {
      const to = event.relatedTarget;
      if (!(to instanceof Node && (this.element.contains(to) || container.contains(to)))) attention.hover("");
    };
    for (const part of [this.element, container]) part.addEventListener("pointerleave", onLeave, { signal });
  }

  /** While it is in use it stays. */
  point() {
    clearTimeout(this.pause);
    const { hovered } = this.attention;
    if (hovered) {
      this.equip(hovered);
      return;
    }
    if (this.element.matches(":hover") || this.element.contains(document.activeElement)) return;
    this.pause = setTimeout(() => {
      if (!this.element.matches(":hover") && !this.attention.hovered) this.equip(this.attention.focused);
    }, 120);
  }

  /** @param {string} selector @param {boolean} isShown */
  #show(selector, isShown) {
    const control = this.element.querySelector(selector);
    if (control instanceof HTMLElement) control.hidden = !isShown;
  }

  /** @param {string} id */
  equip(id) {
    const { outline } = this.island;
    const facts = this.island.facts(id);
    for (const action of ACTIONS) {
      const counterpart = outline.entry(id)?.querySelector(`[data-action="${action}"]`);
      this.#show(`[data-action="${action}"]`, Boolean(counterpart));
    }
    const isCluster = facts?.kind === "cluster";
    this.#show('button[data-action="open"]', isCluster);
    this.#show('a[data-action="open"]', !isCluster && Boolean(outline.page(id)));
    const link = this.element.querySelector("a");
    if (link) link.href = outline.page(id);
    this.element.setAttribute("aria-label", facts ? `Actions for ${facts.name}` : "");
    this.overlay.point(facts ? id : "");
  }
}
