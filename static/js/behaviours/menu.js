// Closes a menu on Escape and on a click or a focus elsewhere. <details class="has-menu" data-behaviour="menu">

/** @param {HTMLElement} element */
export function attach(element) {
  const details = /** @type {HTMLDetailsElement} */ (element);
  const away = (/** @type {Event} */ event) => {
    if (event.target instanceof Node && !details.contains(event.target)) details.open = false;
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    details.querySelector("summary")?.focus();
  };
  document.addEventListener("click", away);
  document.addEventListener("focusin", away);
  details.addEventListener("keydown", onKey);
  return () => {
    document.removeEventListener("click", away);
    document.removeEventListener("focusin", away);
    details.removeEventListener("keydown", onKey);
  };
}
