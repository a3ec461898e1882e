// Asks the server for the next view, one request after the other, and keeps the address and the steps of undo.

import { parameter, withParameters } from "../lib/address.js";
import { FragmentError, fetchFragment } from "../lib/fragment.js";
import { offerSteps, takeIn } from "./arrival.js";
import { Steps } from "./steps.js";

/** @typedef {Record<string, [number, number]>} Places how far cards were dragged, by node */

const PRESS = 1000; // a press is a click within this time, in ms, or none

/** The part of an address that undo restores. @param {string} search */
const viewOf = (search) => withParameters(search, { selected: null, list: null, custom: null });

export class Loader {
  /** @param {import("./island.js").Island} island @param {Places} places of the first picture */
  constructor(island, places) {
    this.island = island;
    /** @type {Promise<unknown>} */
    this.queue = Promise.resolve();
    this.last = { search: location.search, anchor: "" };
    this.steps = new Steps(this.#entry(places));
    /** @type {{search: string, answer: ReturnType<typeof fetchFragment>, time: number} | undefined} */
    this.foreseen = undefined;
  }

  #entry(places = this.island.places) {
    return JSON.stringify([viewOf(location.search), places]);
  }

  /** Ask ahead while a button is pressed that will ask for this change. @param {Record<string, string | null>} changes */
  foresee(changes) {
    const search = withParameters(location.search, { saved: null, ...changes });
    const answer = fetchFragment(location.pathname + search);
    answer.catch(() => {}); // the click is told
    this.foreseen = { search, answer, time: performance.now() };
  }

  /** The fragment of a view, which may be on its way already. @param {string} search */
  #fetch(search) {
    const { foreseen } = this;
    this.foreseen = undefined;
    const isIt = foreseen?.search === search && performance.now() - foreseen.time < PRESS;
    return isIt ? foreseen.answer : fetchFragment(location.pathname + search);
  }

  /**
   * Ask for the view of the address with one thing changed; changes in quick succession build on one another.
   *
   * @param {Record<string, string | null>} changes @param {string} anchor the card that keeps its place
   */
  change(changes, anchor) {
    return this.#enqueue(() => this.load(withParameters(location.search, { saved: null, ...changes }), anchor));
  }

  /** Ask for another view of this tab. @param {string} search @param {string} anchor */
  go(search, anchor) {
    const kept = { selected: parameter(search, "selected") || parameter(location.search, "selected") || null };
    const marks = {
      list: parameter(location.search, "list") || null,
      custom: parameter(location.search, "custom") || null,
    };
    return this.#enqueue(() => this.load(withParameters(search, { ...marks, ...kept }), anchor));
  }

  /** @template T @param {() => Promise<T>} load @returns {Promise<T>} */
  #enqueue(load) {
    const done = this.queue.then(load, load);
    this.queue = done;
    return done;
  }

  /**
   * @param {string} search @param {string} anchor
   * @param {{places?: Places, isTravel?: boolean, isSame?: boolean}} [options] `places` of dragged cards; travel makes no
   *   new step, the same view none in the history either
   * @returns {Promise<boolean>} whether the view is there
   */
  async load(search, anchor, { places, isTravel = false, isSame = false } = {}) {
    const { island } = this;
    this.last = { search, anchor };
    island.stage.setState("loading");
    try {
      const { element, address } = await this.#fetch(search);
      if (address && address !== location.pathname + location.search) {
        const state = { places: places ?? island.places };
        if (isSame) history.replaceState(state, "", address);
        else history.pushState(state, "", address);
      }
      await takeIn(island, element, anchor, places);
      if (!isTravel) this.steps.visit(this.#entry());
      offerSteps(island);
      return true;
    } catch (error) {
      if (!(error instanceof FragmentError)) throw error;
      island.stage.fail(error.message, error.requestId);
      island.announce(`The lineage could not be loaded. ${error.message}`);
      return false;
    }
  }

  /** Ask for the same view again, for what has changed in it. */
  refresh() {
    return this.#enqueue(() => this.load(location.search, this.island.graph.base, { isTravel: true, isSame: true }));
  }

  retry() {
    return this.load(this.last.search, this.last.anchor);
  }

  /** Cards were dragged or put in order: that is a step too, which the address does not tell. */
  keepPlaces() {
    history.replaceState({ ...history.state, places: this.island.places }, "");
    this.steps.visit(this.#entry());
    offerSteps(this.island);
  }

  /** The browser went back or forward. @param {Places} places */
  async arrive(places) {
    if (await this.load(location.search, "", { places, isTravel: true })) this.steps.arrive(this.#entry());
    offerSteps(this.island);
  }

  /** @param {"undo" | "redo"} way */
  travel(way) {
    return this.#enqueue(async () => {
      const entry = this.steps[way]();
      if (entry === undefined) {
        this.island.announce(way === "undo" ? "Nothing to undo." : "Nothing to redo.");
        return;
      }
      const [view, places] = JSON.parse(entry);
      const names = /** @type {const} */ (["selected", "list", "custom"]);
      const marks = Object.fromEntries(names.map((name) => [name, parameter(location.search, name) || null]));
      const isThere = await this.load(withParameters(view, marks), "", { places, isTravel: true });
      if (!isThere) this.steps[way === "undo" ? "redo" : "undo"]();
      else this.island.announce(way === "undo" ? "Undone" : "Redone");
      offerSteps(this.island);
    });
  }
}
