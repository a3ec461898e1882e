// Brings an element into view inside its own scrolling box, without moving the page. <a data-behaviour="scroll-here">

/** @param {HTMLElement} element */
export function attach(element) {
  const box = element.closest(".scroll");
  if (!(box instanceof HTMLElement)) return;
  // where things stand is reckoned for this frame anyway; to ask at once would reckon a long page twice
  requestAnimationFrame(() => {
    const place = element.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    if (place.top < frame.top || place.bottom > frame.bottom) {
      box.scrollTop += place.top - frame.top - frame.height / 2;
    }
  });
}
