// Moves the focus to the site's search field on "/" or Ctrl+K. <input type="search" data-behaviour="search-key">
// "/" belongs to a field that is being written in, and to the graph while it has the focus.

/** @param {HTMLElement} input */
export function attach(input) {
  const isBusy = (/** @type {EventTarget | null} */ target) =>
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, textarea, select, .graph") !== null);
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const isCommand = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isBusy(event.target);
    if (event.defaultPrevented || (!isCommand && !isSlash)) return;
    event.preventDefault();
    input.focus();
    if (input instanceof HTMLInputElement) input.select();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}
