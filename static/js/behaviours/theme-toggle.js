// Goes through system, light and dark, remembers it, and tells whoever paints by hand (event `themechange`).
// <button data-behaviour="theme-toggle" aria-label="Theme: system">…</button>

const ORDER = ["system", "light", "dark"];

/** @param {HTMLElement} button */
export function attach(button) {
  const root = document.documentElement;
  const current = () => root.dataset.theme ?? "system";
  const label = () => {
    button.setAttribute("aria-label", `Theme: ${current()}`);
    button.title = `Theme: ${current()}`;
  };
  const onClick = () => {
    const next = ORDER[(ORDER.indexOf(current()) + 1) % ORDER.length] ?? "system";
    if (next === "system") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      localStorage.setItem("theme", next);
    } catch {
      // storage is refused: the choice holds until the next page
    }
    label();
    document.dispatchEvent(new Event("themechange"));
  };
  label();
  button.addEventListener("click", onClick);
  return () => button.removeEventListener("click", onClick);
}
