// The Lineage tab made live: ties the drawing, the outline, the preview and the cluster search to one address.
// HTML contract: docs/lineage-page.md.

import { parameter, withParameters } from "../lib/address.js";
import { attachActions } from "./actions.js";
import { Custom } from "./custom.js";
import { Find } from "./find.js";
import { attachKeyboard } from "./keyboard.js";
import { Live } from "./live.js";
import { Loader } from "./loader.js";
import { Members } from "./members.js";
import { Outline } from "./outline.js";
import { Panel } from "./panel.js";
import { homeOffsets } from "./places.js";
import { followFullScreen } from "./share.js";
import { attachSheet } from "./sheet.js";
import { Stage } from "./stage.js";
import { step } from "./walk.js";

export class Island {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.aborter = new AbortController();
    const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
    this.outline = new Outline(root);
    this.panel = new Panel(part(".panel"));
    this.members = new Members(part(".pop-cluster"));
    /** @type {import("./types.js").Graph} */
    this.graph = this.read("lineage-graph");
    this.stage = new Stage(part(".graph"), this);
    const places = history.state?.places ?? homeOffsets(this.graph, this.read("lineage-places"));
    this.loader = new Loader(this, places ?? {});
    this.custom = new Custom(part(".pop-custom"), this);
    this.find = new Find(part(".pop-find"), this);
    const { signal } = this.aborter;
    this.live = new Live(part("[data-live-ask]"), this, signal);
    attachActions(this, signal);
    attachKeyboard(this, signal);
    attachSheet(this.panel.element, () => this.stage.makeRoom(), signal);
    followFullScreen(this, signal);
    const onTravel = (/** @type {PopStateEvent} */ event) => this.loader.arrive(event.state?.places ?? {});
    addEventListener("popstate", onTravel, { signal });
    this.outline.rove(this.graph.base, this.isList);
    this.stage.start(this.graph, parameter(location.search, "selected"), places);
  }

  get drawing() {
    return this.stage.drawing;
  }

  get attention() {
    return this.stage.attention;
  }

  get isList() {
    return this.root.classList.contains("is-list");
  }

  /** How far cards were dragged, by node. @returns {import("./loader.js").Places} */
  get places() {
    return this.stage.places;
  }

  /** The reader is in the middle of something that a new picture would disturb. */
  get isBusy() {
    return this.stage.element.dataset.lineageState === "loading" || Boolean(this.drawing?.cy.$(":grabbed").nonempty());
  }

  /** The part of the page that every view replaces. */
  get view() {
    return /** @type {HTMLElement} */ (this.root.querySelector("#lineage-view"));
  }

  /** @param {string} id of a JSON that came with the view @param {HTMLElement} [view] the part of the page it is in */
  read(id, view = this.root) {
    return JSON.parse(view.querySelector(`#${id}`)?.textContent ?? "{}");
  }

  /** @param {string} node */
  facts(node) {
    return this.graph.nodes.find(({ id }) => id === node);
  }

  /** The node that a control without a value is about. @param {HTMLElement} control */
  pointedBy(control) {
    if (control.closest(".card-tools")) return this.stage.overlay?.pointed ?? "";
    const place = /** @type {HTMLElement | null} */ (control.closest("[data-node], [data-member]"));
    return place?.dataset.member ?? place?.dataset.node ?? "";
  }

  /** @param {string} text */
  announce(text) {
    const live = document.getElementById("live");
    if (live) live.textContent = text;
  }

  /**
   * Change one thing of the view.
   *
   * @param {Record<string, string | null>} changes such as {hide: "run-7"} @param {string} anchor the card that keeps its place
   */
  change(changes, anchor) {
    const node = changes.hide ?? changes["hide-through"];
    const neighbour = node && ["ArrowLeft", "ArrowRight"].map((key) => step(this.graph, node, key)).find(Boolean);
    return this.loader.change(changes, neighbour || anchor);
  }

  /** Move the hop window to a node; from the focus itself back to the base. @param {string} node "" for the base */
  refocus(node) {
    const isBack = !node || node === this.graph.base || node === this.graph.focus;
    return this.change({ focus: isBack ? null : node }, node || this.graph.base);
  }

  /** @param {string} node */
  focus(node) {
    this.stage.focus(node);
    this.outline.rove(node, this.isList);
    this.announce(this.outline.describe(node));
  }

  /** Do what a click on the card does. @param {string} node */
  activate(node) {
    const facts = this.facts(node);
    if (facts?.kind === "cluster") this.openCluster(node);
    else if (facts && facts.kind !== "locked") this.preview(node);
  }

  /** @param {string} node */
  async preview(node) {
    const filled = this.fillPanel(node); // asked for first: to light the lineage takes time too
    this.#select(node);
    await filled;
    this.stage.makeRoom();
  }

  /** @param {string} node */
  fillPanel(node) {
    const isMember = this.members.isOpen && !this.facts(node);
    const cluster = isMember ? this.members.cluster : null;
    const drawn = this.view.dataset.version ?? ""; // its neighbours are those of the picture on the screen
    return this.panel.open(node, withParameters(location.search, { node, cluster, drawn, selected: null, list: null }));
  }

  /** @param {string} node "" for none; the address remembers it without a step in the history */
  #select(node) {
    const search = withParameters(location.search, { selected: node || null });
    if (search !== location.search) history.replaceState(history.state, "", location.pathname + search);
    this.stage.select(node);
  }

  closePanel() {
    const node = this.panel.node;
    const hadFocus = this.panel.element.contains(document.activeElement);
    this.panel.close();
    this.#select("");
    this.stage.makeRoom();
    if (hadFocus) this.#focusBack(node);
  }

  /** @param {string} cluster @param {string} [text] what its members are searched for */
  openCluster(cluster, text = "") {
    this.stage.select(cluster);
    return this.members.open(cluster, () => this.stage.place(this.members.element, cluster), text);
  }

  closeCluster() {
    const cluster = this.members.cluster;
    const hadFocus = this.members.element.contains(document.activeElement);
    this.members.close();
    this.stage.select(this.panel.node);
    if (hadFocus) this.#focusBack(cluster);
  }

  /** @param {string} node */
  #focusBack(node) {
    const control = this.isList ? this.outline.button(node || this.graph.base) : this.drawing?.container;
    control?.focus();
  }

  toggleList() {
    const isList = this.root.classList.toggle("is-list");
    this.root.querySelector('[data-action="list"]')?.setAttribute("aria-pressed", String(isList));
    const search = withParameters(location.search, { list: isList ? "1" : null });
    history.replaceState(history.state, "", location.pathname + search);
    this.outline.rove(this.outline.current, isList);
    if (!isList) this.stage.makeRoom();
  }
}
