// Putting a fragment into the page, with its behaviours started and those of the old content ended.

/** @param {Element} root */
function endBehaviours(root) {
  for (const elt of root.querySelectorAll("[data-behaviour]")) {
    document.dispatchEvent(new CustomEvent("htmx:beforeCleanupElement", { detail: { elt } }));
  }
}

/** @param {Element} root */
export function startBehaviours(root) {
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: root } }));
}

/** Make `content` the only thing in `box`. @param {Element} box @param {Element} content */
export function fill(box, content) {
  endBehaviours(box);
  box.replaceChildren(content);
  startBehaviours(content);
}

/** Put `fresh` where `old` is. @param {Element} old @param {Element} fresh */
export function exchange(old, fresh) {
  endBehaviours(old);
  old.replaceWith(fresh);
  startBehaviours(fresh);
}
