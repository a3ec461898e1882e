// Fetching of server-rendered fragments: the same addresses as the pages, asked for the way htmx does.

export class FragmentError extends Error {
  /** @param {string} message @param {number} status @param {string} requestId */
  constructor(message, status = 0, requestId = "") {
    super(message);
    this.status = status;
    this.requestId = requestId;
  }
}

/**
 * Fetch the fragment at `url`; throw FragmentError with a sentence for the reader when there is none.
 *
 * @param {string} url
 * @param {AbortSignal} [signal]
 * @returns {Promise<{element: HTMLElement, address: string | null}>} the fragment's only element, and the address
 *   that the browser should show for it
 */
export async function fetchFragment(url, signal) {
  let response;
  try {
    response = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin", signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new FragmentError("The server cannot be reached.");
  }
  const requestId = response.headers.get("X-Request-Id") ?? "";
  const redirect = response.headers.get("HX-Redirect");
  if (redirect || response.redirected) {
    location.assign(redirect ?? response.url); // signed out meanwhile, or moved
    return new Promise(() => {});
  }
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  const element = template.content.firstElementChild;
  if (!response.ok || !(element instanceof HTMLElement)) {
    const reason = template.content.querySelector('[role="alert"] p')?.textContent?.trim();
    throw new FragmentError(
      reason || `The server answered with status ${response.status}.`,
      response.status,
      requestId,
    );
  }
  return { element, address: response.headers.get("HX-Push-Url") };
}
