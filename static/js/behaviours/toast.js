// Announces a message that came with the page, and takes it away after a while, not while it is pointed at.
// <div class="toast" data-behaviour="toast"><span class="toast-text">…</span><button type="button" hidden>Close</button></div>

const SHOWN_MS = 6000;

/** @param {HTMLElement} element */
export function attach(element) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => element.remove(), SHOWN_MS);
  };
  const stop = () => clearTimeout(timer);
  // a live region speaks of what changes, not of what is there when the page opens
  const live = document.getElementById("live");
  const words = [...element.querySelectorAll(".toast-text")].map((part) => part.textContent).join(" ");
  setTimeout(() => {
    if (live) live.textContent = words;
  }, 100);
  const button = element.querySelector("button");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => element.remove());
  }
  element.addEventListener("pointerenter", stop);
  element.addEventListener("pointerleave", start);
  element.addEventListener("focusin", stop);
  start();
  return stop;
}
