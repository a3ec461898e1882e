// What the container says about the picture: the legend of its colours, and that the filters left nothing.

/** @typedef {import("./types.js").Graph} Graph */

const NARROW = "(max-width: 960px)";

/** @param {HTMLElement} element the graph container @param {HTMLElement} view the fragment @param {Graph} graph */
export function showNotes(element, view, graph) {
  const note = /** @type {HTMLElement | null} */ (element.querySelector("[data-filtered]"));
  const content = view.querySelector("#lineage-filtered");
  if (note) {
    note.hidden = !content;
    const words = content instanceof HTMLTemplateElement ? [content.content.cloneNode(true)] : [];
    note.firstElementChild?.replaceChildren(...words);
  }
  showLegend(element, graph);
  element.classList.toggle(
    "has-bridges",
    graph.edges.some((edge) => edge.via),
  );
  element.classList.toggle(
    "has-locked",
    graph.nodes.some((node) => node.kind === "locked"),
  );
}

/** The colours can be folded away; on narrow screens, where they would cover the picture, they are at first. @param {HTMLElement} element @param {Graph} graph */
function showLegend(element, graph) {
  const place = /** @type {HTMLElement | null} */ (element.querySelector("[data-legend]"));
  if (!place) return;
  place.hidden = !graph.legend?.length;
  const entries = (graph.legend ?? []).map(([colour, value]) => {
    const entry = document.createElement("span");
    const swatch = document.createElement("i");
    swatch.className = `hue hue-${colour}`;
    entry.append(swatch, value);
    return entry;
  });
  const box = document.createElement("details");
  box.open = place.querySelector("details")?.open ?? !matchMedia(NARROW).matches;
  const summary = document.createElement("summary");
  summary.textContent = entries.length === 1 ? "1 colour" : `${entries.length} colours`;
  const list = document.createElement("div");
  list.append(...entries);
  box.append(summary, list);
  place.replaceChildren(box);
}
