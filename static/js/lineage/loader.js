// Asks the server for the next view, one request after the other, and keeps the address in step.

import { withParameters } from "../lib/address.js";
import { FragmentError, fetchFragment } from "../lib/fragment.js";

export class Loader {
  /** @param {import("./island.js").Island} island */
  constructor(island) {
    this.island = island;
    /** @type {Promise<void>} */
    this.queue = Promise.resolve();
    this.last = { search: location.search, anchor: "" };
  }

  /**
   * Ask for the view of the address with one thing changed; changes in quick succession build on one another.
   *
   * @param {Record<string, string>} changes @param {string} anchor the card that keeps its place
   */
  change(changes, anchor) {
    const load = () => this.load(withParameters(location.search, changes), anchor);
    this.queue = this.queue.then(load, load);
    return this.queue;
  }

  /** @param {string} search @param {string} anchor */
  async load(search, anchor) {
    const { island } = this;
    this.last = { search, anchor };
    island.stage.setState("loading");
    try {
      const { element, address } = await fetchFragment(location.pathname + search);
      if (address && address !== location.pathname + location.search) history.pushState(null, "", address);
      await island.show(element, anchor);
    } catch (error) {
      if (!(error instanceof FragmentError)) throw error;
      island.stage.fail(error.message, error.requestId);
      island.announce(`The lineage could not be loaded. ${error.message}`);
    }
  }

  retry() {
    return this.load(this.last.search, this.last.anchor);
  }
}
