// The search popover of a cluster: its members, rendered by the server, searched as one types.

import { withParameters } from "../lib/address.js";
import { fill, startBehaviours } from "../lib/fill.js";
import { FragmentError, fetchFragment } from "../lib/fragment.js";

const PAUSE = 150; // after the last key, in ms
const PARTS = [".pop-head h2", ".find .count", ".facets", ".member-list", ".pop-foot"]; // all but the field that is typed in
const ROW = "[data-member] .member__main";

export class Members {
  /** @param {HTMLElement} element the empty popover; `data-source` is the address of its fragments */
  constructor(element) {
    this.element = element;
    this.cluster = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {AbortController | undefined} */
    this.request = undefined;
    element.addEventListener("input", (event) => this.#onInput(event));
    element.addEventListener("submit", (event) => this.#onSubmit(event));
    element.addEventListener("keydown", (event) => this.#onKey(event));
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** @returns {HTMLInputElement | null} */
  get #field() {
    return this.element.querySelector('input[type="search"]');
  }

  /** @param {Record<string, string | null>} parameters @returns {Promise<HTMLElement | undefined>} */
  async #fetch(parameters) {
    this.request?.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    const view = withParameters(location.search, { list: null, selected: null, cluster: this.cluster, ...parameters });
    try {
      const { element } = await fetchFragment(`${this.element.dataset.source}${view}`, signal);
      return signal.aborted ? undefined : element;
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof FragmentError)) throw error;
      const message = document.createElement("p");
      message.className = "pop-note";
      message.setAttribute("role", "alert");
      message.textContent = error.message;
      return message;
    }
  }

  /** @param {string} cluster @param {() => void} onShown @param {string} text what is searched for */
  async open(cluster, onShown, text) {
    this.cluster = cluster;
    const content = await this.#fetch({ q: text || null });
    if (!content) return;
    fill(this.element, content);
    this.element.setAttribute("aria-label", content.dataset.label ?? "");
    this.element.hidden = false;
    onShown();
    this.#field?.focus();
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.cluster = "";
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  /** What is searched for, and how the list is narrowed and sorted. @returns {Record<string, string | null>} */
  get #asked() {
    const narrowing = [...this.element.querySelectorAll('.find input[name^="member-"]')];
    const pairs = narrowing.map((input) =>
      input instanceof HTMLInputElement ? [input.name, input.value || null] : [],
    );
    return { ...Object.fromEntries(pairs), q: this.#field?.value || null };
  }

  /** Fetch the list anew, for the view that the address now has. */
  async refresh() {
    if (!this.isOpen) return;
    const content = await this.#fetch(this.#asked);
    if (content && !content.querySelector(".member-list")) this.close(); // its last members are in the graph
    if (!content || !this.isOpen) return;
    const focused = this.element.contains(document.activeElement) ? document.activeElement : null;
    const member = focused?.closest("[data-member]")?.getAttribute("data-member");
    for (const part of PARTS) {
      const [old, fresh] = [this.element.querySelector(part), content.querySelector(part)];
      if (!old || !fresh) continue;
      old.replaceWith(fresh);
      startBehaviours(fresh);
    }
    this.element.setAttribute("aria-label", content.dataset.label ?? "");
    if (focused && !this.element.contains(focused)) this.#focus(member);
  }

  /** Focus the member, or what is searched for when it is not in the list. @param {string | null | undefined} member */
  #focus(member) {
    const rows = /** @type {HTMLElement[]} */ ([...this.element.querySelectorAll(ROW)]);
    const row = rows.find((one) => one.closest("[data-member]")?.getAttribute("data-member") === member);
    (row ?? this.#field)?.focus();
  }

  /** Append the next page in place of the button that asked for it. @param {HTMLElement} button */
  async more(button) {
    const content = await this.#fetch({ ...this.#asked, after: button.dataset.after ?? null });
    const rows = content ? [...content.querySelectorAll(".members > li")] : [];
    const first = rows[0]?.querySelector(".member__main");
    button.closest("li")?.replaceWith(...rows);
    if (first instanceof HTMLElement) first.focus();
  }

  /** @param {Event} event */
  #onInput(event) {
    if (!(event.target instanceof HTMLInputElement)) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), PAUSE);
  }

  /** @param {SubmitEvent} event */
  async #onSubmit(event) {
    event.preventDefault();
    const { submitter } = event;
    const isFacet = submitter instanceof HTMLButtonElement && submitter.matches(".facet");
    const input = isFacet ? this.element.querySelector(`.find input[name="${submitter.name}"]`) : null;
    if (input instanceof HTMLInputElement && isFacet) input.value = submitter.value;
    clearTimeout(this.timer);
    const sign = submitter?.dataset.facet;
    const text = submitter?.querySelector("bdi")?.textContent;
    await this.refresh();
    const again = [...this.element.querySelectorAll(`[data-facet="${sign}"]`)].find(
      (facet) => facet.querySelector("bdi")?.textContent === text,
    );
    if (again instanceof HTMLElement) again.focus();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const rows = /** @type {HTMLElement[]} */ ([...this.element.querySelectorAll(ROW)]);
    const row = event.target instanceof Element ? event.target.closest("[data-member]") : null;
    const place = rows.findIndex((button) => row?.contains(button));
    const next = place + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    (rows[next] ?? (next < 0 ? this.#field : rows.at(-1)))?.focus();
  }
}
