// The preview beside the graph: one node's facts, rendered by the server.

import { fill } from "../lib/fill.js";
import { FragmentError, fetchFragment } from "../lib/fragment.js";

export class Panel {
  /** @param {HTMLElement} element the empty panel; `data-source` is the address of its fragments */
  constructor(element) {
    this.element = element;
    this.node = "";
    /** @type {AbortController | undefined} */
    this.request = undefined;
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /**
   * Show the node; `query` is the view that its buttons belong to. What is shown stays until the new facts are here.
   *
   * @param {string} node @param {string} query
   */
  async open(node, query) {
    this.request?.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    this.node = node;
    try {
      const { element } = await fetchFragment(`${this.element.dataset.source}${query}`, signal);
      if (signal.aborted) return;
      const focused = this.element.contains(document.activeElement) ? document.activeElement : null;
      fill(this.element, element);
      if (focused instanceof HTMLElement) this.#keepFocus(focused.dataset.way ?? "");
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof FragmentError)) throw error;
      this.#fail(error);
    }
    this.element.hidden = false;
  }

  /** After a step along the edges the next one is a key away. @param {string} way "next", "previous", or "" for neither */
  #keepFocus(way) {
    const control = this.element.querySelector(`[data-way="${way}"]`) ?? this.element.querySelector(".panel-body");
    if (control instanceof HTMLElement) control.focus({ preventScroll: true });
  }

  /** @param {FragmentError} error */
  #fail(error) {
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById("lineage-preview-failed"));
    const content = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
    const reason = content.querySelector("[data-reason]");
    if (reason) reason.textContent = error.message + (error.requestId ? ` Request ${error.requestId}.` : "");
    fill(this.element, content);
  }

  close() {
    this.request?.abort();
    this.node = "";
    this.element.hidden = true;
    this.element.replaceChildren();
  }
}
