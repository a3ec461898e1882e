// Starts the island on the Lineage tab.

import { Island } from "./island.js";
import { pause } from "./slices.js";

// the browser has just read a list of perhaps thousands of entries: what follows is a task of its own
pause().then(() => {
  for (const root of document.querySelectorAll("[data-lineage]")) new Island(/** @type {HTMLElement} */ (root));
});
