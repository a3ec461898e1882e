// Search in the graph: what matches, where it is, and the way there.

import { withParameters } from "../lib/address.js";
import { fill } from "../lib/fill.js";
import { FragmentError, fetchFragment } from "../lib/fragment.js";

const PAUSE = 180; // after the last key, in ms

export class Find {
  /** @param {HTMLElement} element the empty popover; `data-source` is its address @param {import("./island.js").Island} island */
  constructor(element, island) {
    this.element = element;
    this.island = island;
    this.at = -1;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {AbortController | undefined} */
    this.request = undefined;
    const form = /** @type {HTMLFormElement} */ (island.root.querySelector(".find-graph"));
    form.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), PAUSE);
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("keydown", (event) => this.#onKey(event));
    element.addEventListener("keydown", (event) => this.#onKey(event));
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** @returns {HTMLInputElement} */
  get field() {
    return /** @type {HTMLInputElement} */ (this.island.root.querySelector('.find-graph input[type="search"]'));
  }

  /** @returns {HTMLAnchorElement[]} */
  get #links() {
    return [...this.element.querySelectorAll("a[data-node-ref]")].filter((link) => link instanceof HTMLAnchorElement);
  }

  focus() {
    this.field.focus();
    this.field.select();
  }

  /** @returns {Promise<boolean>} whether there is a list */
  async search() {
    clearTimeout(this.timer);
    this.request?.abort();
    const text = this.field.value.trim();
    this.at = -1;
    if (!text) {
      this.close();
      return false;
    }
    const request = new AbortController();
    this.request = request;
    try {
      const search = withParameters(location.search, { find: text, selected: null });
      const { element } = await fetchFragment(`${this.element.dataset.source}${search}`, request.signal);
      if (request.signal.aborted) return false;
      fill(this.element, element);
    } catch (error) {
      if (request.signal.aborted) return false;
      if (!(error instanceof FragmentError)) throw error;
      this.island.announce(error.message);
      return false;
    }
    this.found = text;
    this.element.hidden = false;
    this.#count();
    this.island.announce(`${this.#links.length} found`);
    return true;
  }

  #count() {
    const place = this.island.root.querySelector("[data-find-count]");
    const { length } = this.#links;
    const isMore = /** @type {HTMLElement | null} */ (this.element.firstElementChild)?.dataset.more === "true";
    const total = `${isMore ? "≥ " : ""}${length}`;
    if (place) place.textContent = !this.isOpen ? "" : this.at < 0 ? total : `${this.at + 1} of ${total}`;
    this.#links.forEach((link, at) => {
      if (at === this.at) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }

  /** Go to the next hit, or the one before. @param {1 | -1} by */
  async step(by) {
    const isFresh = this.found === this.field.value.trim() && this.isOpen;
    if (!isFresh && !(await this.search())) return;
    const links = this.#links;
    if (!links.length) return;
    this.show(links[(this.at + by + links.length + (this.at < 0 && by < 0 ? 1 : 0)) % links.length]);
  }

  /** Draw the node of a hit and take the reader there. @param {HTMLAnchorElement} link */
  async show(link) {
    this.at = this.#links.indexOf(link);
    this.#count();
    const node = link.dataset.nodeRef ?? "";
    const name = link.querySelector(".name")?.textContent ?? "";
    const where = link.querySelector(".end")?.textContent ?? "";
    if (this.island.facts(node)) await this.island.preview(node);
    else await this.island.loader.go(new URL(link.href).search, this.island.graph.base);
    this.island.stage.focus(node);
    link.scrollIntoView({ block: "nearest" });
    this.island.announce(`${name}, ${where}, ${this.at + 1} of ${this.#links.length}`);
  }

  close() {
    this.request?.abort();
    this.element.hidden = true;
    this.element.replaceChildren();
    this.found = undefined;
    this.#count();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const isOnLink = event.target instanceof HTMLAnchorElement;
    if (event.key === "Enter" && !isOnLink) this.step(event.shiftKey ? -1 : 1);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const links = this.#links;
      const at =
        links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement)) + (event.key === "ArrowDown" ? 1 : -1);
      (at < 0 ? this.field : links[Math.min(at, links.length - 1)])?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
