// Copies a text. <button data-behaviour="copy" data-copy="text to copy">…</button>
// `data-copy-from="id"` copies the text of that element instead. The page's live region says so.

/** @param {HTMLElement} button */
export function attach(button) {
  const text = () => document.getElementById(button.dataset.copyFrom ?? "")?.textContent ?? button.dataset.copy ?? "";
  const announce = (/** @type {string} */ message) => {
    const live = document.getElementById("live");
    if (live) live.textContent = message;
  };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const onClick = async () => {
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      announce("The browser did not allow copying.");
      return;
    }
    announce("Copied");
    button.dataset.copied = "";
    clearTimeout(timer);
    timer = setTimeout(() => delete button.dataset.copied, 1500);
  };
  button.addEventListener("click", onClick);
  return () => {
    clearTimeout(timer);
    button.removeEventListener("click", onClick);
  };
}
