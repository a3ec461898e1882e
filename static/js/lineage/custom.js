// The Custom panel: a form of the view that applies at once. The server renders it anew for every view.

import { withParameters } from "../lib/address.js";
import { fill } from "../lib/fill.js";
import { FragmentError, fetchFragment } from "../lib/fragment.js";

const CONTROLS = "input:not([type=hidden]), select, button, a";
const MOST_HOPS = 64;

/** What a control is, also after the form was rendered anew. @param {Element} control */
function signOf(control) {
  const value = control instanceof HTMLInputElement && control.type === "checkbox" ? control.value : "";
  const { action = "", by = "" } = /** @type {HTMLElement} */ (control).dataset;
  return [control.id, control.getAttribute("name"), value, action, by, control.getAttribute("aria-label")].join("\n");
}

export class Custom {
  /** @param {HTMLElement} element the popover; `data-source` is its address @param {import("./island.js").Island} island */
  constructor(element, island) {
    this.element = element;
    this.island = island;
    this.pending = 0;
    /** @type {AbortController | undefined} */
    this.request = undefined;
    element.addEventListener("change", () => this.apply());
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.apply();
    });
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** @returns {Promise<HTMLElement | undefined>} */
  async #fetch() {
    this.request?.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    const search = withParameters(location.search, { selected: null });
    try {
      const { element } = await fetchFragment(`${this.element.dataset.source}${search}`, signal);
      return signal.aborted ? undefined : element;
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof FragmentError)) throw error;
      this.island.announce(error.message);
      return undefined;
    }
  }

  async open() {
    const content = await this.#fetch();
    if (!content) return;
    fill(this.element, content);
    this.#mark(true);
    const first = this.element.querySelector(CONTROLS);
    if (first instanceof HTMLElement) first.focus();
  }

  /** @param {boolean} isOpen */
  #mark(isOpen) {
    this.element.hidden = !isOpen;
    this.island.root.querySelector('[data-action="custom"]')?.setAttribute("aria-expanded", String(isOpen));
    const search = withParameters(location.search, { custom: isOpen ? "1" : null });
    history.replaceState(history.state, "", location.pathname + search);
  }

  close() {
    const hadFocus = this.element.contains(document.activeElement);
    this.request?.abort();
    this.#mark(false);
    this.element.replaceChildren();
    const toggle = this.island.root.querySelector('[data-action="custom"]');
    if (hadFocus && toggle instanceof HTMLElement) toggle.focus();
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  /** Render the panel for the view that the address now has; the control in use keeps the focus. */
  async refresh() {
    if (!this.isOpen || this.pending) return;
    const content = await this.#fetch();
    if (!content || !this.isOpen || this.pending) return; // what was chosen meanwhile is not overwritten
    const active = this.element.contains(document.activeElement) ? document.activeElement : null;
    const sign = active ? signOf(active) : "";
    const scrolled = this.element.querySelector(".pop-body")?.scrollTop ?? 0;
    fill(this.element, content);
    this.element.querySelector(".pop-body")?.scrollTo(0, scrolled);
    const again = [...this.element.querySelectorAll(CONTROLS)].find((control) => active && signOf(control) === sign);
    if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  }

  async apply() {
    const form = this.element.querySelector("form");
    if (!form?.reportValidity()) return;
    const filled = [...new FormData(form)].filter(([, value]) => value !== "");
    const query = new URLSearchParams(/** @type {[string, string][]} */ (filled));
    this.pending += 1;
    await this.island.loader.go(`?${query}`, this.island.graph.focus ?? this.island.graph.base);
    this.pending -= 1;
    await this.refresh();
  }

  /** One hop more or less, or all. @param {HTMLElement} control */
  hop(control) {
    const row = control.previousElementSibling?.matches(".stepper")
      ? control.previousElementSibling
      : control.parentElement;
    const input = row?.querySelector("input");
    if (!input) return;
    if (control.dataset.by === "all") input.value = "";
    else {
      const by = Number(control.dataset.by);
      const from = input.value === "" ? Number(input.dataset.reach) : Number(input.value);
      if (input.value === "" && by > 0) return; // all is the most
      input.value = String(Math.min(MOST_HOPS, Math.max(0, from + by)));
    }
    this.apply();
  }
}
