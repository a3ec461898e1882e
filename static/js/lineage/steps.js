// Undo and redo: the views of this visit, one after the other. Pure.

const MOST_KEPT = 500;

/** A line of entries with a place in it; an entry is any text that tells views apart. */
export class Steps {
  /** @param {string} first */
  constructor(first) {
    this.entries = [first];
    this.at = 0;
  }

  get current() {
    return this.entries[this.at];
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at < this.entries.length - 1;
  }

  /** A new view: what was undone before is forgotten. @param {string} entry */
  visit(entry) {
    if (entry === this.current) return;
    this.entries.splice(this.at + 1);
    this.entries.push(entry);
    if (this.entries.length > MOST_KEPT) this.entries.shift();
    this.at = this.entries.length - 1;
  }

  /** The browser went back or forward: the entry is most likely a neighbour. @param {string} entry */
  arrive(entry) {
    const beside = [this.at, this.at - 1, this.at + 1].find((place) => this.entries[place] === entry);
    if (beside === undefined) this.visit(entry);
    else this.at = beside;
  }

  /** @returns {string | undefined} the view before, undefined when there is none */
  undo() {
    if (!this.canUndo) return undefined;
    this.at -= 1;
    return this.current;
  }

  /** @returns {string | undefined} the view that was undone last, undefined when there is none */
  redo() {
    if (!this.canRedo) return undefined;
    this.at += 1;
    return this.current;
  }
}
