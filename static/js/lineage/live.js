// While a run in view is going: asks through htmx whether anything has changed, less and less often, and not while the
// page is hidden. The picture is fetched anew only when it has.

import { withParameters } from "../lib/address.js";
import { loadHtmx } from "../lib/htmx.js";

/** @typedef {{path: string, xhr: XMLHttpRequest}} Request what htmx tells of one: its path before, the answer after it */

const SOONEST = 5000;
const LATEST = 60_000;
const BACK_OFF = 1.5;

export class Live {
  /**
   * @param {HTMLElement} element asks the server upon the event `lineage-ask` (hx-trigger), 204 means nothing new
   * @param {import("./island.js").Island} island @param {AbortSignal} signal
   */
  constructor(element, island, signal) {
    this.element = element;
    this.island = island;
    this.pause = SOONEST;
    this.asked = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    const onVisible = () => {
      if (document.visibilityState === "visible") this.renew();
      else clearTimeout(this.timer);
    };
    const listen = (/** @type {string} */ name, /** @type {(detail: Request) => void} */ listener) =>
      element.addEventListener(name, (event) => listener(/** @type {CustomEvent} */ (event).detail), { signal });
    document.addEventListener("visibilitychange", onVisible, { signal });
    listen("htmx:configRequest", (request) => {
      this.asked = this.#question;
      request.path += this.asked;
    });
    listen("htmx:afterRequest", ({ xhr }) => this.#take(xhr.status));
    signal.addEventListener("abort", () => clearTimeout(this.timer));
    this.renew();
  }

  /** The view and the version of it that are shown, as a query. */
  get #question() {
    const { version = "" } = this.island.view.dataset;
    return withParameters(location.search, { version, selected: null });
  }

  /** Start over, for the view that is now shown. */
  renew() {
    this.pause = SOONEST;
    this.#wait();
  }

  #wait() {
    clearTimeout(this.timer);
    if (this.island.view.dataset.live !== "true" || document.visibilityState !== "visible") return;
    this.timer = setTimeout(() => this.#ask(), this.pause);
  }

  async #ask() {
    await loadHtmx();
    this.element.dispatchEvent(new Event("lineage-ask"));
  }

  /** @param {number} status 0 when the server could not be reached: perhaps later */
  async #take(status) {
    const isStillAsked = this.asked === this.#question;
    if (status === 200 && isStillAsked && !this.island.isBusy) {
      await this.island.loader.refresh();
      return;
    }
    this.pause = Math.min(LATEST, this.pause * BACK_OFF);
    this.#wait();
  }
}
