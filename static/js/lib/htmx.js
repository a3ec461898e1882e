// htmx, fetched when something needs it first.

/** htmx waits for the page to be there, and misses it when it comes while the page is loading. */
const pageLoaded = () =>
  new Promise((resolve) => {
    if (document.readyState === "complete") resolve(undefined);
    else addEventListener("load", resolve, { once: true });
  });

/** @type {Promise<unknown> | undefined} */
let loading;

/** @returns {Promise<unknown>} when the page's hx- attributes do what they say */
export function loadHtmx() {
  // @ts-expect-error -- an address, so that nobody reads its types
  loading ??= pageLoaded().then(() => import("/static/vendor/htmx/htmx.min.js"));
  return loading;
}
