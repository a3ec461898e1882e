// Opens and closes a branch of the tree; fetches it the first time (htmx, on the event `expand`).
// <li><a data-behaviour="branch" aria-expanded="false" href="…" hx-trigger="expand" …>…</a><ul>…</ul></li>

/** @param {HTMLElement} toggle */
export function attach(toggle) {
  const onClick = (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const list = toggle.closest("li")?.querySelector("ul");
    if (!(list instanceof HTMLElement)) {
      toggle.dispatchEvent(new Event("expand"));
      return;
    }
    list.hidden = !list.hidden;
    toggle.setAttribute("aria-expanded", String(!list.hidden));
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    toggle.click();
  };
  toggle.addEventListener("click", onClick);
  toggle.addEventListener("keydown", onKey);
  return () => {
    toggle.removeEventListener("click", onClick);
    toggle.removeEventListener("keydown", onKey);
  };
}
