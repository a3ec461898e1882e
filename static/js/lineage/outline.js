// The text twin of the graph: one tab stop, arrow keys, and what its entries say.

const MAIN = ".outline__main";

/** @param {string} id */
const selector = (id) => `.outline [data-node="${CSS.escape(id)}"]`;

export class Outline {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.current = "";
  }

  /** @param {string} id @returns {HTMLElement | null} */
  entry(id) {
    return id ? this.root.querySelector(selector(id)) : null;
  }

  /** @param {string} id @returns {HTMLButtonElement | null} */
  button(id) {
    return this.entry(id)?.querySelector(MAIN) ?? null;
  }

  /** What a screen reader says of a node. @param {string} id */
  describe(id) {
    return this.button(id)?.getAttribute("aria-label") ?? this.entry(id)?.dataset.name ?? "";
  }

  /** The address of a node's own page. @param {string} id @returns {string} */
  page(id) {
    const link = this.entry(id)?.querySelector('a[data-action="open"]');
    return link instanceof HTMLAnchorElement ? link.href : "";
  }

  /**
   * Leave one entry in the tab order: the current one, at first the base.
   *
   * @param {string} id @param {boolean} isList the controls of the current entry are in the tab order too
   */
  rove(id, isList) {
    this.current = this.entry(id) ? id : this.current;
    for (const entry of this.root.querySelectorAll(".outline [data-node]")) {
      const isCurrent = entry instanceof HTMLElement && entry.dataset.node === this.current;
      for (const control of entry.querySelectorAll("a, button")) {
        const isOpen = isCurrent && (isList || control.matches(MAIN));
        control.setAttribute("tabindex", isOpen ? "0" : "-1");
      }
    }
  }

  /** The entry above or below in the list. @param {string} id @param {"ArrowUp" | "ArrowDown"} key */
  beside(id, key) {
    const entries = [...this.root.querySelectorAll(".outline [data-node]")];
    const place = entries.findIndex((entry) => entry instanceof HTMLElement && entry.dataset.node === id);
    const entry = entries[place + (key === "ArrowUp" ? -1 : 1)];
    return entry instanceof HTMLElement ? entry.dataset.node : undefined;
  }
}
