// While a run in view is going: asks whether anything has changed, less and less often, and not while the page is hidden.

import { withParameters } from "../lib/address.js";

const SOONEST = 5000;
const LATEST = 60_000;
const BACK_OFF = 1.5;

export class Live {
  /** @param {import("./island.js").Island} island @param {AbortSignal} signal */
  constructor(island, signal) {
    this.island = island;
    this.signal = signal;
    this.pause = SOONEST;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    const onVisible = () => {
      if (document.visibilityState === "visible") this.renew();
      else clearTimeout(this.timer);
    };
    document.addEventListener("visibilitychange", onVisible, { signal });
    signal.addEventListener("abort", () => clearTimeout(this.timer));
    this.renew();
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
    const { version = "" } = this.island.view.dataset;
    const { search } = location;
    const query = withParameters(search, { version, selected: null });
    try {
      const headers = { "HX-Request": "true" };
      const response = await fetch(`${this.island.root.dataset.liveSource}${query}`, { headers, signal: this.signal });
      const isStillHere = location.search === search && this.island.view.dataset.version === version;
      if (response.status === 200 && isStillHere && !this.island.isBusy) {
        await this.island.loader.refresh();
        return;
      }
    } catch {
      if (this.signal.aborted) return; // else: the server cannot be reached now, perhaps later
    }
    this.pause = Math.min(LATEST, this.pause * BACK_OFF);
    this.#wait();
  }
}
