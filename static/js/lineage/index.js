// Starts the island on the Lineage tab.

import { Island } from "./island.js";

for (const root of document.querySelectorAll("[data-lineage]")) new Island(/** @type {HTMLElement} */ (root));
